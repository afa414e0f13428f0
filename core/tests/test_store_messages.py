"""Messages as they stand, and every turn that they take."""

from datetime import timedelta
from random import Random

import pytest
from sendings import queue
from tokui.model import Customer, Delivery, Identifier, moment
from tokui.store import messages, parcels, profiles, turns
from tokui.store.deliveries import report
from tokui.store.feed import Changes
from tokui.store.messages import Denied, New
from tokui.store.turns import Turn
from tokui_contracts.scripted import page, script, told

AYA = Customer(external_id="1", identifiers=(Identifier(kind="email", value="1@example.jp"),))


def states(store):
    with store.read() as tx:
        return {each.id: each.state for each in messages.find(tx)}


def words(store, number):
    with store.read() as tx:
        return [(each.state, each.rule, each.actor) for each in messages.steps(tx, number)]


def turned(store, number, state, **more):
    with store.write() as tx:
        turns.turn(tx, {number: Turn(state, **more)})


def packed(store, most=1):
    """Everything in parcels; which messages are together."""
    with store.write() as tx:
        loose = parcels.loose(tx, "post", tx.now_us, 1_000)
        ids = parcels.enqueue(tx, loose, most, Random(1))
        return [[each.id for each in some] for some in parcels.members(tx, ids).values()]


def test_who_drafted_and_who_approved_is_kept(store):
    queue(store)

    assert words(store, 1) == [("draft", "staff", "森"), ("approved", "approval", "林")]
    with store.read() as tx:
        assert messages.get(tx, 1).approved_by == "林"


def test_only_drafts_are_approved(store):
    queue(store)

    with store.write() as tx:
        assert turns.approve(tx, [1, 99], "林") == []


def test_what_is_denied_is_refused_deferred_or_held(store):
    queue(store, 3)
    with store.write() as tx:
        now = moment(tx.now_us)
        later, held = now + timedelta(hours=2), now + timedelta(minutes=10)
        denials = {
            1: Denied("consent", "revoked"),
            2: Denied("quiet", "hours", later),
            3: Denied("hook:minder", "failed", held=True),
        }
        turns.deny(tx, denials, held)

        found = messages.these(tx, [1, 2, 3])

    assert [each.state for each in found] == ["refused", "deferred", "deferred"]
    assert [each.due_at for each in found[1:]] == [later, held]


def test_messages_that_say_the_same_share_a_parcel(store):
    queue(store, 5, content='{"text": "same"}')

    assert packed(store, most=3) == [[1, 2, 3], [4, 5]]


def test_words_purpose_topic_and_language_part_them(store):
    queue(store, 1, content="{}")
    for more in (
        {"purpose": "marketing"},
        {"topic": "news"},
        {"language": "en"},
        {"content": "[]"},
    ):
        queue(store, 1, **{"content": "{}", **more})

    assert packed(store, most=100) == [[1], [2], [3], [4], [5]]


def test_no_address_is_in_a_parcel_twice(store):
    queue(store, 3, content="{}", address="family@example.jp")

    assert packed(store, most=3) == [[1], [2], [3]]


def test_what_is_cancelled_may_not_be_under_way(store):
    queue(store, 3)
    turned(store, 2, "sending")
    turned(store, 3, "sent")

    with store.write() as tx:
        assert turns.cancel(tx, [1, 2, 3], "staff", None, "林") == [1]
    assert states(store) == {1: "cancelled", 2: "sending", 3: "sent"}


def test_what_may_have_been_sent_cannot_be_taken_back(store):
    queue(store)
    packed(store)
    with store.write() as tx:
        (box,) = parcels.due(tx, "post", tx.now_us, 10)
        parcels.put(tx, [box._replace(doubtful=True, first_tried_at=tx.now_us)])
        turns.cancel(tx, [1], "staff", None, "林")

        (found,) = messages.these(tx, [1])

    assert found.state == "unknown"
    assert found.sent_at is not None


def test_only_what_failed_or_nobody_knows_of_is_queued_again_without_its_parcel(store):
    queue(store, 3)
    packed(store)
    turned(store, 1, "unknown")
    turned(store, 2, "failed")

    with store.write() as tx:
        assert turns.retry(tx, [1, 2, 3], "林") == [1, 2]
        found = messages.these(tx, [1, 2, 3])

    assert [each.parcel_id is None for each in found] == [True, True, False]
    assert words(store, 1)[-1] == ("queued", "staff", "林")


