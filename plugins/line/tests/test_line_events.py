"""What becomes of LINE's events."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokui.connector import Note, Refetch
from tokui.model import Consent, Customer, Delivery, Event, Gone, Record, Suppression
from tokui_line.mapping.events import Events

HANA = f"U{'a' * 32}"


@pytest.fixture
def unpacked(account, vendor):
    """`unpacked(CASE, **changes)`: records of an event."""

    def unpack(case, **changes):
        payload = {**vendor(case), **changes}
        note = Note(payload["webhookEventId"], payload["type"], payload)
        return list(account.unpack(note))

    return unpack


def only(kind, records):
    (found,) = (each for each in records if type(each) is kind)
    return found


def test_a_follow_is_an_event_and_lifts_a_block(unpacked):
    records = unpacked("follow")

    event, lift = only(Event, records), only(Suppression, records)
    assert (event.type, event.customer, event.data) == ("follow", HANA, {"unblocked": False})
    assert event.occurred_at == datetime(2021, 7, 7, 13, 40, 42, 214_000, UTC)
    assert (lift.lifted, lift.value, lift.account_only) == (True, HANA, True)
    assert records[-1] == Refetch("followers", (HANA,))


def test_a_follow_is_no_consent(unpacked):
    assert not any(isinstance(each, Consent) for each in unpacked("follow"))


def test_a_block_stops_everything_of_this_account_alone(unpacked):
    records = unpacked("unfollow")

    stop = only(Suppression, records)
    assert only(Event, records).type == "unfollow"
    assert (stop.contact, stop.value, stop.stops) == ("line_user_id", HANA, "all")
    assert (stop.reason, stop.account_only, stop.lifted) == ("block", True, False)


def test_a_message_is_a_chat_with_its_text(unpacked):
    records = unpacked("text")

    chat, customer = only(Event, records), only(Customer, records)
    assert (chat.type, chat.text) == ("chat", "明日は開いていますか")
    assert chat.data == {"kind": "text"}
    assert (customer.identifiers[0].value, customer.identifiers[0].issuer) == (
        HANA,
        "line:2000000001",
    )
    assert set(customer.withheld) == {"identifiers", "name", "language"}


def test_a_sticker_is_a_chat_without_text(unpacked):
    chat = only(Event, unpacked("sticker"))

    assert (chat.type, chat.text, chat.data) == ("chat", None, {"kind": "sticker"})


def test_no_reply_or_quote_token_is_kept(unpacked):
    kept = repr([unpacked(case) for case in ("text", "follow", "sticker")])

    assert "38ef843bde154d9b91c21320ffd17a0f" not in kept
    assert "q3Plxr4AgKd" not in kept


def test_a_message_that_is_taken_back_is_gone(unpacked):
    chat, gone = only(Event, unpacked("text")), only(Gone, unpacked("unsend"))

    assert (gone.kind, gone.external_id) == ("event", chat.external_id)


def test_a_postback_keeps_its_data(unpacked):
    event = only(Event, unpacked("postback"))

    assert event.type == "postback"
    assert event.data == {"data": "visit", "params": {"date": "2026-10-03"}}


def test_the_delivery_of_a_notification_is_that_of_our_parcel(unpacked):
    (report,) = unpacked("delivery")

    assert isinstance(report, Delivery)
    assert report.parcel == "123e4567-e89b-42d3-a456-426614174000"
    assert report.state == "delivered"


def test_a_delivery_by_phone_number_is_not_kept(unpacked):
    assert unpacked("delivery", delivery={"data": "d41e0ad70dddfeb68f149ad6fc61574b"}) == []


@pytest.mark.parametrize(
    ("case", "type_"),
    [("beacon", "line.beacon"), ("videoPlayComplete", "line.video_play_complete")],
)
def test_an_event_of_another_type_is_kept_by_its_name(unpacked, case, type_):
    assert only(Event, unpacked(case)).type == type_


@pytest.mark.parametrize("case", ["group", "botSuspended"])
def test_what_is_about_no_person_is_left_out(unpacked, case):
    assert unpacked(case) == []


@pytest.mark.parametrize("type_", ["", "x y", "名前", "a" * 99])
def test_a_type_that_is_no_name_is_left_out(unpacked, type_):
    assert unpacked("beacon", type=type_) == []


@pytest.mark.parametrize(
    ("case", "changes"),
    [
        ("text", {"message": {"type": "text", "id": "1"}}),
        ("text", {"message": {"type": "text", "id": "1", "text": ["?"]}}),
        ("text", {"timestamp": "yesterday"}),
        ("follow", {"follow": None}),
        ("postback", {"postback": {}}),
        ("accountLink", {"link": {"result": "ok"}}),
        ("unsend", {"unsend": {}}),
        ("beacon", {"source": {"userId": HANA}}),
    ],
)
def test_a_broken_event_is_an_error_of_its_own(unpacked, case, changes):
    with pytest.raises(Exception, match=r".*") as error:
        unpacked(case, **changes)

    assert HANA not in str(error.value)


def test_an_unknown_field_changes_nothing(unpacked):
    assert unpacked("text", tokui_unknown={"x": 1}) == unpacked("text")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = ("message", "postback", "link", "follow", "unsend", "delivery", "source", "timestamp")
TYPES = ("follow", "unfollow", "message", "unsend", "postback", "accountLink", "delivery", "x")


@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_an_event_holds_it_is_records_or_an_error_of_its_own(type_, fields):
    known = {"source": {"type": "user", "userId": HANA}, "timestamp": 1, "webhookEventId": "1"}
    events = Events("line:1", None)

    with suppress(Exception):
        for each in events.unpack({**known, **fields, "type": type_}):
            assert isinstance(each, Record | Refetch)
