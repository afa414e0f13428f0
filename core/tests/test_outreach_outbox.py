"""A run of the outbox: who is asked, what is written, and what it does when others do not answer."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sendings import Bulk, Keyless, Post, accept, plan, queue
from tokui.connector import Outcome
from tokui.errors import AuthError, QuotaExceeded, RateLimited, Unanswered, Unavailable
from tokui.outreach import calls
from tokui.outreach.outbox import send
from tokui.outreach.plan import Options, Plan
from tokui.outreach.rehearse import rehearse
from tokui.outreach.say import Say
from tokui.store import messages, parcels, suppressions, turns
from tokui.store.engine import Store
from tokui.store.messages import Denied

ONCE = Options(once=True)


def nothing(tx, asked, now):
    """No rule has anything against it."""
    return {}


def fails(error):
    """A channel's answer."""

    def answer(parcel):
        raise error

    return answer


def run(store, *channels, options=ONCE, denials=nothing, **more):
    """A run by these channels."""
    return send(store, [plan(each) for each in channels], Say(denials, **more), options)


def states(store):
    with store.read() as tx:
        return {each.id: each.state for each in messages.find(tx, limit=None)}


def reasons(store):
    with store.read() as tx:
        return {each.id: (each.rule, each.reason) for each in messages.find(tx)}


def later(store, **by):
    """The same store, when some time has gone by."""
    ahead = timedelta(**by)
    return Store(store.engine, lambda: datetime.now(UTC) + ahead)


def test_what_is_due_is_sent_and_what_is_not_waits(store):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    queue(store, 3)
    queue(store, 1, due_at=tomorrow)
    post = Post()

    report = run(store, post)

    assert (report.exit_code, report.connections[0].counts) == (0, {"sent": 3})
    assert sorted(each.addresses[0] for each in post.got) == [
        "1@example.jp",
        "2@example.jp",
        "3@example.jp",
    ]
    assert list(states(store).values()).count("queued") == 1


def test_the_provider_gets_what_the_message_says_and_its_word_is_kept(store):
    queue(store, 1, topic="news", language="en", purpose="marketing")
    post = Post()

    run(store, post)

    (parcel,) = post.got
    assert (parcel.content.text, parcel.topic, parcel.language) == ("1", "news", "en")
    with store.read() as tx:
        assert messages.get(tx, 1).provider_id == "p-1@example.jp"


def test_messages_that_say_the_same_are_one_call(store):
    queue(store, 7, content='{"text": "same"}')
    bulk = Bulk()

    run(store, bulk)

    assert sorted(len(each.addresses) for each in bulk.got) == [1, 3, 3]
    assert len({each.key for each in bulk.got}) == 3


def test_only_some_messages_are_sent(store):
    ids = queue(store, 5)

    run(store, Post(), options=Options(once=True, only=ids[1:3]))

    assert [number for number, state in states(store).items() if state == "sent"] == [3, 2]


def test_rules_are_asked_inside_the_transaction_that_leases(store):
    queue(store, 3)

    def denials(tx, asked, now):
        return {each.id: Denied("consent", "revoked") for each in asked if each.id == 2}

    report = run(store, Post(), denials=denials)

    assert states(store) == {1: "sent", 2: "refused", 3: "sent"}
    assert reasons(store)[2] == ("consent", "revoked")
    assert report.connections[0].denied == {("consent", "revoked"): 1}


def test_what_a_hook_refuses_is_not_sent(store):
    queue(store, 2)

    run(store, Post(), ask=lambda asked, now: {1: Denied("hook:minder", "it is raining")})

    assert states(store)[1] == "refused"
    assert states(store)[2] == "sent"


@pytest.mark.parametrize("ask", [lambda asked, now: 1 / 0, lambda asked, now: time.sleep(2)])
def test_a_hook_that_fails_or_hangs_holds_the_message(store, ask):
    queue(store)

    run(store, Post(), ask=ask, ask_s=0.2)

    assert states(store) == {1: "deferred"}
    assert reasons(store)[1][0] == "hook"


def test_a_channel_may_object(store):
    class Shy(Post):
        def objection(self, content, purpose, language):
            return "not today" if content.text == "1" else None

    queue(store, 2)

    run(store, Shy())

    assert states(store) == {1: "refused", 2: "sent"}
    assert reasons(store)[1] == ("channel", "not today")


def test_content_that_the_channel_does_not_know_is_refused(store):
    queue(store, 1, content='{"film": "x"}')
    post = Post()

    run(store, post)

    assert (states(store), post.got) == ({1: "refused"}, [])


def test_a_lost_answer_is_asked_for_again_under_the_same_key(store):
    queue(store)
    post = Post(fails(Unanswered("lost")))
    run(store, post)
    assert states(store) == {1: "deferred"}

    post.answer = accept
    run(later(store, hours=1), post)

    assert states(store) == {1: "sent"}
    assert len({each.key for each in post.got}) == 1


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


def test_nothing_begins_after_a_halt_and_calls_under_way_are_finished(store):
    queue(store, 50)
    halted = threading.Event()

    def answer(parcel):
        halted.set()
        time.sleep(0.3)
        return accept(parcel)

    report = send(store, [plan(Post(answer))], Say(nothing), Options(), halted=halted.is_set)

    assert report.exit_code == 130
    assert set(states(store).values()) == {"queued", "sent"}


def test_a_permission_that_is_old_is_not_used(store, monkeypatch):
    monkeypatch.setattr(calls, "FRESH_S", -1.0)
    queue(store)
    post = Post()
    stop = time.monotonic() + 0.5

    send(store, [plan(post)], Say(nothing), Options(), halted=lambda: time.monotonic() > stop)

    assert (states(store), post.got) == ({1: "queued"}, [])
    with store.read() as tx:
        (box,) = parcels.due(tx, "post", store.now_us(), 10)
    assert (box.tries, box.first_tried_at) == (0, None)


def test_rules_that_fail_end_the_connection_and_nothing_goes_out(store):
    queue(store)
    post = Post()

    report = run(store, post, denials=lambda tx, asked, now: 1 / 0)

    assert (report.exit_code, post.got) == (5, [])
    assert states(store) == {1: "queued"}


def test_a_channel_that_cannot_be_made_is_in_the_report(store):
    queue(store)

    def fail(stop):
        raise RuntimeError("090-1234-5678")

    report = send(store, [Plan("post", fail)], Say(nothing), ONCE)

    assert report.exit_code == 5
    assert "090" not in str(report.connections[0].error)


def test_a_rehearsal_counts_and_writes_nothing(store):
    queue(store, 3)
    post = Post()

    found = rehearse(store, plan(post), Say(lambda tx, asked, now: {2: Denied("cap", "reached")}))

    assert found.counts == {"ready": 2, "refused": 1}
    assert (set(states(store).values()), post.got) == ({"queued"}, [])


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