def test_a_withdrawal_cancels_what_waits_at_these_contact_points(store):
    queue(store, 3)
    turned(store, 2, "deferred")

    with store.write() as tx:
        points = ["email:*:1@example.jp", "email:*:2@example.jp"]
        assert turns.withdraw(tx, points, "consent", "revoked") == [1, 2]

    assert states(store) == {1: "cancelled", 2: "cancelled", 3: "queued"}


@pytest.mark.parametrize(
    "more", [{"purposes": ["marketing"]}, {"connection": "line"}, {"topic": "new_arrivals"}]
)
def test_a_withdrawal_may_concern_some_only(store, more):
    queue(store)

    with store.write() as tx:
        assert turns.withdraw(tx, ["email:*:1@example.jp"], "consent", "revoked", **more) == []


def test_what_was_sent_is_counted_by_person_over_all_their_records(store):
    told(store, script("shop", page(AYA)))
    told(store, script("till", page(AYA)))
    with store.write() as tx:
        places = [profiles.place_of(tx, name, "1") for name in ("shop", "till")]
        news = [New(each[0], "post", "p", "a", "{}", "森", "marketing") for each in places]
        ids = turns.approve(tx, turns.draft(tx, news), "林")
        now = moment(tx.now_us)
        turns.move(tx, {ids[0]: Turn("sending", sent_at=now), ids[1]: Turn("unknown", sent_at=now)})
        person = places[0][1]

        since = now - timedelta(days=7)
        assert messages.sent_counts(tx, [person], "marketing", since) == {person: 2}
        assert messages.sent_counts(tx, [person], "service", since) == {}
        assert messages.sent_counts(tx, [person], "marketing", now + timedelta(1)) == {}


def delivered(state, value=None, parcel="key", at=0, **more):
    return Delivery(
        external_id=f"{state}-{at}",
        parcel=parcel,
        value=value,
        state=state,
        occurred_at=moment(1_000_000 * (at + 1)),
        **more,
    )


@pytest.fixture
def gone_out(store):
    """A message to Aya that was sent, in the parcel `key`."""
    told(store, script("shop", page(AYA)))
    with store.read() as tx:
        customer_id, _ = profiles.place_of(tx, "shop", "1")
    queue(store, customer_id=customer_id)
    packed(store)
    with store.write() as tx:
        (box,) = parcels.due(tx, "post", tx.now_us, 1)
        parcels.put(tx, [box._replace(key="key", state="done")])
    turned(store, 1, "sent")
    return store


def reported(store, *deliveries):
    with store.write() as tx:
        changes = Changes()
        counts = report(tx, "post", deliveries, changes)
        return counts.stored, len(changes.seen)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("delivered", "delivered"),
        ("opened", "delivered"),
        ("bounced", "failed"),
        ("deferred", "sent"),
    ],
)
def test_a_report_moves_the_message_and_is_kept(gone_out, said, state):
    assert reported(gone_out, delivered(said, "1@Example.jp")) == (1, 1)

    assert states(gone_out) == {1: state}
    assert words(gone_out, 1)[-1] == (said, "provider", None)


def test_a_report_counts_once(gone_out):
    reported(gone_out, delivered("delivered"))

    assert reported(gone_out, delivered("delivered"), delivered("delivered")) == (0, 0)


def test_what_bounced_stays_so_whatever_comes_later(gone_out):
    reported(gone_out, delivered("bounced", at=5), delivered("delivered", at=9))

    assert states(gone_out) == {1: "failed"}


@pytest.mark.parametrize("stranger", [{"parcel": "another"}, {"value": "2@example.jp"}])
def test_reports_on_what_is_not_ours_are_left_out(gone_out, stranger):
    assert reported(gone_out, delivered("bounced", **stranger)) == (0, 0)
    assert states(gone_out) == {1: "sent"}


def test_a_report_settles_what_nobody_knew(gone_out):
    turned(gone_out, 1, "unknown")

    reported(gone_out, delivered("delivered"))

    assert states(gone_out) == {1: "delivered"}
