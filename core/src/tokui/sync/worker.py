"""One connection's part of a run, in a daemon thread of its own."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tokui.connector import Stop, Stream
from tokui.errors import (
    AuthError,
    LockedError,
    PluginError,
    RetryableError,
    Stopped,
    StoreError,
    TokuiError,
    Unavailable,
)
from tokui.identity.rules import Trust
from tokui.identity.weigh import DEFAULT, Policy
from tokui.store import lease as leases
from tokui.store import runs
from tokui.store.engine import Store
from tokui.store.lease import Lease
from tokui.sync.batch import SourceConnector, reason
from tokui.sync.commit import AskMatch, Ledger, RulesOf
from tokui.sync.follow import Hear
from tokui.sync.mirror import MirrorPlan
from tokui.sync.progress import Progress
from tokui.sync.report import ConnectionReport
from tokui.sync.stop import RunStop
from tokui.sync.stream import Options, StreamRun

log = logging.getLogger(__name__)

RENEW_S = 15.0


@dataclass(frozen=True, slots=True)
class Plan:
    """
    One connection to read.

    Attributes:
        connection: Its name.
        open: Constructs the connector; called in the connection's thread.
        streams: Only these, in this order; None means all, as the connector lists them.
        rules: What its identifiers are worth; None takes the streams' word.
        takes_back: It can be told what people said elsewhere.
    """

    connection: str
    open: Callable[[Stop], SourceConnector]
    streams: Sequence[str] | None = None
    rules: RulesOf | None = None
    takes_back: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """
    Whom a run asks and tells.

    Attributes:
        trust: Whose word counts in the golden view.
        ask_match: Puts a pair of customers to the hooks; None when no plugin has an opinion.
        followers: Plugin → its `tokui_changed`.
        policy: How much evidence links customers.
        mirrors: Who else keeps points, and is asked for them once everything is read.
    """

    trust: Trust = field(default_factory=Trust)
    ask_match: AskMatch | None = None
    followers: Mapping[str, Hear] = field(default_factory=dict)
    policy: Policy = DEFAULT
    mirrors: Sequence[MirrorPlan] = ()


class Worker(threading.Thread):
    """One connection's part of a run."""

    def __init__(
        self, store: Store, plan: Plan, options: Options, company: Company, progress: Progress
    ) -> None:
        super().__init__(name=f"sync-{plan.connection}", daemon=True)
        self.store = store
        self.plan = plan
        self.options = options
        self.company = company
        self.progress = progress
        deadline = time.monotonic() + options.max_duration_s if options.max_duration_s else None
        self.stop = RunStop(plan.connection, progress, deadline)
        self.report = ConnectionReport(plan.connection)
        self.lease: Lease | None = None
        self.run_id: int | None = None
        self._stream: StreamRun | None = None
        self._renewed_at = time.monotonic()

    def run(self) -> None:
        """Read the streams, one after the other; every error ends up in the report."""
        began = time.monotonic()
        try:
            self._enter()
            self._read()
        except BaseException as error:  # a plugin's sys.exit() must not pass for success
            self._fail("*", error)
        finally:
            self.report.seconds = time.monotonic() - began
            self._leave()

    def watch(self) -> None:
        """Renew the lease, and give up a thread that has not moved for `stall_s`."""
        now = time.monotonic()
        if now - self.stop.sign_of_life > self.options.stall_s:
            self._abandon()
        elif (lease := self.lease) and now - self._renewed_at > RENEW_S:
            self._renewed_at = now
            try:
                leases.renew(self.store, lease)
            except LockedError as error:
                if self.lease is None:
                    return  # it ended in the meantime
                self._fail("*", error)
                self.stop.halt(error.what)
            except StoreError:
                log.warning("could not renew a lease; the next commit will tell")

    # --- in the connection's thread ------------------------------------------------------------

    def _enter(self) -> None:
        if not self.options.dry_run:
            self.lease = leases.acquire(self.store, self.plan.connection)
            self.run_id = runs.begin(self.store, self.plan.connection)

    def _read(self) -> None:
        connector = self._open()
        ledger = Ledger(
            self.store,
            self.plan.connection,
            self.lease,
            self.run_id,
            self.company.ask_match,
            self.plan.rules,
            self.company.policy,
            self.report.streams,
        )
        try:
            for stream in _chosen(connector.streams(), self.plan.streams):
                one = StreamRun(connector, stream, ledger, self.options, self.stop, self.progress)
                self._stream = one
                self._read_stream(stream.name, one)
        finally:
            connector.ctx.http.close()

    def _open(self) -> SourceConnector:
        try:
            return self.plan.open(self.stop)
        except TokuiError:
            raise
        except Exception as error:
            raise PluginError(f"could not be constructed ({reason(error)})") from error

    def _read_stream(self, name: str, stream: StreamRun) -> None:
        """Read one stream; what can only fail for the others as well is raised on."""
        self.stop.check()
        self.stop.moved()
        try:
            stream.run()
        except (Stopped, AuthError, RetryableError, StoreError, LockedError) as error:
            self.progress.ended(self.plan.connection, name, _state(error))
            if isinstance(error, Stopped):
                raise
            self._fail(name, error)
            raise _Ended from error
        except Exception as error:
            self._fail(name, error)
            self.progress.ended(self.plan.connection, name, "failed")
        else:
            self.progress.ended(self.plan.connection, name, "done")

    def _fail(self, stream: str, error: BaseException) -> None:
        if isinstance(error, _Ended) or self.report.state == "abandoned":
            return
        if isinstance(error, Stopped):
            self.report.state = "stopped"
            return
        if not isinstance(error, TokuiError):
            error = PluginError(
                f"failed ({reason(error)})", todo="report it to the plugin's author"
            )
        error.who = error.who or self.plan.connection
        self.report.errors[stream] = error

    def _leave(self) -> None:
        if self.report.state == "abandoned":
            return
        if self.report.state == "running":
            self.report.state = "failed" if self.report.errors else "done"
        self._close()

    # --- in the main thread as well ------------------------------------------------------------

    def _abandon(self) -> None:
        """Leave a hung thread behind: its token is revoked, so a late page cannot commit."""
        self._rescue()
        self.report.state = "abandoned"
        self.report.errors["*"] = Unavailable(
            f"no page for {self.options.stall_s:.0f} s; given up",
            who=self.plan.connection,
            todo="run again; it goes on after the last page that was saved",
        )
        self.stop.halt("given up")
        self._close()

    def _rescue(self) -> None:
        """Save what the thread had read; where that fails, it is read again."""
        try:
            if self._stream:
                self._stream.gathered.rescue()
        except TokuiError:
            log.warning("could not save the last pages of a connection that hangs")

    def _close(self) -> None:
        errors = "; ".join(
            f"{stream}: {error.what}" for stream, error in self.report.errors.items()
        )
        lease, self.lease = self.lease, None  # it is given back: nobody renews it any more
        try:
            if self.run_id is not None:
                runs.end(self.store, self.run_id, self.report.state, errors or None)
            if lease is not None:
                leases.release(self.store, lease)
        except StoreError as error:
            self.report.errors.setdefault("*", error)


class _Ended(Exception):
    """The stream's error was reported already and ends the connection."""


def _chosen(offered: Sequence[Stream], wanted: Sequence[str] | None) -> Sequence[Stream]:
    if wanted is None:
        return offered
    known = {stream.name: stream for stream in offered}
    return [known[name] for name in dict.fromkeys(wanted) if name in known]


def _state(error: TokuiError) -> str:
    return "stopped" if isinstance(error, Stopped) else "failed"
