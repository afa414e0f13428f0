"""What happens in a street: records arrive, people answer, merge and part; and what there was to see."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from batch_worlds import STAFF, answer, partition, row_ids
from hypothesis import strategies as st
from street_worlds import Pages, World
from tokui.errors import ConfigError, PolicyRefusal
from tokui.identity import undo
from tokui.identity.weigh import Policy
from tokui.store import answers, reviews
from tokui.store import lease as leases
from tokui.store.engine import Store
from tokui.store.tables import CustomerRow, DecisionRow, ReviewRow, SharedValueRow, columns
from tokui.sync.batch import parse
from tokui.sync.commit import Ledger
from tokui_contracts.context import context
from tokui_contracts.scripted import EVERYTHING, Scripted, page
from tokui_contracts.stores import empty


def afresh(store: Store, pages: Pages, policy: Policy) -> None:
    """Commit pages into an empty ledger."""
    empty(store)
    arrive(store, pages, policy)


def arrive(store: Store, pages: Pages, policy: Policy) -> None:
    """Commit pages, one after the other."""
    ledgers = {
        name: Ledger(store, name, leases.acquire(store, name), None, policy=policy)
        for name in {name for name, _ in pages}
    }
    for name, records in pages:
        batch_ = parse(Scripted(name, context(name), ()), EVERYTHING, page(*records))
        ledgers[name].commit(EVERYTHING, batch_, None)
    for each in ledgers.values():
        assert each.lease
        leases.release(store, each.lease)


def say(store: Store, world: World) -> None:
    """Keep what people say, whatever the profiles are now."""
    ids = row_ids(store)
    for one, other, verdict in world.answers:
        answer(store, one, other, verdict)
        with store.write() as tx:
            reviews.drop(tx, [answers.pair(ids[one], ids[other])])


def merged(store: Store, data: Any) -> int | None:
    """Merge two of the profiles; the decision."""
    with store.write() as tx:
        at = columns(CustomerRow)
        alive = [row[0] for row in tx.all(sa.select(at.profile_id).distinct())]
        if len(alive) < 2:
            return None
        one, other = _two(sorted(alive), data)
        return undo.merge(tx, one, other, STAFF).decision_id


_NUMBER = st.integers(0, 50)


def _two(ids: list[int], data: Any) -> tuple[int, int]:
    """Two of whatever is there."""
    first = data.draw(_NUMBER) % len(ids)
    second = (first + 1 + data.draw(_NUMBER) % (len(ids) - 1)) % len(ids)
    return ids[first], ids[second]


def act(store: Store, data: Any, seen: Counter[str]) -> None:
    """One thing that staff does; what cannot be done is left undone."""
    people = sorted(row_ids(store).values())
    one, other = _two(people, data) if len(people) > 1 else (0, 0)
    with store.read() as tx:
        at = columns(DecisionRow)
        log = [number for (number,) in tx.all(sa.select(at.id).order_by(at.id))]
    what = data.draw(st.sampled_from(["same", "different", "extract", "revert"]))
    try:
        with store.write() as tx:
            if what == "extract":
                undo.extract(tx, [one], STAFF)
            elif what == "revert":
                undo.revert(tx, log[data.draw(_NUMBER) % len(log)] if log else 0, STAFF)
            else:
                undo.answer(tx, (min(one, other), max(one, other)), what, STAFF)
            seen[what] += 1
    except (ConfigError, PolicyRefusal):
        return


def see(store: Store, seen: Counter[str]) -> None:
    """Count what makes a world worth looking at."""
    decision, review, shared = columns(DecisionRow), columns(ReviewRow), columns(SharedValueRow)
    with store.read() as tx:
        for kind, actor, count in tx.all(
            sa.select(decision.kind, decision.actor, sa.func.count()).group_by(
                decision.kind, decision.actor
            )
        ):
            seen[f"{kind} by {actor.partition(':')[0]}"] += count
        reasons = sa.select(review.reason, sa.func.count()).group_by(review.reason)
        seen.update({f"asked: {reason}": count for reason, count in tx.all(reasons)})
        seen["shared values"] += tx.connection.execute(
            sa.select(sa.func.count(shared.token))
        ).scalar_one()
    seen["worlds"] += 1
    seen["persons of several"] += sum(len(group) > 1 for group in partition(store))
