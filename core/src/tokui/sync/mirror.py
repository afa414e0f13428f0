"""Asking other systems for the points that they keep: members in turn, those longest unasked first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tokui.connector import Balance, Connector, Ledger, Member, Mirror, Movement, Stop
from tokui.errors import (
    AuthError,
    ConfigError,
    LockedError,
    RetryableError,
    Stopped,
    StoreError,
)
from tokui.failpoint import failpoint
from tokui.store import mirrored, runs
from tokui.store.counts import Counts
from tokui.sync.thread import ConnectionThread, Shared, opened

STREAM = "balances"
MOVES = 20
"""Last movements that are kept of a member."""

CHUNK = 10
"""Members that are written together: a crash asks again for no more than these."""

MOST_FAILURES = 20
"""Members in a row of whom nothing can be said, before the connection is given up."""

LASTING = (AuthError, ConfigError, RetryableError, StoreError, LockedError, Stopped)
"""What the next member would meet as well."""


class LedgerConnector(Connector[Any], Ledger):
    """A connector that keeps points. For type annotations; `isinstance(connector, Ledger)` decides."""


@dataclass(frozen=True, slots=True)
class MirrorPlan:
    """
    One connection to ask.

    Attributes:
        open: Constructs the connector; called in the connection's thread.
        mirrors: The programmes that it keeps.
    """

    connection: str
    open: Callable[[Stop], LedgerConnector]
    mirrors: Sequence[Mirror]


class Mirrorer(ConnectionThread):
    """Asks one connection for its members' balances."""

    part = STREAM
    silence = "no answer"

    def __init__(self, plan: MirrorPlan, shared: Shared) -> None:
        super().__init__("mirror", plan.connection, shared)
        self.plan = plan
        self.counts = self.report.streams[STREAM] = Counts()
        self._failures = 0

    def work(self) -> None:
        """Ask of each programme's members."""
        self.enter()
        with opened(self.plan.open, self.stop) as made:
            for mirror in self.plan.mirrors:
                self._meet(mirror)
                self._ask_all(made, mirror)

    def _meet(self, mirror: Mirror) -> None:
        """Know its members, those of the last sync too."""
        with self.store.write(durable=False) as tx:
            prefixes = mirrored.prefixes(tx, mirror)
            mirrored.forget(tx, mirror, prefixes)
        for prefix in prefixes:
            last: str | None = ""
            while last is not None:
                self.stop.check()
                with self.store.write(durable=False) as tx:
                    last = mirrored.enter(tx, mirror, prefix, last)

    def _ask_all(self, made: LedgerConnector, mirror: Mirror) -> None:
        with self.store.read() as tx:
            until = tx.now_us if self.options.full else mirrored.due_before(tx, mirror)
            most = self.options.limit or (10**9 if self.options.full else mirror.most)
        while most > 0:
            self.stop.check()
            with self.store.read() as tx:
                some = mirrored.turn(tx, mirror.programme, until, min(CHUNK, most))
            if not some:
                return
            self._ask(made, some, until)
            most -= len(some)

    def _ask(self, made: LedgerConnector, some: Sequence[Member], until_us: int) -> None:
        """One after the other; whoever is not answered for is not first again next time."""
        told: list[tuple[Member, Balance, Sequence[Movement]]] = []
        silent, broken = list[Member](), list[Member]()
        try:
            for each in some:
                broken = [each]
                answer = self._answer(made, each)
                broken = []
                if answer:
                    told.append((each, *answer))
                else:
                    silent.append(each)
        finally:
            failpoint("mirror.told")
            with self.store.write(durable=False) as tx:
                self.held().check(tx)
                news = mirrored.keep(tx, self.connection, told)
                mirrored.put_off(tx, silent, tx.now_us)
                mirrored.put_off(tx, broken, until_us - 1)
                self._count(len(told), news)
                runs.count(tx, self.run_id or 0, {STREAM: self.counts.as_dict()})
        self.progress.page(self.connection, STREAM, self.counts)

    def _answer(
        self, made: LedgerConnector, each: Member
    ) -> tuple[Balance, Sequence[Movement]] | None:
        """What is said of a member; None where that one's answer makes no sense."""
        try:
            answer = made.balance(each), made.history(each, MOVES)
        except LASTING:
            raise
        except Exception as error:
            self._failures += 1
            if self._failures >= MOST_FAILURES:
                raise
            self.fail(error, STREAM)
            return None
        self._failures = 0
        self.stop.moved()
        return answer

    def _count(self, told: int, news: int) -> None:
        self.counts.pages += told > 0
        self.counts.read += told
        self.counts.stored += news
        self.counts.unchanged += told - news
