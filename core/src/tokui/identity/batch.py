"""
The batch pass: who is who, looked at as a whole.

What customers share is found in SQL, each pair is weighed once, and people are grouped with the
surest pair first. The result is compared with the present profiles, and what differs is carried out
in small commits, each of which leaves a true store. It depends on the customers, the answers and the
policy alone, never on who came first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from time import monotonic
from typing import TypeAlias, cast

from pydantic import JsonValue

from tokui.connector import Cursor
from tokui.failpoint import failpoint
from tokui.identity.carry import carry_out
from tokui.identity.edges import uncollected
from tokui.identity.hands import Hands, hired, usual
from tokui.identity.judging import judged, parted
from tokui.identity.match import RULE, prior
from tokui.identity.portions import portions
from tokui.identity.report import Report
from tokui.identity.scope import Scope, around, everybody
from tokui.identity.steps import ACTOR
from tokui.identity.weigh import Policy, Scales, Votes
from tokui.store import cursors, dirty, households, pairs, reviews, shared, sweep
from tokui.store import lease as leases
from tokui.store.engine import Store, Transaction
from tokui.store.lease import Lease
from tokui.store.sweep import Watch

LEASE = "tokui:identity"
"""No connection has such a name."""

COMMIT = 8_000
"""Customers whose places are decided, and written, at a time."""

FEW, DAY_US = 20, 86_400_000_000
"""Households are found anew when one in so many customers was looked at, and once a day."""

MANY = 20_000
"""Customers, or identifiers, that are only marked, of one commit."""

RENEW_S = 15.0
"""Between two renewals of the lease in a long read."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Hears of a stage, and how much of how much of it is done."""


def run(
    store: Store,
    policy: Policy,
    *,
    everything: bool = False,
    margin: int = 0,
    dry_run: bool = False,
    votes: Votes | None = None,
    processes: int | None = 1,
    progress: Progress = lambda *_: None,
    halt: Callable[[], bool] = lambda: False,
) -> Report:
    """
    Look again at who is who, and put right what differs.

    Args:
        store: The database.
        policy: How much evidence is enough.
        everything: Look at all customers, not only at those that changed and whom they may be. So
            it is in any case after a change of the policy, or when there are twice as many.
        margin: How far beyond the threshold a change must be to be made, in thousandths.
        dry_run: Write nothing.
        votes: What the hooks say of a pair.
        processes: How many work, this one included, which writes what others decide; None for as
            many as pay. With votes, one.
        progress: Told now and then.
        halt: Asked between two commits; True ends the pass there.

    Raises:
        LockedError: Another pass is at work.
    """
    lease = None if dry_run else leases.acquire(store, LEASE, "pass")
    try:
        with uncollected():
            return _Pass(store, lease, policy, margin, votes, processes, progress, halt).run(
                everything
            )
    finally:
        if lease:
            leases.release(store, lease)


