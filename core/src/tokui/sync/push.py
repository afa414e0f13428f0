"""Writing back: what people said elsewhere, told to a connection after it was read."""

import threading
import time
from collections.abc import Sequence
from itertools import islice

from tokui.connector import Change, Destination
from tokui.errors import FatalError, PluginError, StoreError, TokuiError, Unavailable
from tokui.failpoint import failpoint
from tokui.outreach import writeback
from tokui.outreach.writeback import Pending
from tokui.store import cursors, feed, pushes
from tokui.store import lease as leases
from tokui.store.engine import Store
from tokui.store.lease import Lease
from tokui.sync.batch import reason
from tokui.sync.progress import Progress
from tokui.sync.report import Pushed
from tokui.sync.stop import RunStop
from tokui.sync.worker import Plan

BATCH = 500
"""Changes that are looked at together."""

CHUNK = 50
"""Preferences that are written back before it is noted what became of them."""

MATTERS = frozenset({"consent", "customer", "merged", "split"})
"""Changes after which somebody else's word may concern a connection's customer."""


class Pusher(threading.Thread):
    """
    One connection's walk along the change feed, to its end.

    Attributes:
        pushed: So far.
        error: What broke it off.
        abandoned: It hung; what it does late is not noted.
    """

    def __init__(
        self, store: Store, plan: Plan, progress: Progress, deadline: float | None, stall_s: float
    ) -> None:
        super().__init__(name=f"push-{plan.connection}", daemon=True)
        self.store = store
        self.plan = plan
        self.stop = RunStop(plan.connection, progress, deadline)
        self.stall_s = stall_s
        self.pushed = Pushed()
        self.error: TokuiError | None = None
        self.abandoned = False
        self._owner = f"push:{plan.connection}"
        self._lease: Lease | None = None

    def run(self) -> None:
        """Tell what changed; an error leaves the rest for the next time."""
        try:
            made = self.plan.open(self.stop)
            try:
                if isinstance(made, Destination) and made.takes and self._changes():
                    self._lease = leases.acquire(self.store, self._owner, "write-back to it")
                    while self._step(made):
                        self.stop.check()
            finally:
                made.ctx.http.close()
        except BaseException as error:  # a plugin's sys.exit() must not pass for success
            self._fail(error)
        finally:
            self._release()

    def watch(self) -> None:
        """Give up a thread that has not moved for long."""
        if time.monotonic() - self.stop.sign_of_life > self.stall_s:
            todo = "run again; it goes on where it was"
            self._fail(Unavailable("the write-back did not move; given up", todo=todo))
            self.abandoned = True
            self.stop.halt("given up")
            self._release()

    def _changes(self) -> Sequence[Change]:
        with self.store.read() as tx:
            at = cursors.get(tx, self._owner, "changes")
            return feed.after(tx, int(str(at["seq"])) if at else 0, BATCH)

    def _step(self, made: Destination) -> bool:
        """Look at some changes; False when there is nothing new."""
        changes = self._changes()
        if not changes:
            return False
        who = {each.profile_id for each in changes if each.what in MATTERS}
        with self.store.read() as tx:
            rest = iter(writeback.pending(tx, self.plan.connection, made.takes, who))
        while some := list(islice(rest, CHUNK)):
            self.stop.check()
            self._tell(made, some)
        with self.store.write(durable=False) as tx:
            self._held().check(tx)
            cursors.put(tx, self._owner, "changes", {"seq": changes[-1].seq})
        return True

    def _tell(self, made: Destination, some: Sequence[Pending]) -> None:
        acks = made.push([each.preference for each in some])
        if len(acks) != len(some):
            raise FatalError("does not say what became of each preference")
        failpoint("push.told")
        self.stop.moved()
        with self.store.write() as tx:
            self._held().check(tx)
            told = zip(some, acks, strict=True)
            pushes.keep(tx, [(each.push, ack.done, ack.reason) for each, ack in told])
        self.pushed.written += sum(ack.done for ack in acks)
        self.pushed.refused.update(ack.reason or "" for ack in acks if not ack.done)

    def _held(self) -> Lease:
        if self._lease is None:
            raise Unavailable("given up", who=self.plan.connection)
        return self._lease

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, TokuiError):
            todo = "report it to the plugin's author"
            error = PluginError(f"failed ({reason(error)})", todo=todo)
        error.who = error.who or self.plan.connection
        self.error = self.error or error

    def _release(self) -> None:
        lease, self._lease = self._lease, None
        try:
            if lease is not None:
                leases.release(self.store, lease)
        except StoreError as error:
            self._fail(error)
