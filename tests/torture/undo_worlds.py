"""Histories of merging, parting and taking back on small worlds, and what must hold of them."""

import link_worlds
import sqlalchemy as sa
from hypothesis import strategies as st
from tokui.errors import ConfigError, PolicyRefusal
from tokui.identity import batch, undo
from tokui.identity import check as consistency
from tokui.identity.rules import Rules
from tokui.identity.weigh import DEFAULT
from tokui.store import answers, decisions, profiles
from tokui.store.engine import Store, Transaction
from tokui.store.tables import (
    ConsentRow,
    CustomerRow,
    DecisionRow,
    EventRow,
    OrderRow,
    columns,
)

ACTOR = "staff:Mori"
_n = st.integers(0, 30)

ACTS = st.lists(
    st.tuples(st.just("merge"), _n, _n)
    | st.tuples(st.just("extract"), _n, st.integers(1, 7))
    | st.tuples(st.just("revert"), _n)
    | st.tuples(st.just("answer"), _n, _n, st.sampled_from(["same", "different"]))
    | st.just(("batch",))
    | st.tuples(st.just("page"), link_worlds.WORLDS.map(lambda world: world[:1])),
    max_size=12,
)
"""What people do, and what arrives in between; numbers pick among whatever is there."""


def act(store: Store, what) -> None:
    """Do one thing; what cannot be done is left undone."""
    kind, *given = what
    if kind == "page":
        link_worlds.arrive(store, *given, afresh=False)
        return
    if kind == "batch":
        batch.run(store, DEFAULT, everything=True)
        return
    try:
        with store.write() as tx:
            _ACTS[kind](tx, *given)
    except (ConfigError, PolicyRefusal):
        return


def _merge(tx: Transaction, one: int, other: int) -> None:
    if alive := sorted(set(partition(tx).values())):
        undo.merge(tx, alive[one % len(alive)], alive[other % len(alive)], ACTOR)


def _extract(tx: Transaction, one: int, some: int) -> None:
    where = partition(tx)
    if alive := sorted(set(where.values())):
        home = alive[one % len(alive)]
        mine = sorted(customer for customer in where if where[customer] == home)
        undo.extract(tx, [each for n, each in enumerate(mine) if some >> n & 1], ACTOR)


def _revert(tx: Transaction, one: int) -> None:
    if log := numbers(tx):
        undo.revert(tx, log[one % len(log)], ACTOR)


def _answer(tx: Transaction, one: int, other: int, verdict) -> None:
    people = sorted(partition(tx))
    if len(people) > 1:
        left = people[one % len(people)]
        right = people[other % len(people)]
        if left != right:
            undo.answer(tx, answers.pair(left, right), verdict, ACTOR)


_ACTS = {"merge": _merge, "extract": _extract, "revert": _revert, "answer": _answer}


def partition(tx: Transaction) -> dict[int, int]:
    """Customer → profile."""
    at = columns(CustomerRow)
    return {row[0]: row[1] for row in tx.all(sa.select(at.id, at.profile_id))}


def numbers(tx: Transaction) -> list[int]:
    at = columns(DecisionRow)
    return [number for (number,) in tx.all(sa.select(at.id).order_by(at.id))]


def facts(tx: Transaction) -> list[list[tuple]]:
    """Every fact, with whose it is."""
    order, event, consent = columns(OrderRow), columns(EventRow), columns(ConsentRow)
    queries = (
        sa.select(order.id, order.customer_id).order_by(order.id),
        sa.select(event.id, event.customer_id).order_by(event.id),
        sa.select(consent.customer_id, sa.func.count())
        .group_by(consent.customer_id)
        .order_by(consent.customer_id),
    )
    return [[tuple(row) for row in tx.all(query)] for query in queries]


def check(tx: Transaction) -> None:
    """What must hold after every act."""
    assert consistency.check(tx) == []
    alive = set(partition(tx).values())
    assert all(profiles.resolve(tx, each) in alive for each in given_out(tx))


def given_out(tx: Transaction) -> set[int]:
    """Every profile id that anybody was ever shown."""
    log = decisions.some(tx, numbers(tx))
    return {*partition(tx).values(), *decisions.names(log)}


def live(store: Store, world, acts) -> None:
    """Let a world arrive, and people act on it; everything holds all the time."""
    link_worlds.arrive(store, world)
    for each in acts:
        act(store, each)
        with store.read() as tx:
            check(tx)
    with store.read() as tx:
        assert consistency.check(tx, Rules) == []


def merge_and_undo(store: Store, one: int, other: int) -> None:
    """A merge that is taken back at once leaves no trace in who is who, nor ever in a fact."""
    with store.read() as tx:
        before, owners, alive = partition(tx), facts(tx), sorted(set(partition(tx).values()))
    if len(alive) < 2:
        return
    keep, drop = alive[one % len(alive)], alive[other % len(alive)]
    with store.write() as tx:
        if keep == drop:
            return
        done = undo.merge(tx, keep, drop, ACTOR)
        assert facts(tx) == owners
        assert len(set(partition(tx).values())) == len(alive) - 1
    with store.write() as tx:
        undo.revert(tx, done.decision_id, ACTOR)
        assert (partition(tx), facts(tx)) == (before, owners)
        check(tx)


def undo_and_redo(store: Store, one: int) -> None:
    """A decision taken back, and that taken back again, leaves everybody where they were."""
    with store.read() as tx:
        before, log = partition(tx), numbers(tx)
    if not log:
        return
    with store.write() as tx:
        try:
            back = undo.revert(tx, log[one % len(log)], ACTOR)
        except (ConfigError, PolicyRefusal):
            return
        undo.revert(tx, back.decision_id, ACTOR)
        assert partition(tx) == before
        check(tx)


def stack_and_undo(store: Store, pairs, order) -> None:
    """Merges made one upon the other and taken back in any order leave everybody their own number."""
    with store.read() as tx:
        before = partition(tx)
    done = []
    with store.write() as tx:
        for pair in pairs:
            alive = sorted(set(partition(tx).values()))
            keep, drop = (alive[n % len(alive)] for n in pair) if alive else (0, 0)
            if keep != drop:
                done.append(undo.merge(tx, keep, drop, ACTOR).decision_id)
    with store.write() as tx:
        for number in (done[n] for n in order if n < len(done)):
            undo.revert(tx, number, ACTOR)
        assert partition(tx) == before
        check(tx)
