"""Whether a parcel may go out now: its members, its key, and what nobody can be sure of."""

from datetime import timedelta
from random import Random

import pytest
from sendings import NOW, NOW_US, box, message, tried
from tokui.model import microseconds
from tokui.outreach.judge import HELD, Judge
from tokui.store.messages import Denied

NO = Denied("consent", "revoked")
LATER = Denied("quiet", "hours", NOW + timedelta(hours=9))
HELD_BACK = Denied("hook:minder", "RuntimeError", held=True)
DAY = timedelta(hours=24)


def judge(parcel, members, denials=None, lifetime=DAY):
    return Judge(lifetime, Random(1)).judge(parcel, members, denials or {}, NOW)


def test_a_parcel_that_may_go_is_leased_under_a_new_token():
    judged = judge(box(token=4), [message(1), message(2)])

    assert [each.id for each in judged.go] == [1, 2]
    assert (judged.box.state, judged.box.token, judged.box.tries) == ("leased", 5, 1)
    assert (judged.box.key, judged.box.first_tried_at) == ("key-1", NOW_US)


@pytest.mark.parametrize("denied", [NO, LATER, HELD_BACK])
def test_who_must_not_get_it_leaves_before_the_first_try(denied):
    judged = judge(box(), [message(1), message(2)], {1: denied})

    assert [each.id for each in judged.go] == [2]
    assert judged.leave == {1: denied}
    assert judged.box.key == "key-1"


def test_a_parcel_without_members_is_done():
    judged = judge(box(), [message(1, "cancelled"), message(2)], {2: NO})

    assert (judged.go, judged.box.state) == ((), "done")


def test_a_parcel_that_was_surely_not_sent_keeps_its_key_for_the_same_members():
    judged = judge(tried(30, doubtful=False), [message(1, "deferred"), message(2, "deferred")])

    assert (judged.box.key, len(judged.go)) == ("key-1", 2)


def test_a_parcel_that_was_put_off_for_long_gets_a_key_whose_lifetime_has_not_begun():
    put_off = tried(31, doubtful=False)

    judged = judge(put_off, [message(1, "deferred")])

    assert judged.box.key != "key-1"
    assert judged.box.first_tried_at == put_off.first_tried_at


def test_where_keys_are_marks_only_a_parcel_keeps_its_own():
    judged = judge(tried(31, doubtful=False), [message(1, "deferred")], lifetime=None)

    assert judged.box.key == "key-1"


def test_a_key_is_never_used_again_for_fewer_members():
    fewer = [message(1, "deferred"), message(2, "cancelled")]

    judged = judge(tried(30, doubtful=False), fewer)

    assert judged.box.key != "key-1"
    assert judged.box.first_tried_at == NOW_US


def test_what_may_have_been_sent_goes_again_under_the_same_key_to_the_same_members():
    judged = judge(tried(30, doubtful=True), [message(1, "deferred"), message(2, "deferred")])

    assert (judged.box.key, len(judged.go)) == ("key-1", 2)
    assert judged.box.first_tried_at == NOW_US - 30 * 60_000_000


@pytest.mark.parametrize(("hours", "goes"), [(22.9, True), (23, False), (30, False)])
def test_a_key_is_trusted_until_an_hour_before_the_provider_forgets_it(hours, goes):
    judged = judge(tried(int(hours * 60), doubtful=True), [message(1, "deferred")])

    assert bool(judged.go) is goes
    if not goes:
        turn = judged.turns[1]
        assert (turn.state, turn.reason, judged.box.state) == ("unknown", "key_expired", "done")


def test_nobody_gets_what_may_have_been_sent_once_one_of_them_said_no():
    members = [message(1, "deferred"), message(2, "deferred")]

    judged = judge(tried(30, doubtful=True), members, {1: NO})

    assert (judged.go, judged.box.state) == ((), "done")
    assert [(turn.state, turn.reason) for turn in judged.turns.values()] == [
        ("unknown", "revoked"),
        ("unknown", "broken_up"),
    ]
    assert judged.turns[2].sent_at == NOW - timedelta(minutes=30)


def test_what_may_have_been_sent_is_not_tried_again_when_one_of_them_was_taken_back():
    judged = judge(tried(30, doubtful=True), [message(1, "deferred"), message(2, "unknown")])

    assert judged.go == ()
    assert judged.turns[1].reason == "broken_up"
    assert 2 not in judged.turns


def test_what_may_have_been_sent_and_has_no_members_any_more_is_done():
    judged = judge(tried(30, doubtful=True), [])

    assert (judged.go, judged.box.state) == ((), "done")


@pytest.mark.parametrize(
    ("denied", "until"), [(LATER, NOW + timedelta(hours=9)), (HELD_BACK, NOW + HELD)]
)
def test_what_may_have_been_sent_waits_whole_where_one_must_wait(denied, until):
    members = [message(1, "deferred"), message(2, "deferred")]

    judged = judge(tried(30, doubtful=True), members, {1: denied})

    assert (judged.go, judged.leave) == ((), {})
    assert (judged.box.state, judged.box.due_at) == ("waiting", microseconds(until))
    assert {turn.state for turn in judged.turns.values()} == {"deferred"}
