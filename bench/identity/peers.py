"""
The other engines, run as their own scripts in their own environment, and the scorer they share.

Their folder (TOKUI_BENCH_PEERS, or --peers) holds `metrics.py`, `prepare.py`, `run_floor.py`,
`run_splink.py` and `run_recordlinkage.py`; TOKUI_BENCH_PEERS_PYTHON is the interpreter that has
splink, duckdb, recordlinkage and pykakasi.
"""

import importlib.util
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from desk import Cost, measured

THRESHOLD = "0.9"
_LINE = re.compile(
    r"pairwise (?P<p>\S+) (?P<r>\S+) (?P<f1>\S+) \| b3 \S+ \S+ (?P<b3>\S+) \| "
    r"cluster \S+ \S+ (?P<cluster>\S+) \| over (?P<over>\S+) largest (?P<largest>\d+)"
)


class Score(NamedTuple):
    """
    How near a partition is to the truth.

    Attributes:
        p: Precision of pairs; `r` recall, `f1` of both.
        b3: B-cubed F1.
        cluster: F1 of clusters that are exactly right.
        over: Share of records in a cluster of two or more people.
        largest: Records in the largest cluster.
    """

    p: float
    r: float
    f1: float
    b3: float
    cluster: float
    over: float
    largest: int


@dataclass(frozen=True, slots=True)
class Peers:
    """Where the other engines are."""

    folder: Path
    python: str

    def splink(self, records: Path) -> tuple[Score, Cost]:
        """Splink, its weights found by EM, on names with readings."""
        name = records.name
        what = [name] if name.startswith("febrl") else ["ja", str(records), *READINGS]
        return self._run("run_splink.py", *what, "--thresholds", THRESHOLD)

    def recordlinkage(self, records: Path) -> tuple[Score, Cost]:
        """The classifier of recordlinkage; it has settings for FEBRL only."""
        return self._run("run_recordlinkage.py", records.name)

    def floor(self, records: Path, *options: str) -> tuple[Score, Cost]:
        """Union-find over identifiers, or the ceiling."""
        return self._run("run_floor.py", str(records), *options)

    def prepare(self, records: Path) -> None:
        """Write the normalised copy with readings that Splink reads, unless it is there."""
        if not (records / READINGS[1]).exists():
            self._measured("prepare.py", str(records), "--readings")

    def _run(self, script: str, *arguments: str) -> tuple[Score, Cost]:
        cost = self._measured(script, *arguments)
        return scored(cost.output), cost

    def _measured(self, script: str, *arguments: str) -> Cost:
        command = [self.python, str(self.folder / script), *arguments]
        return measured(command, self.folder, PYTHONDONTWRITEBYTECODE="1")


READINGS = ("--input", "norm_readings.csv")


def scored(output: str) -> Score:
    """The score that a script printed last."""
    *_, found = _LINE.finditer(output)
    p, r, f1, b3, cluster, over, largest = map(float, found.groups())
    return Score(p, r, f1, b3, cluster, over, int(largest))


def metrics(folder: Path) -> ModuleType:
    """The scorer's module."""
    spec = importlib.util.spec_from_file_location("metrics", folder / "metrics.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score(scorer: ModuleType, records: Path, found: Mapping[str, object]) -> Score:
    """Compare a partition, record → whatever names its person, with the truth of a set."""
    truth, _ = scorer.read_truth(records / "truth.csv")
    each = scorer.score(found, truth)
    pairs: Mapping[str, float] = each["pairwise"]
    return Score(
        p=pairs["p"],
        r=pairs["r"],
        f1=pairs["f1"],
        b3=each["b3"]["f1"],
        cluster=each["cluster"]["f1"],
        over=each["over_merged_records"],
        largest=each["largest"],
    )


def named(given: Sequence[str | None]) -> Peers | None:
    """The peers of a folder and an interpreter; None without either."""
    folder, python = given
    return Peers(Path(folder), python) if folder and python else None
