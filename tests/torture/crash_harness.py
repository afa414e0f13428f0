"""Kills syncs and looks at what is left: nothing lost, nothing doubled, nothing read twice too often."""

import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import crash_child
import sqlalchemy as sa
from children import CHILDREN
from crash_child import PER_PAGE, Job
from tokui.store import cursors, runs
from tokui.store.engine import Store, Transaction
from tokui.store.tables import ChangeRow, CustomerRow, OrderRow, columns


@dataclass
class Tally:
    """
    What was found, over all kills.

    Attributes:
        lost: Records that a cursor says are stored, and are not.
        doubled: Records that are there more than once, or ahead of the cursor.
        reread: The most pages that had to be read again after one kill.
        unheard: Changes that the follower never heard.
        together: Pages in a commit: no more may be read again.
    """

    what: str
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    reread: int = 0
    unheard: int = 0
    together: int = 1

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.unheard) and self.reread <= self.together


@dataclass
class Harness:
    """One store, and a connection after the other that is read into it under fire."""

    url: str
    folder: Path
    tally: Tally
    pages: int = 8
    mutant: str | None = None
    seed: int = 0
    _round: int = 0
    _page_s: float = 0.02
    _rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)
        self.store = Store.open(self.url)

    def kill_at_random(self, kills: int, *, until_caught: bool = False) -> None:
        """Kill so many children; after each look, and go on where it was."""
        while self.tally.kills < kills:
            self._round += 1
            while not self._one(self.job, beats=self._rng.randint(0, self.pages // 3)):
                self.look()
                if until_caught and not self.tally.is_clean:
                    return
                if self.tally.kills >= kills:
                    break
            self.finish()

    def die_at(self, failpoint: str) -> bool:
        """Let a child die at a failpoint, then finish; was the failpoint ever passed?"""
        self._round += 1
        died = not self._one(replace(self.job, failpoint=failpoint))
        self.look()
        self.finish()
        return died

    @property
    def job(self) -> Job:
        return Job(
            self.url,
            f"shop{self._round}",
            self.pages,
            self.folder / f"served{self._round}",
            self.folder / "heard",
            together=self.tally.together,
            mutant=self.mutant,
        )

    def finish(self) -> None:
        """Read the rest undisturbed; then everything must be there."""
        while not self._one(self.job):
            raise AssertionError("a child died that nobody killed")
        self.look(is_over=True)

    def look(self, *, is_over: bool = False) -> None:
        """Compare the store with the source, in one snapshot."""
        with self.store.read() as tx:
            at = cursors.get(tx, self.job.connection, "everything")
            done = int(str(at["done"])) if at else 0
            for table in (CustomerRow, OrderRow):
                self._compare(tx, table, done)
            if is_over:
                assert done == self.pages, "the cursor is not at the end"
                seen = {seq for (seq,) in tx.all(sa.select(columns(ChangeRow).seq))}
                heard = {int(line) for line in _lines(self.folder / "heard")}
                self.tally.unheard = len(seen - heard)
            if tx.connection.dialect.name == "sqlite":
                (verdict,) = tx.connection.exec_driver_sql("PRAGMA integrity_check").one()
                assert verdict == "ok"

    def _compare(self, tx: Transaction, table: type[CustomerRow | OrderRow], done: int) -> None:
        at = columns(table)
        rows = tx.all(sa.select(at.record).where(at.connection == self.job.connection))
        notes = Counter(json.loads(text).get("note") for (text,) in rows)
        notes.pop(None, None)  # stubs
        truth = Counter(str(n) for n in range(done * PER_PAGE))
        self.tally.lost += (truth - notes).total()
        self.tally.doubled += (notes - truth).total()

    def _one(self, job: Job, beats: int | None = None) -> bool:
        """Run a child; kill it a moment after so many pages. True when it came to its end."""
        before = _lines(job.served)
        ear, mouth = CHILDREN.Pipe(duplex=False)
        child = CHILDREN.Process(target=crash_child.main, args=(job, mouth))
        child.start()
        mouth.close()
        if beats is not None:
            self._wait(ear, beats)
            child.kill()
        child.join()
        ear.close()
        again = _lines(job.served)[len(before) :]
        if child.exitcode == 0:
            self._count_reread(before, again)
            return True
        assert child.exitcode == -9, f"the child ended with {child.exitcode}"
        self.tally.kills += 1
        self._count_reread(before, again)
        return False

    def _wait(self, ear: object, beats: int) -> None:
        """Until the child has read so many pages, and a part of the next."""
        try:
            ear.recv_bytes()
            for _ in range(beats):
                began = time.monotonic()
                ear.recv_bytes()
                self._page_s = time.monotonic() - began
        except EOFError:
            return
        time.sleep(self._rng.uniform(0, 1.2 * self._page_s))

    def _count_reread(self, before: list[str], again: list[str]) -> None:
        self.tally.reread = max(self.tally.reread, len(set(before) & set(again)))

    # --- side by side --------------------------------------------------------------------------

    def next_round(self) -> Job:
        """A connection that was never read."""
        self._round += 1
        return self.job

    def served(self, job: Job) -> list[str]:
        """The numbers of the pages that the source handed out, in order."""
        return _lines(job.served)

    def pages_committed(self, job: Job) -> int:
        """Of all runs of the connection together."""
        with self.store.read() as tx:
            done = runs.history(tx, job.connection, limit=100)
        return sum(figures["pages"] for run in done for figures in run.counts.values())

    @staticmethod
    def start(job: Job) -> BaseProcess:
        """A child that nobody kills."""
        child = CHILDREN.Process(target=crash_child.main, args=(job,))
        child.start()
        return child

    def close(self) -> None:
        self.store.close()


def wait_until_it_sleeps(child: BaseProcess) -> None:
    """Until a child has stopped itself (SIGSTOP)."""
    stat = Path(f"/proc/{child.pid}/stat")
    while stat.read_text().rpartition(")")[2].split()[0] != "T":
        assert child.is_alive()
        time.sleep(0.01)


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
