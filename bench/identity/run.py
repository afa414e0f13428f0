"""
Measures identity resolution on sets with truth, beside other engines.

    python bench/identity/run.py SET... [--peers FOLDER] [--peers-python PYTHON] [--rounds 3]
        [--no-peers] [--no-results] [--loaded]

A SET is a folder with `records.csv` and `truth.csv`: of `people.py`, of `export_febrl.py`, or given.
Scores need the peers' folder, for its scorer stands there. Rows go to `measured.json` and into the
identity section of `bench/RESULTS.md`, in place of the set's earlier ones.
"""

import argparse
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import results
from desk import Cost, furnish, measured, tokui
from load import WORK
from partition import partition
from peers import Peers, Score, metrics, named, score

STORE = "tokui.sqlite3"
LOADED = "loaded.sqlite3"
BATCH = ("identity", "run", "--all", "--json")
FLOORS = {
    "ceiling": ("--ceiling",),
    "union-find, raw values": ("--raw",),
    "union-find, normalised": (),
    "union-find, at most 10 bearers": ("--limit", "10"),
}


class Bench:
    """One set's measuring."""

    def __init__(
        self, records: Path, scorer: ModuleType, peers: Peers | None, rounds: int, loaded: bool
    ) -> None:
        self.records = records
        self.scorer = scorer
        self.peers = peers
        self.rounds = rounds
        self.loaded = loaded
        self.desk = WORK / records.name
        self.is_febrl = records.name.startswith("febrl")
        self.has_batch = has_batch()

    def rows(self) -> Iterator[results.Row]:
        """Every engine's row: the floors, then those that run in turn."""
        if self.loaded:
            self._renew()
            yield from self._in_turn(self.peers)
            return
        if self.peers:
            yield from self._floors(self.peers)
        sync = self._load()
        yield from self._in_turn(self.peers)
        yield row("tokui, sync alone", self._score(LOADED), [sync], timed=False)

    def _floors(self, peers: Peers) -> Iterator[results.Row]:
        if self.is_febrl:
            yield row("recordlinkage", *once(partial(peers.recordlinkage, self.records)))
            return
        for name, options in FLOORS.items():
            yield row(name, *once(partial(peers.floor, self.records, *options)))

    def _load(self) -> Cost:
        """Sync the set into a fresh store, and keep a copy of it."""
        shutil.rmtree(self.desk, ignore_errors=True)
        self.desk.mkdir(parents=True)
        furnish(self.desk, self.records / "records.csv")
        measured(tokui("db", "upgrade"), self.desk)
        cost = measured(tokui("sync"), self.desk)
        shutil.copy(self.desk / STORE, self.desk / LOADED)
        return cost

    def _renew(self) -> None:
        """Bring the store of an earlier run to today's tables."""
        shutil.copy(self.desk / LOADED, self.desk / STORE)
        measured(tokui("db", "upgrade"), self.desk)
        shutil.copy(self.desk / STORE, self.desk / LOADED)

    def _in_turn(self, peers: Peers | None) -> Iterator[results.Row]:
        """Splink and the batch pass, `rounds` times, one after the other."""
        if peers and not self.is_febrl:
            peers.prepare(self.records)
        theirs, ours = [], []
        for _ in range(self.rounds):
            if peers:
                their_score, cost = peers.splink(self.records)
                theirs.append(cost)
            if self.has_batch:
                ours.append(self._batch())
        if theirs:
            yield row("Splink", their_score, theirs)
        if ours:
            yield row("tokui", self._score(STORE), ours)

    def _batch(self) -> Cost:
        """A batch pass over the store as it was after the sync."""
        for log in self.desk.glob(f"{STORE}-*"):
            log.unlink()
        shutil.copy(self.desk / LOADED, self.desk / STORE)
        return measured(tokui(*BATCH), self.desk)

    def _score(self, store: str) -> Score:
        found = partition(f"sqlite:///{self.desk / store}", self.records)
        return score(self.scorer, self.records, found)


def has_batch() -> bool:
    """Does this tokui have the batch pass?"""
    asked = subprocess.run(tokui(*BATCH, "--help"), capture_output=True, check=False)
    return asked.returncode == 0


def once(run: Callable[[], tuple[Score, Cost]]) -> tuple[Score, list[Cost], bool]:
    """What ran once: not to be compared by its time."""
    found, cost = run()
    return found, [cost], False


def row(engine: str, found: Score, costs: list[Cost], timed: bool = True) -> results.Row:
    """A row as it is kept."""
    kept = [{name: round(getattr(each, name), 2) for name in Cost._fields[:3]} for each in costs]
    return {"engine": engine, "score": found._asdict(), "costs": kept, "timed": timed}


def size(records: Path) -> int:
    """How many records a set has."""
    with (records / "truth.csv").open(encoding="utf-8") as file:
        return sum(1 for _ in file) - 1


def main() -> None:
    """Measure sets."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("sets", type=Path, nargs="+")
    options.add_argument("--peers", default=os.environ.get("TOKUI_BENCH_PEERS"))
    options.add_argument("--peers-python", default=os.environ.get("TOKUI_BENCH_PEERS_PYTHON"))
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--no-peers", action="store_true", help="tokui alone")
    options.add_argument("--no-results", action="store_true", help="print, and keep nothing")
    options.add_argument("--loaded", action="store_true", help="on the store of an earlier run")
    given = options.parse_args()
    if not given.peers:
        options.error("the scorer is in the peers' folder: give --peers or TOKUI_BENCH_PEERS")
    peers = None if given.no_peers else named((given.peers, given.peers_python))
    scorer = metrics(Path(given.peers))
    for each in given.sets:
        records = each.resolve()
        rows = list(Bench(records, scorer, peers, given.rounds, given.loaded).rows())
        print(f"{records.name}\n{results.printed(rows)}", flush=True)
        if not given.no_results:
            results.keep(records.name, size(records), rows)


if __name__ == "__main__":
    main()
