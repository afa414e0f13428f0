"""However statements arrive, and however often, they come to the same in the ledger."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokui.identity.rules import Rules
from tokui.model import Consent, Customer, Identifier
from tokui.outreach.standings import Asked, standings
from tokui.store import profiles
from tokui.store.entry import entry
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch
from tokui_contracts.stores import empty

DAY = datetime(2026, 9, 1, tzinfo=UTC)
MAIL, OTHER = "megu@example.jp", "new@example.jp"
SHARED = Customer(external_id="1", identifiers=(Identifier(kind="email", value=MAIL),))
BOTH = SHARED.model_copy(
    update={"identifiers": (*SHARED.identifiers, Identifier(kind="email", value=OTHER))}
)

SAID = st.builds(
    lambda state, day, contact, value, topic, evidence: Consent(
        external_id="1/c",
        customer="1",
        contact=contact,
        value=None if contact == "any" else value,
        topic=topic,
        state=state,
        occurred_at=DAY + timedelta(days=day),
        evidence=evidence,
    ),
    st.sampled_from(["granted", "denied", "revoked", "unknown"]),
    st.integers(0, 3),
    st.sampled_from(["email", "any"]),
    st.sampled_from([None, MAIL, OTHER]),
    st.sampled_from([None, "sale"]),
    st.sampled_from([None, "import", "form"]),
)
PEOPLE = {"shop": SHARED, "till": BOTH}
HEARD = st.lists(st.tuples(st.sampled_from(["shop", "till"]), SAID), max_size=6)


def outcome(store, heard):
    """How each connection's customer stands, after these statements in this order."""
    empty(store)
    for name, known in PEOPLE.items():
        write(store, name, Batch(customers=[entry(known)]))
    for name, said in heard:
        write(store, name, Batch(consents=[said]))
    with store.read() as tx:
        asked = [
            Asked(profiles.place_of(tx, name, "1")[1], f"email:*:{each}", "marketing", topic)
            for name in PEOPLE
            for each in (MAIL, OTHER)
            for topic in (None, "sale")
        ]
        found = standings(tx, asked)
    return [(found[each].state, found[each].nowhere) for each in asked]


def write(store, name, batch):
    with store.write(durable=False) as tx:
        write_batch(tx, Rules(name), batch)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(HEARD, st.randoms(use_true_random=False))
def test_the_order_in_which_statements_are_read_is_of_no_matter(store, heard, rng):
    again = [*heard, *rng.choices(heard, k=2)] if heard else []
    rng.shuffle(again)

    assert outcome(store, again) == outcome(store, heard)
