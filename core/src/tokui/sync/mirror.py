"""Asking other systems for the points that they keep: members in turn, those longest unasked first."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tokui.connector import Balance, Connector, Ledger, Member, Mirror, Movement, Stop
from tokui.errors import (
    AuthError,
    ConfigError,
    LockedError,
    PluginError,
    RetryableError,
    Stopped,
    StoreError,
    TokuiError,
    Unavailable,
)
from tokui.failpoint import failpoint
from tokui.store import lease as leases
from tokui.store import mirrored, runs
from tokui.store.counts import Counts
from tokui.store.engine import Store
from tokui.store.lease import Lease
from tokui.sync.batch import reason
from tokui.sync.progress import Progress
from tokui.sync.report import ConnectionReport
from tokui.sync.stop import RunStop
from tokui.sync.stream import Options

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


class Mirrorer(threading.Thread):
    """
    One connection's part of a run.

    Attributes:
        report: How it went.
    """

    def __init__(
        self, store: Store, plan: MirrorPlan, options: Options, progress: Progress
    ) -> None:
        super().__init__(name=f"mirror-{plan.connection}", daemon=True)
        self.store = store
        self.plan = plan
        self.options = options
        self.progress = progress
        deadline = time.monotonic() + options.max_duration_s if options.max_duration_s else None
        self.stop = RunStop(plan.connection, progress, deadline)
        self.counts = Counts()
        self.report = ConnectionReport(plan.connection, streams={STREAM: self.counts})
        self._lease: Lease | None = None
        self._run_id: int | None = None
        self._failures = 0

    @property
    def abandoned(self) -> bool:
        """It hung; what it does late is not written."""
        return self.report.state == "abandoned"

    def run(self) -> None:
        """Ask; every error ends up in the report."""
        began = time.monotonic()
        self.stop.moved()
        try:
            self._lease = leases.acquire(self.store, self.plan.connection)
            self._run_id = runs.begin(self.store, self.plan.connection)
            made = self.plan.open(self.stop)
            try:
                for mirror in self.plan.mirrors:
                    self._enter(mirror)
                    self._ask_all(made, mirror)
            finally:
                made.ctx.http.close()
        except BaseException as error:  # a plugin's sys.exit() must not pass for success
            self._fail(error)
        self.report.seconds = time.monotonic() - began
        self._end("failed" if self.report.errors else "done")

    def watch(self) -> None:
        """Give up a thread that has not moved for long."""
        if time.monotonic() - self.stop.sign_of_life > self.options.stall_s:
            todo = "run again; it goes on where it was"
            self._fail(Unavailable("no answer for long; given up", todo=todo))
            self.report.state = "abandoned"
            self.stop.halt("given up")
            self._end("abandoned")

    def _enter(self, mirror: Mirror) -> None:
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
                self._held().check(tx)
                news = mirrored.keep(tx, self.plan.connection, told)
                mirrored.put_off(tx, silent, tx.now_us)
                mirrored.put_off(tx, broken, until_us - 1)
                self._count(len(told), news)
                runs.count(tx, self._run_id or 0, {STREAM: self.counts.as_dict()})
        self.progress.page(self.plan.connection, STREAM, self.counts)

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
            self.report.errors[STREAM] = self._told_of(error)
            return None
        self._failures = 0
        self.stop.moved()
        return answer

    def _count(self, told: int, news: int) -> None:
        self.counts.pages += told > 0
        self.counts.read += told
        self.counts.stored += news
        self.counts.unchanged += told - news

    def _held(self) -> Lease:
        if self._lease is None:
            raise Unavailable("given up", who=self.plan.connection)
        return self._lease

    def _told_of(self, error: BaseException) -> TokuiError:
        if not isinstance(error, TokuiError):
            todo = "report it to the plugin's author"
            error = PluginError(f"failed ({reason(error)})", todo=todo)
        error.who = error.who or self.plan.connection
        return error

    def _fail(self, error: BaseException) -> None:
        if self.abandoned:
            return
        if isinstance(error, Stopped):
            self.report.state = "stopped"
        else:
            self.report.errors[STREAM] = self._told_of(error)

    def _end(self, state: str) -> None:
        if self.report.state == "running":
            self.report.state = state
        lease, self._lease = self._lease, None
        why = "; ".join(error.what for error in self.report.errors.values())
        try:
            if self._run_id is not None:
                runs.end(self.store, self._run_id, self.report.state, why or None)
            if lease is not None:
                leases.release(self.store, lease)
        except StoreError as error:
            self.report.errors.setdefault(STREAM, error)