@dataclass(slots=True, eq=False)
class _Pass:
    store: Store
    lease: Lease | None
    policy: Policy
    margin: int
    votes: Votes | None
    processes: int | None
    progress: Progress
    halt: Callable[[], bool]
    report: Report = field(default_factory=Report)
    _renewed: float = field(default_factory=monotonic)

    def run(self, everything: bool) -> Report:
        with self.store.read() as tx:
            customers, changed = sweep.count(tx), dirty.count(tx)
            state = self._state(customers)
            moved_on = cursors.get(tx, LEASE, "pass") != state
        most = changed > MANY and changed * 4 > customers
        self.report.everything = everything or moved_on or most
        if changed or self.report.everything:
            if self.report.everything:
                self._remember({})  # until it is through, the next pass looks at everybody, too
            shared_now, turned = self._demote()
            scales, watch = self._begin(shared_now, customers)
            with self._hands(scales, customers) as hands:
                scope = self._look(scales, hands, turned)
                self._decide(scope, hands, watch)
                if not self._halted():
                    self._house(scope, hands, watch, len(scope.ids) * FEW >= customers)
            if not self.report.stopped:
                self._settle(scope, watch)
                self._remember(state)
        return self.report

    def _state(self, customers: int) -> Cursor:
        """What all scores depend on besides the customers themselves."""
        state: dict[str, JsonValue] = {"rule": RULE, "prior": prior(customers)}
        return {**state, "margin": self.margin, "policy": asdict(self.policy)}

    def _demote(self) -> tuple[set[str], set[str]]:
        """Find out which identifiers are nobody's own now; all of them, and those that changed."""
        with self.store.read() as tx:
            was = shared.marked(tx)
            where = None if self.report.everything else shared.of_dirty(tx) | was.keys()
            now = shared.crowds(tx, self.policy.max_records, self.policy.max_readings, where)
        new = {token: figures for token, figures in now.items() if token not in was}
        old = {token: number for token, number in was.items() if token not in now}
        for some in portions(new.items(), COMMIT):
            with self._writing() as tx:
                shared.mark(tx, dict(some), ACTOR)
                failpoint("identity.shared")
        for some_ in portions(old.items(), COMMIT):
            with self._writing() as tx:
                shared.unmark(tx, dict(some_), ACTOR)
        self.report.marked, self.report.unmarked = len(new), len(old)
        return set(now), {*new, *old}

    def _hands(self, scales: Scales, customers: int) -> Hands:
        """Whoever does the work; plugins' votes cannot be sent to other processes."""
        count = 1 if self.votes else self.processes or usual(customers)
        return hired(self.store, scales, count)

    def _begin(self, shared_now: set[str], customers: int) -> tuple[Scales, Watch]:
        with self.store.read() as tx:
            if self.lease:  # a sync may have marked more of them since
                shared_now = set(shared.marked(tx))
            return Scales(self.policy, customers, shared_now, votes=self.votes), Watch(tx)

    def _look(self, scales: Scales, hands: Hands, turned: set[str]) -> Scope:
        with self.store.read() as tx:
            if self.report.everything:
                scope = self._everybody(tx, scales, hands)
            else:
                changed = {*dirty.ids(tx), *pairs.crossing(tx), *shared.bearers(tx, turned)}
                scope = around(tx, changed, hands, self._pulse)
        self.report.customers = len(scope.ids)
        return scope

    def _everybody(self, tx: Transaction, scales: Scales, hands: Hands) -> Scope:
        """On columns, if numpy is there and no plugin is asked."""
        if self.votes or not find_spec("numpy"):
            return everybody(tx, hands, self._pulse)
        from tokui.identity import bulk

        return bulk.everybody(tx, scales, hands, self._pulse)

    def _decide(self, scope: Scope, hands: Hands, watch: Watch) -> None:
        """Decide on region after region, and carry it out some at a time."""
        done, total = 0, len(scope.ids)
        for regions, said in hands.each(judged, parted(scope.regions(), COMMIT, self.margin)):
            if self._halted():
                return
            carry_out(self.store, self.lease, watch, regions, said, self.report.done)
            self._renewed = monotonic()
            done += sum(len(group) for region in regions for group in region.groups)
            self.progress("decide", done, total)

    def _house(self, scope: Scope, hands: Hands, watch: Watch, many: bool) -> None:
        """Find out who lives together, where `many` were looked at, or it is a day since."""
        with self.store.read() as tx:
            last = cursors.get(tx, LEASE, "households") or {"at": 0}
            today = tx.now_us - cast("int", last["at"]) < DAY_US
        if today and not many:
            return
        groups = scope.households(self.store, hands)
        with self._writing() as tx:
            watch.look(tx)
            self.report.homes = households.settle(tx, groups)
            cursors.put(tx, LEASE, "households", {"at": tx.now_us})
            if self.lease:
                watch.passed(tx)
            failpoint("identity.house")

    def _settle(self, scope: Scope, watch: Watch) -> None:
        """Whoever was looked at and stays needs no second look."""
        waiting = self.report.done.waiting
        with self.store.read() as tx:
            asked_about = {end for both in reviews.pairs(tx) for end in both}
        for some in portions((row_id for row_id in scope.ids if row_id not in waiting), MANY):
            alone = scope.alone([each for each in some if each in asked_about])
            with self._writing() as tx:
                dirty.settle(tx, some, watch.look(tx))
                reviews.replace(tx, alone, ())
                failpoint("identity.settle")

    def _remember(self, state: Cursor) -> None:
        with self._writing() as tx:
            cursors.put(tx, LEASE, "pass", state)

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self.store.write(durable=False, dry_run=self.lease is None) as tx:
            if self.lease:
                self.lease.check(tx)
            yield tx

    def _halted(self) -> bool:
        self.report.stopped = self.report.stopped or self.halt()
        return self.report.stopped

    def _pulse(self, pairs: int) -> None:
        """Pairs were weighed: the lease must not run out meanwhile."""
        self.report.pairs += pairs
        self.progress("weigh", self.report.pairs, 0)
        if self.lease and monotonic() - self._renewed > RENEW_S:
            leases.renew(self.store, self.lease)
            self._renewed = monotonic()
