"""What matching keeps of customers, made anew: for when the rules have changed."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tokui.errors import StoreError
from tokui.failpoint import failpoint
from tokui.identity import batch
from tokui.identity.batch import LEASE, Progress
from tokui.identity.check import RulesOf, made
from tokui.identity.report import Report
from tokui.identity.rules import Rules
from tokui.identity.weigh import Policy, Votes
from tokui.store import derived, dirty
from tokui.store import lease as leases
from tokui.store.derived import Derived
from tokui.store.engine import Store, Transaction
from tokui.store.lease import Lease
from tokui.store.tables import CustomerRow, IdentifierRow, MatchKeyRow, SearchRow


class Rebuilt(NamedTuple):
    """
    What a rebuild did.

    Attributes:
        rewritten: Customers of whom something else is kept than before.
        report: Of the pass over everybody that followed; None when it was asked to end before.
    """

    rewritten: int
    report: Report | None


def ready(store: Store) -> None:
    """
    Make sure that a pass has something to compare: else it would part whoever is linked.

    Raises:
        StoreError: Customers were stored by an older version, and never read again.
    """
    with store.read() as tx:
        if dirty.unread(tx):
            raise StoreError(
                "customers of an older version have nothing yet to be compared by",
                who="store",
                todo="run `tokui identity rebuild`, which ends with a pass",
            )


def rebuild(
    store: Store,
    rules: RulesOf,
    policy: Policy,
    *,
    votes: Votes | None = None,
    progress: Progress = lambda *_: None,
    halt: Callable[[], bool] = lambda: False,
) -> Rebuilt:
    """
    Read all customers under the present rules, then look again at who is who.

    Args:
        store: The database.
        rules: By connection; None leaves the customers of one that nobody knows any more as they are.
        policy: How much evidence is enough.
        votes: What the hooks say of a pair.
        progress: Told now and then.
        halt: Asked between two commits; True ends it there.

    Raises:
        LockedError: A batch pass is at work.
    """
    rewritten = _rewrite(store, rules, progress, halt)
    if halt():
        return Rebuilt(rewritten, None)
    report = batch.run(store, policy, everything=True, votes=votes, progress=progress, halt=halt)
    return Rebuilt(rewritten, report)


def _rewrite(store: Store, rules: RulesOf, progress: Progress, halt: Callable[[], bool]) -> int:
    lease = leases.acquire(store, LEASE, "pass")
    rewritten = seen = after = 0
    try:
        while (some := _part(store, after)) and not halt():
            after, seen = some[-1].id, seen + len(some)
            if stale := [each.id for each in some if _differs(each, rules(each.connection))]:
                rewritten += _write(store, lease, rules, stale)
            leases.renew(store, lease)
            progress("rebuild", seen, 0)
    finally:
        leases.release(store, lease)
    return rewritten


def _part(store: Store, after: int) -> Sequence[Derived]:
    with store.read() as tx:
        return derived.part(tx, after)


def _differs(each: Derived, rules: Rules | None) -> bool:
    return rules is not None and made(each, rules) != each


def _write(store: Store, lease: Lease, rules: RulesOf, stale: Sequence[int]) -> int:
    """Write what differs, as the records are now."""
    with store.write(durable=False) as tx:
        lease.check(tx)
        known = [(each, rules(each.connection)) for each in derived.of(tx, stale)]
        fresh = [made(each, now) for each, now in known if now]
        _replace(tx, fresh)
        failpoint("identity.rebuild")
    return len(fresh)


def _replace(tx: Transaction, fresh: Sequence[Derived]) -> None:
    for table in (IdentifierRow, MatchKeyRow, SearchRow):
        tx.delete(table, "customer_id", [each.id for each in fresh])
    tokens = [
        (token, each.id, worth, reading)
        for each in fresh
        for token, worth, reading in each.identifiers
    ]
    tx.upsert(IdentifierRow, tokens)
    tx.upsert(MatchKeyRow, [(key, each.id) for each in fresh for key in each.keys])
    tx.upsert(SearchRow, [(name, each.id) for each in fresh for name in each.names])
    tx.update(CustomerRow, ("features",), [(each.features, each.id) for each in fresh])
    dirty.mark(tx, [each.id for each in fresh])
