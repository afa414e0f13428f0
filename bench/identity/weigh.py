"""
Runs a command, and writes what it took as JSON.

    python bench/identity/weigh.py COST_FILE COMMAND...

It is a process of its own: the peak memory that the kernel counts for a child includes what its
parent held when it was started, and the bench holds whole sets.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def main(file: str, *command: str) -> int:
    """Run; the exit code is the command's."""
    began = time.perf_counter()
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    cost = {
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "wall_s": time.perf_counter() - began,
        "peak_mib": usage.ru_maxrss / 1024,
    }
    Path(file).write_text(json.dumps(cost))
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
