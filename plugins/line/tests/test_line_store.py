"""LINE's people among the shop's, in the store."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from tokui.connector import Note
from tokui.model import Customer, Event, Gone, Identifier, PersonName
from tokui.store import profiles
from tokui.store.tables import CustomerRow, columns
from tokui.sync.worker import Plan
from tokui_contracts.scripted import page, script, told

HANA = f"U{'a' * 32}"
CARD = Identifier(kind="member_no", value="0012345678", issuer="tokui-card", verified=True)


@pytest.fixture
def sync(store, account):
    """`sync()` reads the followers; `sync(event, …)` keeps what events say."""

    def run(*events):
        if not events:
            return told(store, Plan("line", lambda stop: account))
        notes = [Note(each["webhookEventId"], each["type"], each) for each in events]
        records = [record for note in notes for record in account.unpack(note)]
        kept = [each for each in records if isinstance(each, Customer | Event | Gone)]
        return told(store, script("line", page(*kept), stream=_stream(account)))

    return run


def _stream(account):
    return replace(account.streams()[0], kinds=(Customer, Event, Gone), incremental=True)


def known(store):
    at = columns(CustomerRow)
    with store.read() as tx:
        (row,) = tx.all(sa.select(at.record).where(at.external_id == HANA, at.connection == "line"))
    return Customer.model_validate_json(row.record)


def place(store, connection, external_id):
    with store.read() as tx:
        return profiles.place_of(tx, connection, external_id)[1]


def test_a_follower_is_who_the_shop_knows_by_the_same_line_id(store, sync):
    mine = Identifier(kind="line_user_id", value=HANA, issuer="line:2000000001")
    shop = Customer(
        external_id="7", name=PersonName(family="山田", given="花"), identifiers=(mine,)
    )
    told(store, script("online", page(shop)))

    sync()

    assert place(store, "line", HANA) == place(store, "online", "7")


def test_a_linked_account_joins_and_outlives_the_next_read(store, sync, line, account):
    told(store, script("tills", page(Customer(external_id="9", identifiers=(CARD,)))))
    sync()
    query = parse_qs(urlsplit(account.invite(HANA, "https://shop.example.jp/")).query)
    url = account.redirect(query["linkToken"][0], query["state"][0], CARD)

    sync(line.tap(url, HANA), line.hooks.said(HANA, "連携しました"))
    sync()

    assert CARD in known(store).identifiers
    assert str(known(store).name) == "はな"
    assert place(store, "line", HANA) == place(store, "tills", "9")


def test_who_writes_before_the_first_read_can_be_written_to(store, sync, line):
    sync(line.hooks.said(HANA, "こんにちは"))

    (identifier,) = known(store).identifiers
    assert (identifier.value, identifier.issuer) == (HANA, "line:2000000001")
