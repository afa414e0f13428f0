"""LINE's people among the shop's, in the store."""

from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from tokui.identity.rules import Rules
from tokui.model import Customer, Event, Identifier, PersonName
from tokui.store import profiles, suppressions
from tokui.store.tables import CustomerRow, EventRow, columns
from tokui.sync.receive import take
from tokui.sync.worker import Plan
from tokui_contracts.scripted import page, script, told

HANA = f"U{'a' * 32}"
POINT = f"line_user_id:line:2000000001:{HANA}"
CARD = Identifier(kind="member_no", value="0012345678", issuer="tokui-card", verified=True)


@pytest.fixture
def read(store, account):
    """`read()`: all followers, into the store."""
    return lambda: told(store, Plan("line", lambda stop: account))


@pytest.fixture
def hear(store, account, line):
    """`hear(event, …)`: a webhook, into the store."""
    rules = {rule.kind: rule for rule in account.streams()[0].identifiers}

    def receive(*events):
        return take(store, account, Rules("line", rules), line.hooks.request(*events))

    return receive


def known(store):
    at = columns(CustomerRow)
    mine = sa.select(at.record).where(at.external_id == HANA, at.connection == "line")
    with store.read() as tx:
        return Customer.model_validate_json(tx.all(mine)[0].record)


def chats(store):
    at = columns(EventRow)
    with store.read() as tx:
        rows = tx.all(sa.select(at.record).where(at.gone_at.is_(None)))
    events = [Event.model_validate_json(row.record) for row in rows]
    return [each.text for each in events if each.type == "chat"]


def place(store, connection, external_id):
    with store.read() as tx:
        return profiles.place_of(tx, connection, external_id)[1]


def blocked(store):
    with store.read() as tx:
        return bool(suppressions.in_force(tx, [POINT]))


def test_a_follower_is_who_the_shop_knows_by_the_same_line_id(store, read):
    mine = Identifier(kind="line_user_id", value=HANA, issuer="line:2000000001")
    name = PersonName(family="山田", given="花")
    told(store, script("online", page(Customer(external_id="7", name=name, identifiers=(mine,)))))

    read()

    assert place(store, "line", HANA) == place(store, "online", "7")


def test_a_linked_account_joins_and_outlives_the_next_read(store, read, hear, line, account):
    told(store, script("tills", page(Customer(external_id="9", identifiers=(CARD,)))))
    read()
    query = parse_qs(urlsplit(account.invite(HANA, "https://shop.example.jp/")).query)
    url = account.redirect(query["linkToken"][0], query["state"][0], CARD)

    hear(line.tap(url, HANA), line.hooks.said(HANA, "連携しました"))
    read()

    assert CARD in known(store).identifiers
    assert str(known(store).name) == "はな"
    assert place(store, "line", HANA) == place(store, "tills", "9")


def test_who_writes_before_the_first_read_can_be_written_to(store, hear, line):
    hear(line.hooks.said(HANA, "こんにちは"))

    (identifier,) = known(store).identifiers
    assert (identifier.value, identifier.issuer) == (HANA, "line:2000000001")
    assert chats(store) == ["こんにちは"]


def test_whoever_follows_is_known_by_name_at_once(store, hear, line):
    hear(line.hooks.followed(HANA))

    assert str(known(store).name) == "はな"


def test_a_block_holds_until_it_is_lifted_in_whatever_order_both_come(store, read, hear, line):
    read()
    block, lift = line.hooks.blocked(HANA), line.hooks.followed(HANA, unblocked=True)
    lift["timestamp"] += 1000

    hear(block)
    assert blocked(store)
    hear(lift)
    hear(block)
    assert not blocked(store)


def test_what_is_taken_back_is_read_no_more(store, hear, line):
    said = line.hooks.said(HANA, "内緒です")
    hear(said)

    hear(line.hooks.event("unsend", HANA, unsend={"messageId": said["message"]["id"]}))

    assert chats(store) == []


def test_a_webhook_that_is_delivered_twice_is_kept_once(store, hear, line):
    said = line.hooks.said(HANA, "こんにちは")

    hear(said)
    hear(said, said)

    assert chats(store) == ["こんにちは"]
