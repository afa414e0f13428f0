"""Small worlds of customers who share identifiers, and what must hold however they arrive."""

from collections import defaultdict

import sqlalchemy as sa
from hypothesis import strategies as st
from tokui.identity.rules import Rules
from tokui.identity.weigh import Policy
from tokui.model import Customer, Identifier, Order, PartialDate, PersonName
from tokui.store import decisions, profiles
from tokui.store import lease as leases
from tokui.store.engine import Store, Transaction
from tokui.store.tables import AliasRow, CustomerRow, IdentifierRow, MoveRow, columns
from tokui.sync.batch import parse
from tokui.sync.commit import Ledger
from tokui_contracts.context import NOON, context
from tokui_contracts.scripted import EVERYTHING, Scripted, page
from tokui_contracts.stores import empty

CONNECTIONS = ("shop", "till", "line")
APART = Policy(duplicates=dict.fromkeys(CONNECTIONS, "never"))

_maybe = st.none() | st.sampled_from([0, 1, 2])


@st.composite
def customers(draw):
    guest = draw(st.booleans())
    number = draw(st.integers(0, 3))
    found = [("email", draw(_maybe), "p{}@example.jp"), ("phone", draw(_maybe), "090-1111-000{}")]
    given, birthday = draw(_maybe), draw(_maybe)
    return Customer(
        external_id=f"guest:{number}" if guest else str(number),
        guest=guest,
        identifiers=tuple(
            Identifier(kind=kind, value=shape.format(n))
            for kind, n, shape in found
            if n is not None
        ),
        name=PersonName(given="花太郎"[given]) if given is not None else None,
        birthday=PartialDate(month=4, day=birthday + 1) if birthday is not None else None,
    )


@st.composite
def orders(draw):
    buyer = draw(st.integers(0, 3))
    return Order(
        external_id=str(draw(st.integers(0, 5))),
        state="paid",
        placed_at=NOON,
        currency="JPY",
        buyer=str(buyer),
    )


WORLDS = st.lists(
    st.tuples(st.sampled_from(CONNECTIONS), st.lists(customers() | orders(), max_size=6)),
    min_size=1,
    max_size=8,
)
"""Pages in the order of their arrival: connection and records."""


def arrive(store: Store, world, *, afresh: bool = True) -> None:
    """Commit the pages, one after the other, into an empty ledger or (not `afresh`) what is there."""
    if afresh:
        empty(store)
    ledgers = {
        name: Ledger(store, name, leases.acquire(store, name), None, policy=APART)
        for name in {name for name, _ in world}
    }
    for name, records in world:
        batch = parse(Scripted(name, context(name), ()), EVERYTHING, page(*records))
        ledgers[name].commit(EVERYTHING, batch, None)
    for ledger in ledgers.values():
        leases.release(store, ledger.lease)


def check(store: Store) -> None:
    """What must hold of every ledger."""
    with store.read() as tx:
        at = columns(CustomerRow)
        rows = tx.all(sa.select(at.id, at.connection, at.profile_id, at.record, at.stub))
        people = [
            (i, c, p, Customer.model_validate_json(text), stub) for i, c, p, text, stub in rows
        ]
        _everybody_has_a_profile(tx, people)
        _customers_of_one_connection_stay_apart(people)
        _identifiers_are_those_of_the_records(tx, people)
        _decisions_explain_the_partition(tx, {i: p for i, _, p, _, _ in people})


def _everybody_has_a_profile(tx: Transaction, people) -> None:
    alive = {profile for _, _, profile, _, _ in people}
    assert all(profiles.resolve(tx, profile) == profile for profile in alive)
    at = columns(AliasRow)
    assert {into for (into,) in tx.all(sa.select(at.into_id))} <= alive


def _customers_of_one_connection_stay_apart(people) -> None:
    together = defaultdict(list)
    for _, connection, profile, customer, _ in people:
        together[profile, connection].append(customer.external_id)
    assert all(len(keys) == 1 for keys in together.values()), together


def _identifiers_are_those_of_the_records(tx: Transaction, people) -> None:
    at = columns(IdentifierRow)
    stored = {(token, row_id) for token, row_id in tx.all(sa.select(at.token, at.customer_id))}
    stated = {
        (token, row_id)
        for row_id, connection, _, customer, _ in people
        for token in Rules(connection).features(customer).tokens
    }
    assert stored == stated


def _decisions_explain_the_partition(tx: Transaction, now: dict[int, int]) -> None:
    """Undone from the last to the first they leave everybody alone; done again, they lead back."""
    at = columns(MoveRow)
    query = sa.select(at.customer_id, at.from_id, at.to_id)
    log = tx.all(query.order_by(at.decision_id, at.customer_id))
    state: dict[int, int | None] = dict(now)
    for row_id, was, became in reversed(log):
        assert state[row_id] == became
        state[row_id] = was
    founders = [profile for profile in state.values() if profile is not None]
    assert len(founders) == len(set(founders))
    assert decisions.misplaced(tx) == []
