"""The identity section of `bench/RESULTS.md`, from all rows that were measured so far."""

import json
import re
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from desk import HERE

MEASURED = HERE / "measured.json"
RESULTS = HERE.parent / "RESULTS.md"
BEGIN, END = "<!-- identity -->", "<!-- /identity -->"
_SECTION = re.compile(f"\n*{BEGIN}.*{END}\n*", re.DOTALL)

Row = Mapping[str, Any]

HEAD = """
## Identity resolution

Written by `bench/identity/run.py`. Records enter through the connectors' door, each source a
connection of its own, `duplicates` at its default; then one batch pass. Precision, recall and F1 of
pairs, F1 by B-cubed and of clusters that are exactly right, the share of records in a cluster of two
or more people. Seconds and peak memory are of a command with all its processes: for tokui the pass over the
full store (`sync` stands in a row of its own and includes normalising); for the others matching and
clustering, their normalised input with readings being made before. `×` is the median of the rounds'
own ratios to Splink (min - max); the two run in turn. The ceiling joins every two records of one
person that share any evidence.
"""
COLUMNS = (
    "engine,P,R,F1,B³ F1,cluster F1,over-merged,largest,"
    "CPU s,× Splink,wall s,× Splink,peak MiB,× Splink"
).split(",")


def keep(name: str, records: int, rows: Iterable[Row]) -> None:
    """Remember the rows of a set, in place of earlier ones, and write the section anew."""
    _keep("sets", name, {"records": records, "rows": list(rows)})


def keep_latency(name: str, rows: Sequence[Row]) -> None:
    """Remember what single matches and searches over a set took."""
    _keep("latency", name, rows)


def _keep(kind: str, name: str, what: Any) -> None:
    known: dict[str, Any] = json.loads(MEASURED.read_text()) if MEASURED.exists() else {}
    known.setdefault(kind, {})[name] = what
    MEASURED.write_text(json.dumps(known, indent=1) + "\n")
    times = (line for each in known.get("latency", {}).items() for line in _latency(*each))
    section = "\n".join([BEGIN, HEAD, *_tables(known.get("sets", {})), *times, "", END])
    before = _SECTION.sub("\n", RESULTS.read_text(encoding="utf-8")).rstrip()
    RESULTS.write_text(f"{before}\n\n{section}\n", encoding="utf-8")


def _latency(name: str, rows: Sequence[Row]) -> Iterator[str]:
    yield f"\n### One customer, one search, over {name}\n"
    yield from latencies(rows)


def latencies(rows: Sequence[Row]) -> Iterator[str]:
    """The table of single times; the first row is what the others are compared with."""
    yield "| | p50 ms | p95 ms | p99 ms | slowest ms | CPU p95 ms | p95 × SELECT | found |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        times = " | ".join(f"{row[name]:.3f}" for name in ("p50", "p95", "p99", "max", "cpu95"))
        yield f"| {row['what']} | {times} | {row['p95'] / rows[0]['p95']:,.0f} | {row['share']:.0%} |"


def _tables(known: Mapping[str, Any]) -> Iterator[str]:
    for name, each in known.items():
        yield f"\n### {name}: {each['records']:,} records\n"
        yield f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"
        splink = next((row for row in each["rows"] if row["engine"] == "Splink"), None)
        yield from (line(row, splink) for row in each["rows"])


def line(row: Row, splink: Row | None) -> str:
    """One engine's line."""
    score = row["score"]
    shares = [f"{score[name]:.3f}" for name in ("p", "r", "f1", "b3", "cluster", "over")]
    cells = [row["engine"], *shares, str(score["largest"])]
    for name, digits in (("cpu_s", 1), ("wall_s", 1), ("peak_mib", 0)):
        cells += [_median(row["costs"], name, digits), _ratio(row, splink, name)]
    return f"| {' | '.join(cells)} |"


def _median(costs: Sequence[Mapping[str, float]], name: str, digits: int) -> str:
    values = [each[name] for each in costs]
    return f"{statistics.median(values):,.{digits}f}" if values else "-"


def _ratio(row: Row, splink: Row | None, name: str) -> str:
    """The rounds' own ratios; only for what ran in turn with Splink."""
    if not splink or row is splink or len(row["costs"]) != len(splink["costs"]) or not row["timed"]:
        return "-"
    pairs = zip(row["costs"], splink["costs"], strict=True)
    ratios = sorted(own[name] / peer[name] for own, peer in pairs)
    return f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} - {ratios[-1]:.2f})"


def printed(rows: Iterable[Row]) -> str:
    """The rows of one set, for a terminal."""
    known = list(rows)
    splink = next((row for row in known if row["engine"] == "Splink"), None)
    return "\n".join(line(row, splink) for row in known)
