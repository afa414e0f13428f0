"""
Runs a command, and writes what it took as JSON.

    python bench/identity/weigh.py COST_FILE COMMAND...

It is a process of its own: the peak memory that the kernel counts for a child includes what its
parent held when it was started, and the bench holds whole sets. The peak is that of the command
with all its processes, looked at twice a second: what they share counts once.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

PAUSE_S = 0.5


class Peak(threading.Thread):
    """The most memory that a process and its descendants had together, in MiB."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.mib = 0.0
        self.over = threading.Event()

    def run(self) -> None:
        """Look, until it is over."""
        while not self.over.wait(PAUSE_S):
            self.mib = max(self.mib, sum(map(proportional_kib, descent(self.pid))) / 1024)


def descent(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in read(children).split():
            yield from descent(int(child))


def proportional_kib(pid: int) -> int:
    """The memory of a process; a page of several is a part of each."""
    for line in read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def read(file: Path) -> str:
    """What a file of a process says; nothing once it has ended."""
    try:
        return file.read_text()
    except OSError:
        return ""


def main(file: str, *command: str) -> int:
    """Run; the exit code is the command's."""
    began = time.perf_counter()
    child = subprocess.Popen(command)
    peak = Peak(child.pid)
    peak.start()
    _, status, usage = os.wait4(child.pid, 0)
    peak.over.set()
    cost = {
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "wall_s": time.perf_counter() - began,
        "peak_mib": max(peak.mib, usage.ru_maxrss / 1024),
    }
    Path(file).write_text(json.dumps(cost))
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
