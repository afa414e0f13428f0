"""
Measures a full customer sync against the raw script, and writes `bench/RESULTS.md`.

    python bench/run.py                 50,000 and 200,000 customers, 5 rounds
    python bench/run.py --quick         5,000 customers, 1 round, prints only

Every round runs raw and tokui in turn against one shop server on loopback; a ratio is the median of
the rounds' own ratios. CPU is user + system time of the process, the shop server excluded. What
stands in `bench/NOTES.md` is put behind the tables.
"""

import argparse
import compileall
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import tokui

HERE = Path(__file__).parent
WORK = HERE / ".work"
SECTION = re.compile(r"<!-- (\w+) -->.*<!-- /\1 -->", re.DOTALL)
CONNECTION = '[connections.{name}]\nuse = "bench-shop"\nurl = "{url}"\nhttp.allow_private = true\n'


class Cost(NamedTuple):
    """What one process took: seconds of CPU, seconds of wall time, peak memory."""

    cpu_s: float
    wall_s: float
    peak_mb: float


class Task(NamedTuple):
    """A command to measure, beside the raw script of the same round."""

    name: str
    command: Sequence[str]


def measured(command: Sequence[str]) -> Cost:
    """Run a command to its end."""
    path = os.pathsep.join([str(WORK / "site"), str(HERE)])
    environment = {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"}
    began = time.perf_counter()
    with (WORK / "output.txt").open("wb") as output:
        child = subprocess.Popen(command, cwd=WORK, env=environment, stdout=output, stderr=output)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{(WORK / 'output.txt').read_text()}")
    cpu_s = usage.ru_utime + usage.ru_stime
    return Cost(cpu_s, time.perf_counter() - began, usage.ru_maxrss / 1024)


@contextmanager
def shop(records: int) -> Iterator[str]:
    """A shop server with so many customers; its address."""
    command = [sys.executable, str(HERE / "shop_server.py"), "--records", str(records)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
    finally:
        server.kill()
        server.wait()


def prepare(url: str) -> None:
    """Install the bench connector's metadata, and configure two connections with it."""
    # As pip does with a wheel; a working copy may have no bytecode, and the raw script is one file.
    compileall.compile_dir(Path(tokui.__file__).parent, quiet=2)
    shutil.rmtree(WORK, ignore_errors=True)
    metadata = WORK / "site" / "tokui_bench-0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: tokui-bench\nVersion: 0\n")
    (metadata / "entry_points.txt").write_text(
        "[tokui.connectors]\nbench-shop = bench_shop:BenchShop\n"
    )
    both = "\n".join(CONNECTION.format(name=name, url=url) for name in ("first", "second"))
    (WORK / "tokui.toml").write_text(both)
    (WORK / "apart.toml").write_text(
        '[store]\nurl = "sqlite:///apart.sqlite3"\n'
        + CONNECTION.format(name="first", url=url)
        + "identity.link = false\n"
    )


def tasks() -> list[Task]:
    """What is compared with raw, in the order in which it runs."""
    tokui = str(Path(sys.executable).with_name("tokui"))
    return [
        Task("tokui, store only", [tokui, "-c", "apart.toml", "sync", "first"]),
        Task("tokui, full", [tokui, "sync", "first"]),
        Task("tokui, a second overlapping connection", [tokui, "sync", "second"]),
        Task("tokui, nothing new", [tokui, "sync", "first"]),
    ]


def one_round(url: str) -> dict[str, Cost]:
    """Raw and every task, once, from empty databases; raw runs again before each task."""
    for database in WORK.glob("*.sqlite3*"):
        database.unlink()
    costs = {}
    for task in tasks():
        (WORK / "raw.db").unlink(missing_ok=True)
        raw = measured([sys.executable, str(HERE / "raw.py"), url, "raw.db"])
        costs[f"raw before {task.name}"] = raw
        costs[task.name] = measured(task.command)
    return costs


def ratio(rounds: Sequence[dict[str, Cost]], task: str) -> list[float]:
    """Each round's own ratio of CPU, in ascending order."""
    pairs = [(each[task].cpu_s, each[f"raw before {task}"].cpu_s) for each in rounds]
    return sorted(cpu_s / raw_s for cpu_s, raw_s in pairs)


def table(records: int, rounds: Sequence[dict[str, Cost]]) -> Iterator[str]:
    """One table in Markdown, medians of the rounds."""
    yield f"\n## {records:,} customers, {len(rounds)} rounds\n"
    yield "| | CPU s | records/s of CPU | × raw CPU (min - max) | wall s | peak MB |"
    yield "|---|---|---|---|---|---|"
    raws = [cost for each in rounds for name, cost in each.items() if name.startswith("raw")]
    yield row("raw", raws, records, "1")
    for task in tasks():
        costs = [each[task.name] for each in rounds]
        ratios = ratio(rounds, task.name)
        spread = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} - {ratios[-1]:.2f})"
        yield row(task.name, costs, records, spread if "new" not in task.name else "-")


def row(name: str, costs: Sequence[Cost], records: int, ratios: str) -> str:
    """One line of the table."""
    cpu_s, wall_s, peak_mb = (statistics.median(column) for column in zip(*costs, strict=True))
    speed = "-" if "new" in name else f"{records / cpu_s:,.0f}"
    return f"| {name} | {cpu_s:.2f} | {speed} | {ratios} | {wall_s:.2f} | {peak_mb:.0f} |"


def start_up(rounds: int) -> Iterator[str]:
    """What it costs to start."""
    tokui = str(Path(sys.executable).with_name("tokui"))
    commands = {"tokui --help": [tokui, "--help"], "python -c pass": [sys.executable, "-c", "pass"]}
    yield "\n## Start-up\n\n| | CPU s | peak MB |\n|---|---|---|"
    for name, command in commands.items():
        costs = [measured(command) for _ in range(rounds)]
        cpu_s = statistics.median(cost.cpu_s for cost in costs)
        yield f"| `{name}` | {cpu_s:.2f} | {max(cost.peak_mb for cost in costs):.0f} |"


def keep(path: Path, text: str) -> None:
    """Write the results, and leave the sections of other benches as they are."""
    others = [found[0] for found in SECTION.finditer(path.read_text(encoding="utf-8"))]
    path.write_text("\n\n".join([text.rstrip(), *others]) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print, and write the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--records", type=int, nargs="*", default=[50_000, 200_000])
    given = options.parse_args()
    sizes, count = ([20_000], 1) if given.quick else (given.records, given.rounds)
    lines = [
        "# Measured",
        "",
        f"Written by `make bench`: Python {platform.python_version()}, {os.cpu_count()} cores, SQLite.",
        "`store only` keeps customers and consents; `full` adds identifiers, links, decisions and the",
        "change feed. The golden view is computed when it is read, so no row of it is written.",
    ]
    for size in sizes:
        with shop(size) as url:
            prepare(url)
            lines += table(size, [one_round(url) for _ in range(count)])
    lines += start_up(count)
    notes = (HERE / "NOTES.md").read_text(encoding="utf-8")
    text = "\n".join(lines) + "\n\n" + notes
    print(text)
    if not given.quick:
        keep(HERE / "RESULTS.md", text)


if __name__ == "__main__":
    main()
