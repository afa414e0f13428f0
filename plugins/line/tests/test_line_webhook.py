"""Webhooks: whether it is LINE that speaks, and the events in their order."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokui.connector import Request
from tokui.errors import AuthError, FatalError, SkipItem
from tokui_contracts.context import NOON, context
from tokui_contracts.line import SECRET
from tokui_contracts.line.account import BOT
from tokui_contracts.line.webhooks import Webhooks
from tokui_line.connector import Line
from tokui_line.settings import LineSettings

HANA = f"U{'a' * 32}"
HOOKS = Webhooks(BOT, SECRET, lambda: NOON)


@pytest.fixture(scope="module")
def account() -> Line:
    settings = LineSettings(provider="1", access_token="t", channel_secret=SECRET)
    return Line("line", settings, context("line"))


def test_a_signed_webhook_gives_one_note_for_each_event(account):
    events = [HOOKS.followed(HANA), HOOKS.said(HANA, "こんにちは")]

    notes = account.verify(HOOKS.request(*events))

    assert [note.topic for note in notes] == ["follow", "message"]
    assert [note.event_id for note in notes] == [each["webhookEventId"] for each in events]


def test_the_trial_call_has_no_events_and_is_fine(account):
    assert account.verify(HOOKS.request()) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda it: replace(it, headers={}),
        lambda it: replace(it, headers={"x-line-signature": ""}),
        lambda it: replace(it, headers={"x-line-signature": "しるし"}),
        lambda it: replace(it, headers={"x-line-signature": "\udce3"}),
        lambda it: replace(it, body=it.body[:-1]),
        lambda it: replace(it, body=it.body + b" "),
        lambda it: replace(it, body=b""),
        lambda it: Webhooks(BOT, "f" * 32, lambda: NOON).signed(it.body),
    ],
)
def test_a_missing_or_wrong_signature_is_refused(account, spoil):
    with pytest.raises(AuthError, match="signature is wrong"):
        account.verify(spoil(HOOKS.request(HOOKS.followed(HANA))))


@given(st.binary(), st.text())
def test_nothing_but_a_signature_opens(body, signature):
    settings = LineSettings(provider="1", access_token="t", channel_secret=SECRET)
    request = Request("POST", "/line", {"x-line-signature": signature}, body, NOON)

    with pytest.raises(AuthError):
        Line("line", settings, context("line")).verify(request)


def test_without_the_channel_secret_no_webhook_is_believed():
    account = Line("line", LineSettings(provider="1", access_token="t"), context("line"))

    with pytest.raises(AuthError, match="channel secret"):
        account.verify(HOOKS.request())


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"events": {}}', b"\xff", b"[" * 100_000, b'{"events": NaN}']
)
def test_what_is_signed_and_no_webhook_is_a_fatal_error(account, body):
    with pytest.raises(FatalError):
        account.verify(HOOKS.signed(body))


def test_a_bad_event_among_a_hundred_is_set_aside_alone(account):
    events = [HOOKS.said(HANA, f"{number}") for number in range(99)]
    body = {"destination": BOT, "events": [*events[:50], ["?"], *events[50:]]}

    notes = account.verify(HOOKS.signed(json.dumps(body).encode()))
    bad = [note for note in notes if note.topic == "unreadable"]

    assert len(notes) == 100
    with pytest.raises(SkipItem):
        list(account.unpack(bad[0]))
    assert all(list(account.unpack(note)) for note in notes if note not in bad)


@given(st.permutations(range(8)), st.lists(st.integers(0, 7), max_size=8))
def test_in_any_order_and_number_the_same_events_are_the_same_facts(order, again):
    settings = LineSettings(provider="1", access_token="t", channel_secret=SECRET)
    account = Line("line", settings, context("line"))
    events = [HOOKS.said(HANA, f"{number}") for number in range(8)]

    first = account.verify(HOOKS.request(*(events[number] for number in order)))
    later = account.verify(HOOKS.request(*(events[number] for number in again), redelivered=True))

    facts = {note.event_id: list(account.unpack(note)) for note in first}
    assert [note.event_id for note in first] == [each["webhookEventId"] for each in events]
    assert all(list(account.unpack(note)) == facts[note.event_id] for note in later)
