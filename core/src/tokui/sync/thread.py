"""The daemon thread that does one connection's part of a run: it is watched, and ends only once."""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from tokui.connector import Connector, Stop
from tokui.errors import (
    LockedError,
    PluginError,
    Stopped,
    StoreError,
    TokuiError,
    Unavailable,
)
from tokui.store import lease as leases
from tokui.store import runs
from tokui.store.engine import Store
from tokui.store.lease import Lease
from tokui.sync.batch import reason
from tokui.sync.progress import Progress
from tokui.sync.report import ConnectionReport
from tokui.sync.stop import RunStop
from tokui.sync.stream import Options

log = logging.getLogger(__name__)

RENEW_S = 15.0

C = TypeVar("C", bound=Connector[Any])


@dataclass(frozen=True, slots=True)
class Shared:
    """
    What all threads of a run share.

    Attributes:
        deadline: When all must have ended, on the monotonic clock.
    """

    store: Store
    options: Options
    progress: Progress
    deadline: float | None


class ConnectionThread(threading.Thread, ABC):
    """
    One connection's part of a run; what it meets ends up in its report.

    Attributes:
        part: What its errors go by, in the report; `*` for the connection as a whole.
        silence: What did not come when it hangs.
        report: How it went.
        lease: The right to write; None before it is taken, in a dry run, and once it is given up.
        run_id: Its row in the history of runs, where it has one.
    """

    part: ClassVar[str]
    silence: ClassVar[str]

    def __init__(self, kind: str, connection: str, shared: Shared) -> None:
        super().__init__(name=f"{kind}-{connection}", daemon=True)
        self.connection = connection
        self.store = shared.store
        self.options = shared.options
        self.progress = shared.progress
        self.stop = RunStop(connection, shared.progress, shared.deadline)
        self.report = ConnectionReport(connection)
        self.lease: Lease | None = None
        self.run_id: int | None = None
        self._renewed_at = time.monotonic()

    @abstractmethod
    def work(self) -> None:
        """Do it, or raise why not."""

    def rescue(self) -> None:
        """Save what a thread that hangs has in hand, while it may still write."""

    @property
    def is_on(self) -> bool:
        """Is it neither at its end nor given up?"""
        return self.is_alive() and not self._is_abandoned

    @property
    def _is_abandoned(self) -> bool:
        return self.report.state == "abandoned"

    # --- in the connection's thread ------------------------------------------------------------

    def run(self) -> None:
        """Work; every error ends up in the report."""
        began = time.monotonic()
        try:
            self.work()
        except BaseException as error:  # a plugin's sys.exit() must not pass for success
            self.fail(error, self.part)
        self.report.seconds = time.monotonic() - began
        if self._is_abandoned:
            return
        if self.report.state == "running":
            self.report.state = "failed" if self.report.errors else "done"
        self._close()

    def enter(self) -> None:
        """Take the connection's lease, and enter the run."""
        self.lease = leases.acquire(self.store, self.connection)
        self.run_id = runs.begin(self.store, self.connection)

    def held(self) -> Lease:
        """
        The lease, for a write.

        Raises:
            Unavailable: The thread was given up.
        """
        if self.lease is None:
            raise Unavailable("given up", who=self.connection)
        return self.lease

    def fail(self, error: BaseException, part: str) -> None:
        """Report an error; being stopped is none."""
        if self._is_abandoned:
            return
        if isinstance(error, Stopped):
            self.report.state = "stopped"
            return
        if not isinstance(error, TokuiError):
            todo = "report it to the plugin's author"
            error = PluginError(f"failed ({reason(error)})", todo=todo)
        error.who = error.who or self.connection
        self.report.errors[part] = error

    # --- in the main thread --------------------------------------------------------------------

    def watch(self) -> None:
        """Renew the lease, and give up a thread that has not moved for `stall_s`."""
        now = time.monotonic()
        if now - self.stop.sign_of_life > self.options.stall_s:
            self._abandon()
        elif (lease := self.lease) and now - self._renewed_at > RENEW_S:
            self._renewed_at = now
            self._renew(lease)

    def _renew(self, lease: Lease) -> None:
        try:
            leases.renew(self.store, lease)
        except LockedError as error:
            if self.lease is None:
                return  # it ended in the meantime
            self.fail(error, self.part)
            self.stop.halt(error.what)
        except StoreError:
            log.warning("could not renew a lease; the next commit will tell")

    def _abandon(self) -> None:
        """Leave a hung thread behind: its token is revoked, so a late page cannot commit."""
        self.rescue()
        self.report.state = "abandoned"
        self.report.errors[self.part] = Unavailable(
            f"{self.silence} for {self.options.stall_s:.0f} s; given up",
            who=self.connection,
            todo="run again; it goes on after what was saved last",
        )
        self.stop.halt("given up")
        self._close()

    def _close(self) -> None:
        errors = "; ".join(f"{part}: {each.what}" for part, each in self.report.errors.items())
        lease, self.lease = self.lease, None  # it is given back: nobody renews it any more
        try:
            if self.run_id is not None:
                runs.end(self.store, self.run_id, self.report.state, errors or None)
            if lease is not None:
                leases.release(self.store, lease)
        except StoreError as error:
            self.report.errors.setdefault(self.part, error)


@contextmanager
def opened(make: Callable[[Stop], C], stop: Stop) -> Iterator[C]:
    """
    A connector, for as long as it is used.

    Raises:
        PluginError: It cannot be made.
    """
    try:
        made = make(stop)
    except TokuiError:
        raise
    except Exception as error:
        raise PluginError(f"could not be constructed ({reason(error)})") from error
    try:
        yield made
    finally:
        made.ctx.http.close()
