"""What comes back by mail, in the store: who may be written to afterwards."""

import os
from datetime import UTC, datetime

import pytest
from tokui.model import Consent, Customer, Identifier, PersonName
from tokui.outreach.standings import Asked, standings
from tokui.store import suppressions
from tokui.sync.stream import Options
from tokui.sync.worker import Plan
from tokui_contracts.context import NOON
from tokui_contracts.mail import complaint, delivery_report, unsubscribing
from tokui_contracts.scripted import page, script, told

POINT = "email:*:hanako@example.jp"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def shop(store):
    """Hanako, who agreed to be written to."""
    told(
        store,
        script(
            "shop",
            page(
                Customer(
                    external_id="7",
                    name=PersonName(family="山田", given="花子"),
                    identifiers=(Identifier(kind="email", value="hanako@example.jp"),),
                ),
                Consent(
                    external_id="7|email",
                    customer="7",
                    contact="email",
                    value="hanako@example.jp",
                    state="granted",
                    occurred_at=LONG_AGO,
                    evidence="form",
                ),
            ),
        ),
    )
    return store


@pytest.fixture
def arrive(shop, smtp, maildir, server, parcel):
    """`arrive(mail_of, …)`: a mail that came back of a message, read and kept."""

    def put(mail_of, *given):
        mail = smtp(maildir=maildir)
        mail.send(parcel(purpose="marketing"))
        path = maildir / "new" / f"{len(server.received)}.host"
        path.write_bytes(mail_of(server.received[-1], *given))
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
        return told(shop, Plan("mail", lambda stop: smtp(maildir=maildir)))

    return put


def standing(store):
    with store.read() as tx:
        return standings(tx, [asked := Asked(1, POINT, "marketing")])[asked].state


def stopped(store):
    with store.read() as tx:
        held = suppressions.in_force(tx, {POINT}).get(POINT, ())
    return {(each.stops, each.reason) for each in held}


def test_who_agreed_may_be_written_to(shop):
    assert (standing(shop), stopped(shop)) == ("granted", set())


def test_a_dead_mailbox_stops_everything_and_says_nothing_of_consent(shop, arrive):
    arrive(delivery_report)

    assert (standing(shop), stopped(shop)) == ("granted", {("all", "bounce")})


def test_a_complaint_stops_marketing(shop, arrive):
    arrive(complaint)

    assert stopped(shop) == {("marketing", "complaint")}


def test_a_followed_link_takes_the_consent_back(shop, arrive):
    arrive(unsubscribing)

    assert standing(shop) == "revoked"
    assert stopped(shop) == {("marketing", "unsubscribe")}


def test_the_same_mail_read_again_says_nothing_new(shop, arrive, smtp, maildir):
    arrive(unsubscribing)

    told(shop, Plan("mail", lambda stop: smtp(maildir=maildir)), options=Options(full=True))

    with shop.read() as tx:
        assert len(suppressions.latest(tx, 10)) == 1
    assert standing(shop) == "revoked"
