"""A run of the outbox: who is asked, what is sent and written, and how it ends."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sendings import ONCE, Bulk, Post, accept, later, nothing, plan, queue, reasons, run, states
from tokui.outreach import calls
from tokui.outreach.outbox import send
from tokui.outreach.plan import Options, Plan
from tokui.outreach.rehearse import rehearse
from tokui.outreach.say import Say
from tokui.store import messages, parcels
from tokui.store.messages import Denied


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


def test_while_a_hook_hangs_nothing_more_is_asked_and_everything_is_held(store):
    queue(store, 30)
    asked, over = [], threading.Event()

    def ask(messages, now):
        asked.extend(messages)
        with store.read():
            over.wait(10)
        return {}

    run(store, Post(), ask=ask, ask_s=0.2)
    over.set()

    assert (len(asked), set(states(store).values())) == (1, {"deferred"})


def test_what_is_held_again_for_the_same_reason_gets_no_step_for_it(store):
    queue(store)
    for minutes in (0, 11, 22):
        run(later(store, minutes=minutes), Post(), ask=lambda asked, now: 1 / 0)

    with store.read() as tx:
        steps = [each.state for each in messages.steps(tx, 1)]
    assert steps == ["draft", "approved", "deferred"]


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
