"""All that is known about reaching a person, on either database; who got what of a campaign."""

from datetime import UTC, datetime
from random import Random

import pytest
from tokui.model import Consent, Customer, Delivery, Identifier, Suppression
from tokui.store import contacted, deliveries, messages, parcels, profiles, suppressions, turns
from tokui.store.campaign import in_campaign
from tokui.store.feed import Changes
from tokui.store.messages import Denied, New
from tokui.store.turns import Turn
from tokui_contracts.scripted import page, script, told

POINT = "email:*:aya@example.com"
LATER = datetime(2099, 1, 1, tzinfo=UTC)
AYA = Customer(external_id="1", identifiers=(Identifier(kind="email", value="aya@example.com"),))
YES = Consent(
    external_id="1:email",
    customer="1",
    contact="email",
    state="granted",
    occurred_at=datetime(2026, 1, 2, tzinfo=UTC),
    evidence="form",
)
NEVER_ASKED = YES.model_copy(
    update={"state": "unknown", "occurred_at": None, "external_id": "1:phone", "contact": "phone"}
)


@pytest.fixture
def aya(store):
    told(store, script("shop", page(AYA, YES, NEVER_ASKED)))
    return store


def draft(tx, **fields):
    customer_id, _ = profiles.place_of(tx, "shop", "1")
    said = {"point": POINT, "purpose": "marketing", "author": "staff:森"} | fields
    (number,) = turns.draft(tx, [New(customer_id, "mail", address="a", content="{}", **said)])
    return number


def known(store):
    with store.read() as tx:
        _, profile_id = profiles.place_of(tx, "shop", "1")
        found = contacted.of_profile(tx, profile_id, [POINT])
    return sorted((each.what, each.state, each.reason) for each in found)


def test_a_consent_is_told_and_what_nobody_was_asked_is_not(aya):
    assert known(aya) == [("consent", "granted", None)]


def test_of_a_message_its_outcomes_are_told_and_where_it_stands_now(aya):
    with aya.write() as tx:
        number = draft(tx)
        turns.approve(tx, [number], "staff:林")
    assert ("message", "approved", None) in known(aya)
    with aya.write() as tx:
        turns.turn(tx, {number: Turn("sent", "provider", sent_at=LATER)})

    assert [each for each in known(aya) if each[0] == "message"] == [("message", "sent", None)]


def test_a_bounce_that_comes_later_is_told_beside_the_sending(aya):
    with aya.write() as tx:
        number = draft(tx)
        turns.approve(tx, [number], "staff:林")
        waiting = messages.these(tx, [number])
        (box,) = parcels.enqueue(tx, waiting, 1, Random(0))
        turns.turn(tx, {number: Turn("sent", "provider", sent_at=LATER)})
        key = parcels.now(tx, [box])[box].box.key
        bounce = Delivery(
            external_id="d", parcel=key, state="bounced", occurred_at=LATER, reason="no such box"
        )
        deliveries.report(tx, "mail", [bounce], Changes())

    told_of = [each for each in known(aya) if each[0] == "message"]
    assert told_of == [("message", "bounced", "no such box"), ("message", "sent", None)]


def test_suppressions_of_their_points_are_told_and_so_is_a_lift(aya):
    said = {
        "external_id": "s",
        "contact": "email",
        "value": "aya@example.com",
        "stops": "all",
        "reason": "bounce",
        "occurred_at": LATER,
    }
    with aya.write() as tx:
        both = [Suppression.model_validate(said | {"lifted": lifted}) for lifted in (False, True)]
        suppressions.append(tx, "mail", [(POINT, each) for each in both])

    told_of = [each for each in known(aya) if each[0] == "suppression"]
    assert told_of == [("suppression", "all", "bounce"), ("suppression", "lifted", "bounce")]


def test_a_campaign_reached_whom_it_drafted_for_unless_that_was_cancelled(aya):
    with aya.write() as tx:
        _, profile_id = profiles.place_of(tx, "shop", "1")
        number = draft(tx, campaign="april")
        turns.deny(tx, {number: Denied("consent", "unknown")}, LATER)
        assert in_campaign(tx, "april", [profile_id, 99]) == {profile_id}
        assert in_campaign(tx, "may", [profile_id]) == set()
        assert in_campaign(tx, None, [profile_id]) == set()
        other = draft(tx, campaign="may")
        turns.cancel(tx, [other], "staff", None)

        assert in_campaign(tx, "may", [profile_id]) == set()
