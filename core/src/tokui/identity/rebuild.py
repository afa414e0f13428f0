"""What matching keeps of customers, made anew: for when the rules have changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from tokui.failpoint import failpoint
from tokui.identity import batch
from tokui.identity.batch import LEASE, Progress, Report
from tokui.identity.check import RulesOf
from tokui.identity.features import NONE
from tokui.identity.keys import match_keys
from tokui.identity.names import search_keys
from tokui.identity.rules import Rules
from tokui.identity.weigh import Policy, Votes
from tokui.model import Customer
from tokui.store import derived
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
    lease = leases.acquire(store, LEASE)
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


def made(each: Derived, rules: Rules) -> Derived:
    """What should be kept of a customer, under these rules."""
    customer = Customer.model_validate_json(each.record)
    features = rules.features(customer) if each.known else NONE
    tokens = ((token, worth, features.reading) for token, worth in features.tokens.items())
    return replace(
        each,
        features=None if features is NONE else features.to_json(),
        identifiers=frozenset(tokens if each.found else ()),
        keys=frozenset(match_keys(features) if each.found else ()),
        names=frozenset(search_keys(customer, features) if each.found else ()),
    )


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
    tx.update(
        CustomerRow,
        ("features", "dirty"),
        [(each.features, True, each.id) for each in fresh],
    )
