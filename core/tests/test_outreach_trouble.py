"""What the outbox does when a provider does not answer, refuses, or cannot be reached."""

import threading
import time

import pytest
from sendings import (
    ONCE,
    Keyless,
    Post,
    accept,
    fails,
    later,
    nothing,
    plan,
    queue,
    reasons,
    run,
    states,
)
from tokui.connector import Outcome
from tokui.errors import AuthError, QuotaExceeded, RateLimited, Unanswered, Unavailable
from tokui.outreach import calls
from tokui.outreach.outbox import send
from tokui.outreach.plan import Options, Plan
from tokui.outreach.say import Say
from tokui.store import messages, suppressions, turns
from tokui.store.messages import Denied


def test_a_lost_answer_is_asked_for_again_under_the_same_key(store):
    queue(store)
    post = Post(fails(Unanswered("lost")))
    run(store, post)
    assert states(store) == {1: "deferred"}

    post.answer = accept
    run(later(store, hours=1), post)

    assert states(store) == {1: "sent"}
    assert len({each.key for each in post.got}) == 1


def test_what_may_have_been_sent_counts_as_sent_until_it_is_known(store):
    (number,) = queue(store)
    post, hour = Post(fails(Unanswered("lost"))), later(store, hours=1)
    run(store, post)
    with store.read() as tx:
        asked = messages.get(tx, number).sent_at

    post.answer = fails(RateLimited("slow"))
    run(hour, post, denials=lambda tx, some, now: {number: Denied("hook", "x", held=True)})
    run(later(store, hours=2), post)

    with store.read() as tx:
        assert (messages.get(tx, number).sent_at, messages.get(tx, number).state) == (
            asked,
            "deferred",
        )
    assert asked is not None


def test_after_a_day_nobody_asks_again(store):
    queue(store)
    post = Post(fails(Unanswered("lost")))
    run(store, post)

    run(later(store, hours=23), post)

    assert (states(store), len(post.got)) == ({1: "unknown"}, 1)


def test_without_a_key_nothing_is_ever_sent_again_by_itself(store):
    queue(store)
    keyless = Keyless(fails(Unanswered("lost")))
    report = run(store, keyless)
    assert (states(store), report.exit_code) == ({1: "unknown"}, 5)

    keyless.answer = accept
    run(later(store, days=30), keyless)

    assert (states(store), len(keyless.got)) == ({1: "unknown"}, 1)


def test_a_person_sends_it_again_under_a_new_key(store):
    queue(store)
    keyless = Keyless(fails(Unanswered("lost")))
    run(store, keyless)
    with store.write() as tx:
        turns.retry(tx, [1], "林")

    keyless.answer = accept
    run(store, keyless)

    assert states(store) == {1: "sent"}
    assert len({each.key for each in keyless.got}) == 2


@pytest.mark.parametrize(("error", "code"), [(QuotaExceeded("spent"), 6), (AuthError("no"), 4)])
def test_an_account_that_cannot_send_rests_after_one_call(store, error, code):
    queue(store, 20)
    post = Post(fails(error))

    report = run(store, post)

    assert (report.exit_code, len(post.got)) == (code, 1)
    assert set(states(store).values()) == {"queued"}


def test_a_provider_that_nobody_reaches_is_given_up_by_a_run_that_is_to_end(store, monkeypatch):
    monkeypatch.setattr("tokui.outreach.brake.FIRST_PAUSE_S", 0.01)
    queue(store, 50)
    post = Post(fails(Unavailable("down")))

    report = run(store, post)

    assert (report.exit_code, len(post.got)) == (6, 5)
    assert isinstance(report.connections[0].error, Unavailable)


def test_nothing_is_leased_by_a_channel_that_is_not_ready(store):
    class Unready(Post):
        def ready(self):
            raise AuthError("no token")

    queue(store)
    post = Unready()

    report = run(store, post)

    assert (report.exit_code, post.got, states(store)) == (4, [], {1: "queued"})
    assert reasons(store) == {1: ("provider", "no token")}


def test_a_pause_that_a_provider_asks_for_is_kept(store):
    queue(store, 3)
    at = []

    def answer(parcel):
        at.append(time.monotonic())
        if len(at) == 1:
            raise RateLimited("slow", retry_after_s=0.3)
        return accept(parcel)

    run(store, Post(answer))

    assert at[1] - at[0] >= 0.3
    assert sorted(states(store).values()) == ["deferred", "sent", "sent"]


def test_calls_keep_to_a_rate(store):
    queue(store, 8)
    post = Post()
    began = time.monotonic()

    send(store, [plan(post, rate_per_s=10)], Say(nothing), ONCE)

    assert len(post.got) == 8
    assert time.monotonic() - began >= 0.4


def test_an_address_that_does_not_exist_is_suppressed_and_what_waits_for_it_is_cancelled(store):
    queue(store, 2, address="gone@example.jp", point="email:*:gone@example.jp")

    def answer(parcel):
        return [
            Outcome(each, "refused", "no such user", suppress=True) for each in parcel.addresses
        ]

    run(store, Post(answer))

    assert states(store) == {1: "refused", 2: "cancelled"}
    with store.read() as tx:
        (said,) = suppressions.in_force(tx, ["email:*:gone@example.jp"])["email:*:gone@example.jp"]
    assert (said.stops, said.reason, said.account_only) == ("all", "bounce", False)


def test_a_dead_channel_delays_no_other(store):
    queue(store, 3)
    queue(store, 3, connection="line")
    hangs = threading.Event()

    def hang(parcel):
        hangs.wait(10)
        return accept(parcel)

    slow, quick = Post(hang), Post(lambda parcel: hangs.set() or accept(parcel))

    send(store, [plan(slow), Plan("line", lambda stop: quick)], Say(nothing), ONCE)

    assert set(states(store).values()) == {"sent"}


def test_a_call_that_takes_too_long_is_given_up_and_its_late_answer_still_counts(
    store, monkeypatch
):
    monkeypatch.setattr(calls, "CALL_S", 0.2)
    queue(store)
    seen, stop = [], time.monotonic() + 3

    def answer(parcel):
        while states(store) != {1: "unknown"} and time.monotonic() < stop:
            time.sleep(0.05)
        seen.append(states(store)[1])
        return accept(parcel)

    def halted():
        return states(store) == {1: "sent"} or time.monotonic() > stop

    send(store, [plan(Keyless(answer))], Say(nothing), Options(), halted=halted)

    assert (seen, states(store)) == (["unknown"], {1: "sent"})


def test_two_runs_side_by_side_send_nothing_twice(store):
    queue(store, 60)
    post, twin = Post(), Post()
    other = threading.Thread(target=run, args=(store, twin))
    other.start()

    run(store, post)
    other.join()

    keys = [each.key for each in (*post.got, *twin.got)]
    assert (len(keys), len(set(keys))) == (60, 60)
    assert set(states(store).values()) == {"sent"}
