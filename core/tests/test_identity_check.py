"""Whether all that is kept of who is who agrees."""

import pytest
import sqlalchemy as sa
from tokui.identity import undo
from tokui.identity.check import check
from tokui.identity.rules import Rules
from tokui.model import Address, Customer, Gone, Identifier, Joined, Order, PersonName
from tokui.store import reviews
from tokui.store.reviews import Question
from tokui_contracts.context import NOON
from tokui_contracts.scripted import page, script, told

MORI = "staff:Mori"


@pytest.fixture
def ledger(store):
    """Two connections with a link by rule, one by the source, one by people, and a stub."""
    email = (Identifier(kind="email", value="hanako@example.jp"),)
    name = PersonName(family="山田", given="花子", family_kana="やまだ", given_kana="はなこ")
    place = (Address(postal_code="104-0061", city="中央区", line1="銀座1-2-3"),)
    known = [
        Customer(external_id=key, identifiers=email, name=name, addresses=place) for key in "12"
    ]
    sale = Order(external_id="A", state="paid", placed_at=NOON, currency="JPY", buyer="9")
    told(store, script("till", page(known[0])))
    told(store, script("shop", page(*known, sale), page(Joined(external_id="1", into="2"))))
    told(store, script("line", page(Customer(external_id="1"), Customer(external_id="2"))))
    told(store, script("line", [], page(Gone(external_id="2", kind="customer"))))
    return store


def problems(store):
    with store.read() as tx:
        return {each.what: each.count for each in check(tx, Rules)}


def spoil(store, statement):
    with store.write() as tx:
        tx.connection.execute(sa.text(statement))
    return " ".join(problems(store))


def people(tx, connection):
    query = sa.text("SELECT id, profile_id FROM customer WHERE connection = :name ORDER BY id")
    return tx.connection.execute(query, {"name": connection}).all()


def test_a_ledger_that_is_well_has_no_problems(ledger):
    assert problems(ledger) == {}


def test_after_merging_and_taking_back_all_agrees(ledger):
    with ledger.write() as tx:
        (_, line), (_, shop) = people(tx, "line")[0], people(tx, "shop")[0]
        done = undo.merge(tx, line, shop, MORI)
    assert problems(ledger) == {}

    with ledger.write() as tx:
        undo.revert(tx, done.decision_id, MORI)

    assert problems(ledger) == {}


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE customer SET profile_id = 999 WHERE connection = 'shop'", "elsewhere"),
        ("UPDATE customer SET profile_id = 998 WHERE connection = 'line'", "no decision brought"),
        ("INSERT INTO alias (profile_id, into_id) VALUES (998, 999)", "without customers"),
        ("INSERT INTO alias SELECT profile_id, profile_id FROM customer LIMIT 1", "mean another"),
        ("UPDATE answer SET verdict = 'different'", "different from by an answer"),
        ("UPDATE customer SET features = '[]' WHERE connection = 'till'", "features"),
        ("DELETE FROM identifier", "identifiers"),
        ("UPDATE identifier SET strength = 'unique'", "identifiers"),
        ("DELETE FROM match_key", "match keys"),
        ("UPDATE search SET key = 'x' || key", "found by names"),
    ],
)
def test_what_does_not_agree_is_found(ledger, statement, found):
    assert found in spoil(ledger, statement)


def test_a_profile_id_that_was_given_out_and_means_nothing_is_found(ledger):
    with ledger.write() as tx:
        (_, line), (_, shop) = people(tx, "line")[0], people(tx, "shop")[0]
        undo.merge(tx, line, shop, MORI)

    assert "of old mean no profile" in spoil(ledger, "DELETE FROM alias")


def test_questions_about_those_who_are_together_are_found(ledger):
    with ledger.write() as tx:
        (one, _), (other, _) = people(tx, "till")[0], people(tx, "shop")[1]
        reviews.put(tx, [Question((one, other), 100, 1, "likely")])

    assert "customers are asked about without need" in problems(ledger)


def test_what_is_found_names_nobody(ledger):
    with ledger.write() as tx:
        tx.connection.execute(sa.text("DELETE FROM identifier"))

    with ledger.read() as tx:
        assert "hanako" not in repr(check(tx, Rules))
