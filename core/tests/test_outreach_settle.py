"""What an answer, or its absence, makes of a parcel and its messages."""

from random import Random

import pytest
from sendings import NOW, NOW_US, Keyless, Post, box, message, tried
from tokui.connector import Outcome
from tokui.errors import (
    AuthError,
    FatalError,
    PolicyRefusal,
    QuotaExceeded,
    RateLimited,
    Unanswered,
    Unavailable,
)
from tokui.outreach.settle import Leased, Result, interrupted, settle
from tokui.store.parcels import LEASE_S

MEMBERS = [message(1, "sending"), message(2, "sending")]


def leased(before=None):
    before = before or box()
    now = before._replace(
        state="leased",
        token=before.token + 1,
        tries=before.tries + 1,
        owner="me",
        lease_until=NOW_US + LEASE_S * 1_000_000,
    )
    first = before.first_tried_at or NOW_US
    return Leased(before, now._replace(first_tried_at=first), MEMBERS)


def of(*states, channel=None, before=None, error=None, begun=True):
    outcomes = [
        Outcome(each.address, state, None if state == "accepted" else f"says {state}")
        for each, state in zip(MEMBERS, states, strict=False)
    ]
    result = Result(leased(before), outcomes, error, begun)
    return settle(result, channel or Post(), NOW_US, Random(1))


def states(settled):
    return [turn.state for turn in settled.turns.values()]


def test_what_is_accepted_is_sent_and_the_parcel_is_done():
    settled = of("accepted", "accepted")

    assert (states(settled), settled.box.state) == (["sent", "sent"], "done")
    assert settled.turns[1].sent_at == NOW


def test_a_channel_that_proves_it_has_delivered():
    class Hand(Post):
        proves = "delivered"

    assert states(of("accepted", "accepted", channel=Hand())) == ["delivered", "delivered"]


def test_each_address_has_its_own_outcome():
    settled = of("accepted", "refused")

    assert states(settled) == ["sent", "refused"]
    assert settled.turns[2].reason == "says refused"


def test_who_was_put_off_alone_gets_a_parcel_of_their_own():
    settled = of("accepted", "deferred")

    assert (states(settled), settled.loose, settled.box.state) == (
        ["sent", "deferred"],
        [2],
        "done",
    )


def test_a_parcel_that_is_put_off_whole_waits_under_its_key():
    settled = of("deferred", "deferred")

    assert (states(settled), settled.box.state) == (["deferred", "deferred"], "waiting")
    assert settled.box.due_at > NOW_US
    assert (settled.box.key, settled.box.doubtful, settled.loose) == ("key-1", False, ())


@pytest.mark.parametrize("error", [Unanswered("lost"), RuntimeError("a bug"), SystemExit(0)])
def test_without_an_answer_a_key_allows_another_try(error):
    settled = of(error=error)

    assert (states(settled), settled.box.state) == (["deferred", "deferred"], "waiting")
    assert settled.box.doubtful


@pytest.mark.parametrize("error", [Unanswered("lost"), RuntimeError("a bug"), SystemExit(0)])
def test_without_an_answer_and_without_a_key_nobody_knows(error):
    settled = of(error=error, channel=Keyless())

    assert (states(settled), settled.box.state) == (["unknown", "unknown"], "done")
    assert settled.turns[1].sent_at == NOW


def test_the_words_of_a_foreign_error_are_not_kept():
    assert (
        of(error=RuntimeError("090-1234-5678"), channel=Keyless()).turns[1].reason == "RuntimeError"
    )


@pytest.mark.parametrize("channel", [Post, Keyless])
def test_an_address_without_an_outcome_may_have_got_it(channel):
    settled = of("accepted", channel=channel())

    assert states(settled) == ["sent", "unknown"]
    assert settled.turns[2].reason == "no_outcome"


@pytest.mark.parametrize("error", [QuotaExceeded("spent"), AuthError("refused")])
def test_what_the_account_cannot_send_stays_queued_with_the_reason(error):
    settled = of(error=error)

    assert (states(settled), settled.box.state) == (["queued", "queued"], "waiting")
    assert settled.turns[1].reason == error.what


def test_a_pause_that_is_asked_for_is_kept():
    settled = of(error=RateLimited("slow", retry_after_s=120))

    assert 120 <= (settled.box.due_at - NOW_US) / 1e6 <= 121


def test_the_pause_grows_with_the_tries_up_to_a_quarter_of_an_hour():
    pauses = [
        (of(error=Unavailable("down"), before=box(tries=tries)).box.due_at - NOW_US) / 1e6
        for tries in range(12)
    ]

    assert 2.5 <= pauses[0] <= 5
    assert 450 <= pauses[-1] <= 900


@pytest.mark.parametrize(
    ("error", "state"), [(FatalError("bad"), "failed"), (PolicyRefusal("no"), "refused")]
)
def test_a_parcel_that_is_refused_for_good(error, state):
    assert states(of(error=error)) == [state, state]


@pytest.mark.parametrize("error", [FatalError("bad"), PolicyRefusal("no")])
def test_a_refusal_says_nothing_of_a_try_before_it(error):
    settled = of(error=error, before=tried(30, doubtful=True))

    assert states(settled) == ["unknown", "unknown"]


def test_doubt_stays_when_the_next_try_is_put_off():
    settled = of(error=RateLimited("slow"), before=tried(30, doubtful=True))

    assert settled.box.doubtful
    assert settled.box.first_tried_at == NOW_US - 30 * 60_000_000


def test_a_call_that_was_not_made_leaves_everything_as_it_was():
    before = tried(30, doubtful=False)

    settled = of(begun=False, before=before)

    assert settled.box == before._replace(token=before.token + 1)


@pytest.mark.parametrize(
    ("channel", "state", "kept"), [(Post, "deferred", "waiting"), (Keyless, "unknown", "done")]
)
def test_a_lease_whose_holder_died(channel, state, kept):
    settled = interrupted(leased().box, MEMBERS, channel(), NOW_US)

    assert (states(settled), settled.box.state) == ([state, state], kept)
    assert settled.turns[1].reason == "interrupted"


def test_doubt_begins_with_the_try_that_nobody_answered():
    settled = of(error=Unanswered("lost"), before=tried(26 * 60, doubtful=False))

    assert settled.box.first_tried_at == NOW_US


def test_what_is_put_off_for_three_days_has_failed():
    settled = of("deferred", "deferred", before=tried(72 * 60, doubtful=False))

    assert (states(settled), settled.box.state) == (["failed", "failed"], "done")
    assert settled.turns[1].reason == "says deferred"
