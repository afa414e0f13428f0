"""Writing back: what people said elsewhere, told to a connection after it was read."""

from collections.abc import Sequence
from itertools import islice

from tokui.connector import Change, Destination
from tokui.errors import FatalError
from tokui.failpoint import failpoint
from tokui.outreach import writeback
from tokui.outreach.writeback import Pending
from tokui.store import cursors, feed, pushes
from tokui.store import lease as leases
from tokui.sync.thread import ConnectionThread, Shared, opened
from tokui.sync.worker import Plan

BATCH = 500
"""Changes that are looked at together."""

CHUNK = 50
"""Preferences that are written back before it is noted what became of them."""

MATTERS = frozenset({"consent", "customer", "merged", "split"})
"""Changes after which somebody else's word may concern a connection's customer."""


class Pusher(ConnectionThread):
    """One connection's walk along the change feed, to its end; an error leaves the rest for next time."""

    part = "write-back"
    silence = "nothing written back"

    def __init__(self, plan: Plan, shared: Shared) -> None:
        super().__init__("push", plan.connection, shared)
        self.plan = plan
        self._owner = f"push:{plan.connection}"

    def work(self) -> None:
        """Tell what changed."""
        with opened(self.plan.open, self.stop) as made:
            if isinstance(made, Destination) and made.takes and self._changes():
                self.lease = leases.acquire(self.store, self._owner, "write-back to it")
                while self._step(made):
                    self.stop.check()

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
            rest = iter(writeback.pending(tx, self.connection, made.takes, who))
        while some := list(islice(rest, CHUNK)):
            self.stop.check()
            self._tell(made, some)
        with self.store.write(durable=False) as tx:
            self.held().check(tx)
            cursors.put(tx, self._owner, "changes", {"seq": changes[-1].seq})
        return True

    def _tell(self, made: Destination, some: Sequence[Pending]) -> None:
        acks = made.push([each.preference for each in some])
        if len(acks) != len(some):
            raise FatalError("does not say what became of each preference")
        failpoint("push.told")
        self.stop.moved()
        with self.store.write() as tx:
            self.held().check(tx)
            told = zip(some, acks, strict=True)
            pushes.keep(tx, [(each.push, ack.done, ack.reason) for each, ack in told])
        self.report.pushed.written += sum(ack.done for ack in acks)
        self.report.pushed.refused.update(ack.reason or "" for ack in acks if not ack.done)
