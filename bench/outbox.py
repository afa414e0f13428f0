"""
Measures how fast the outbox sends, against a bare loop of httpx posts, and how much memory it takes.

    python bench/outbox.py              3,000 messages, 5 rounds; memory at 10,000 and 100,000
    python bench/outbox.py --quick      1,000 messages, 1 round

Both post the same JSON to one provider on loopback. The loop keeps nothing; the outbox asks the
core's own rules about each message, and keeps each lease and each outcome on disk (SQLite, FULL).
A ratio is the median of the rounds' own ratios. Prints only.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
WORK = HERE / ".work"
PARTS = HERE / "outbox_parts.py"


class Cost(NamedTuple):
    """What one process took."""

    done: int
    wall_s: float
    cpu_s: float
    peak_mb: float

    @property
    def per_s(self) -> float:
        """Messages a second."""
        return self.done / self.wall_s


@contextmanager
def provider() -> Iterator[str]:
    """A provider; its address."""
    command = [sys.executable, str(HERE / "outbox_provider.py")]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
    finally:
        server.kill()
        server.wait()


def part(*arguments: object) -> str:
    """Run a part in a process of its own."""
    command = [sys.executable, str(PARTS), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def bare(url: str, count: int) -> Cost:
    """The loop."""
    return Cost(**json.loads(part("bare", url, count)))


def outbox(url: str, count: int) -> Cost:
    """The outbox, on a database of its own."""
    WORK.mkdir(exist_ok=True)
    for file in WORK.glob("outbox.sqlite3*"):
        file.unlink()
    database = f"sqlite:///{WORK / 'outbox.sqlite3'}"
    part("fill", database, count)
    cost = Cost(**json.loads(part("send", database, url)))
    assert cost.done == count, f"only {cost.done} of {count} were sent"
    return cost


def rows(rounds: Sequence[tuple[Cost, Cost]]) -> Iterator[str]:
    """A table in Markdown, medians of the rounds."""
    yield "| | messages/s (min - max) | CPU ms a message | peak MB |"
    yield "|---|---|---|---|"
    for name, costs in zip(("bare loop", "outbox"), zip(*rounds, strict=True), strict=True):
        speeds = sorted(each.per_s for each in costs)
        cpu_ms = statistics.median(1000 * each.cpu_s / each.done for each in costs)
        peak = max(each.peak_mb for each in costs)
        spread = f"{statistics.median(speeds):,.0f} ({speeds[0]:,.0f} - {speeds[-1]:,.0f})"
        yield f"| {name} | {spread} | {cpu_ms:.2f} | {peak:.0f} |"
    ratios = sorted(sent.per_s / loop.per_s for loop, sent in rounds)
    spread = f"{ratios[0]:.2f} - {ratios[-1]:.2f}"
    yield f"\nOutbox to bare loop: {statistics.median(ratios):.2f} ({spread})."


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--messages", type=int, default=3_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--memory", type=int, nargs="*", default=[10_000, 100_000])
    given = options.parse_args()
    count, times = (1_000, 1) if given.quick else (given.messages, given.rounds)
    with provider() as url:
        rounds = [(bare(url, count), outbox(url, count)) for _ in range(times)]
        print(f"{count:,} messages, {times} rounds; load {os.getloadavg()[0]:.1f}\n")
        print("\n".join(rows(rounds)), flush=True)
        for size in () if given.quick else given.memory:
            cost = outbox(url, size)
            print(
                f"{size:,} queued: {cost.per_s:,.0f} messages/s, peak {cost.peak_mb:.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
