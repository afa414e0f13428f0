"""
The batch pass: who is who, looked at as a whole.

What customers share is found in SQL, each pair is weighed once, and people are grouped with the
surest pair first. The result is compared with the present profiles, and what differs is carried out
in small commits, each of which leaves a true store. It depends on the customers, the answers and the
policy alone, never on who came first.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import TypeAlias

from tokui.connector import Cursor
from tokui.failpoint import failpoint
from tokui.identity.carry import Done, carry_out
from tokui.identity.cluster import Edge
from tokui.identity.edges import load
from tokui.identity.match import RULE, prior
from tokui.identity.person import Person
from tokui.identity.portions import portions
from tokui.identity.region import Region, decide
from tokui.identity.restrain import restrained
from tokui.identity.scope import Ends, Scope, around, everybody, filled
from tokui.identity.steps import ACTOR
from tokui.identity.weigh import Policy, Scales, Votes
from tokui.store import answers, cursors, pairs, shared, sweep
from tokui.store import lease as leases
from tokui.store.answers import Pair, Verdict
from tokui.store.engine import Store, Transaction
from tokui.store.lease import Lease
from tokui.store.sweep import Watch

LEASE = "tokui:identity"
"""No connection has such a name."""

COMMIT = 4_000
"""Customers whose places are decided, and written, at a time."""

MANY = 20_000
"""Customers, or identifiers, that are only marked, of one commit."""

RENEW_S = 15.0
"""Between two renewals of the lease in a long read."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Hears of a stage, and how much of how much of it is done."""


@dataclass(slots=True)
class Report:
    """
    What a pass saw and did.

    Attributes:
        everything: It looked at all customers.
        customers: How many it looked at.
        pairs: Pairs that were weighed.
        marked: Identifiers that are shared from now on.
        unmarked: Those that are so no more.
        done: What was carried out, or would be.
        stopped: It was asked to end before it was through.
    """

    everything: bool = False
    customers: int = 0
    pairs: int = 0
    marked: int = 0
    unmarked: int = 0
    done: Done = field(default_factory=Done)
    stopped: bool = False


def run(
    store: Store,
    policy: Policy,
    *,
    everything: bool = False,
    margin: int = 0,
    dry_run: bool = False,
    votes: Votes | None = None,
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
        progress: Told now and then.
        halt: Asked between two commits; True ends the pass there.

    Raises:
        LockedError: Another pass is at work.
    """
    lease = None if dry_run else leases.acquire(store, LEASE)
    try:
        with _uncollected():
            return _Pass(store, lease, policy, margin, votes, progress, halt).run(everything)
    finally:
        if lease:
            leases.release(store, lease)


class _Pass:
    def __init__(
        self,
        store: Store,
        lease: Lease | None,
        policy: Policy,
        margin: int,
        votes: Votes | None,
        progress: Progress,
        halt: Callable[[], bool],
    ) -> None:
        self.store = store
        self.lease = lease
        self.policy = policy
        self.margin = margin
        self.votes = votes
        self.progress = progress
        self.halt = halt
        self.report = Report()
        self._renewed = monotonic()

    def run(self, everything: bool) -> Report:
        with self.store.read() as tx:
            customers, changed = sweep.count(tx), len(sweep.dirty(tx))
            state = self._state(customers)
            moved_on = cursors.get(tx, LEASE, "pass") != state
        most = changed > MANY and changed * 4 > customers
        self.report.everything = everything or moved_on or most
        if changed or self.report.everything:
            scope, scales, watch = self._look(*self._demote())
            self._decide(scope, scales, watch)
            if not self.report.stopped:
                self._settle(scope, watch, state)
        return self.report

    def _state(self, customers: int) -> Cursor:
        """What all that is done depends on besides the customers themselves."""
        how = asdict(self.policy) | {"margin": self.margin}
        return {"rule": RULE, "prior": prior(customers), "policy": how}

    def _demote(self) -> tuple[set[str], set[str]]:
        """Find out which identifiers are nobody's own now; all of them, and those that changed."""
        limits = self.policy.max_records, self.policy.max_readings
        with self.store.read() as tx:
            was = shared.marked(tx)
            where = None if self.report.everything else shared.of_dirty(tx) | was.keys()
            now = shared.crowds(tx, *limits, where)
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

    def _look(self, shared_now: set[str], turned: set[str]) -> tuple[Scope, Scales, Watch]:
        with self.store.read() as tx:
            watch = Watch(tx)
            scales = Scales(self.policy, sweep.count(tx), shared_now, votes=self.votes)
            if self.report.everything:
                scope = everybody(tx, scales, self._pulse)
            else:
                changed = {*sweep.dirty(tx), *pairs.crossing(tx), *shared.bearers(tx, turned)}
                scope = around(tx, changed, scales, self._pulse)
        self.report.customers = len(scope.ids)
        return scope, scales, watch

    def _decide(self, scope: Scope, scales: Scales, watch: Watch) -> None:
        """Decide on region after region, and carry it out some at a time."""
        done, total = 0, len(scope.ids)
        for some in filled(scope.regions(), COMMIT):
            if self.halt():
                self.report.stopped = True
                return
            ids = [row_id for group, _ in some for row_id in group]
            with self.store.read() as tx:
                people, said = load(tx, ids), answers.within(tx, ids)
            regions = list(self._regions(some, people, said, scales))
            carry_out(self.store, self.lease, watch, regions, said, self.report.done)
            self._renewed = monotonic()
            self.progress("decide", done := done + len(ids), total)

    def _regions(
        self,
        some: Iterable[tuple[Sequence[int], Sequence[Ends]]],
        people: Mapping[int, Person],
        said: Mapping[Pair, Verdict],
        scales: Scales,
    ) -> Iterator[Region]:
        here = {row_id: n for n, (group, _) in enumerate(some) for row_id in group}
        answered: dict[int, dict[Pair, Verdict]] = {}
        for (low, high), verdict in said.items():
            if here[low] == here[high]:
                answered.setdefault(here[low], {})[low, high] = verdict
        for number, (group, ends) in enumerate(some):
            mine = scales.of(answered.get(number, {}))
            edges = [Edge.between(score, people[low], people[high]) for low, high, score in ends]
            region = decide([people[row_id] for row_id in group], edges, mine)
            yield restrained(region, mine, self.margin) if self.margin > 0 else region

    def _settle(self, scope: Scope, watch: Watch, state: Cursor) -> None:
        """Whoever was looked at and stays needs no second look; so ends a pass."""
        waiting = self.report.done.waiting
        for some in portions((row_id for row_id in scope.ids if row_id not in waiting), MANY):
            with self._writing() as tx:
                sweep.settle(tx, some, watch.look(tx))
                failpoint("identity.settle")
        with self._writing() as tx:
            cursors.put(tx, LEASE, "pass", state)

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self.store.write(durable=False, dry_run=self.lease is None) as tx:
            if self.lease:
                self.lease.check(tx)
            yield tx

    def _pulse(self, pairs: int) -> None:
        """Pairs were weighed: the lease must not run out meanwhile."""
        self.report.pairs += pairs
        self.progress("weigh", self.report.pairs, 0)
        if self.lease and monotonic() - self._renewed > RENEW_S:
            leases.renew(self.store, self.lease)
            self._renewed = monotonic()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: people in memory have none, and it takes half of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
