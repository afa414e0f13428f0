"""The proof of a consent outlives the person's data, and names nobody."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from tokui.model import Consent, Customer, Identifier, microseconds
from tokui.store import profiles, proofs, turns
from tokui.store.messages import New
from tokui.store.tables import MessageRow, ProofRow
from tokui_contracts.scripted import page, script, told

DAY = datetime(2026, 9, 1, tzinfo=UTC)
MAIL = "megu@example.jp"
HERE, KEY = f"email:*:{MAIL}", b"a secret of the shop's"


@pytest.fixture
def agreed(store):
    """Somebody who agreed by a form, and got a message an hour ago."""
    known = Customer(external_id="1", identifiers=(Identifier(kind="email", value=MAIL),))
    form = {"evidence": "form", "notice": "2026-04", "occurred_at": DAY}
    yes = Consent(external_id="c", customer="1", contact="email", state="granted", **form)
    no = Consent(external_id="c", customer="1", contact="phone", state="denied", **form)
    told(store, script("shop", page(known, yes, no)))
    return store


def sent(store, ago: timedelta):
    with store.write() as tx:
        me = profiles.place_of(tx, "shop", "1")[0]
        turns.draft(tx, [New(me, "mail", HERE, MAIL, "{}", "staff:Aoki", "marketing")])
        at = microseconds(datetime.now(UTC) - ago)
        tx.connection.execute(sa.update(MessageRow).values(sent_at=at))


def kept(store, days=365) -> int:
    with store.write() as tx:
        return proofs.keep(tx, [profiles.place_of(tx, "shop", "1")[0]], KEY, days)


def test_what_is_left_is_the_time_and_the_form(agreed):
    sent(agreed, timedelta(hours=1))

    assert kept(agreed) == 1
    with agreed.read() as tx:
        [proof] = proofs.of_point(tx, HERE, KEY)
        assert proofs.of_point(tx, HERE, b"another key") == []
        rows = str(tx.all(sa.select(ProofRow.__table__)))
    assert (proof.occurred_at, proof.evidence, proof.notice) == (DAY, "form", "2026-04")
    assert MAIL not in rows


def test_nothing_is_kept_where_nothing_was_sent_for_long(agreed):
    assert kept(agreed) == 0
    sent(agreed, timedelta(days=40))

    assert kept(agreed, days=31) == 0


def test_it_is_forgotten_when_its_time_is_over(agreed):
    sent(agreed, timedelta(days=30))
    kept(agreed, days=31)

    with agreed.write() as tx:
        tx.now_us += 2 * 86_400_000_000
        assert proofs.drop_old(tx) == 1
        assert proofs.of_point(tx, HERE, KEY) == []
