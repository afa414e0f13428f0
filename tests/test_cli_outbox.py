"""`tokui outbox`: what waits goes out, what nobody knows of is listed."""

import signal
import time

import pytest
from letters import AT, AYA, SHOP, open_shop, said, sent


@pytest.fixture
def queued(shop):
    """A shop with an approved message to Aya."""
    open_shop(shop)
    draft(shop)
    return shop


def draft(shop, *args):
    shop.run("message", "draft", "book:c-1", "--template", "birthday", "--as", "森", *args)
    newest = shop.json("message", "list")["messages"][0]["message_id"]
    shop.run("message", "approve", str(newest), "--as", "林")


def fail(shop, kind, connection="line"):
    """The channel fails in some way from now on."""
    file = f'file = "{connection}.jsonl"'
    shop.configure(SHOP.replace(file, f'{file}\ntrouble = "{kind}"'))


def send(shop, connection="line", code=0):
    """What a run says of a connection."""
    report = shop.json("outbox", "run", connection, "--once", code=code)
    return report["connections"][0]


def stands(shop):
    """How many messages are in each state."""
    return {each["connection"]: each["messages"] for each in shop.json("outbox")["connections"]}


def test_what_waits_goes_out_once(queued):
    assert send(queued)["messages"] == {"sent": 1}
    assert send(queued)["messages"] == {}

    assert len(sent(queued)) == 1
    assert stands(queued) == {"line": {"sent": 1}}


def test_a_rehearsal_asks_everybody_and_calls_nobody(queued):
    report = queued.json("outbox", "run", "--dry-run")

    assert report["connections"][0]["messages"] == {"ready": 1}
    assert sent(queued) == []
    assert stands(queued) == {"line": {"queued": 1}}


def test_a_rehearsal_says_what_keeps_a_message_back(queued):
    queued.configure(SHOP.replace('end = "00:00"', 'end = "23:59"'))

    (denied,) = queued.json("outbox", "run", "--dry-run")["connections"][0]["denied"]

    assert (denied["rule"], denied["reason"], denied["messages"]) == ("quiet", "hours", 1)
    assert denied["says"] == "These are quiet hours."


def test_who_took_the_consent_back_gets_nothing(queued):
    revoked = said("line_user_id", "revoked")
    queued.write([{**AYA, "at": AT.replace("01T", "02T"), "consents": [revoked]}])
    queued.run("sync")

    assert send(queued)["messages"] == {}

    assert stands(queued) == {"line": {"cancelled": 1}}
    assert sent(queued) == []


def test_an_allowance_that_is_used_up_leaves_messages_queued_with_the_reason(queued):
    fail(queued, "quota")

    report = send(queued, code=6)

    assert report["messages"] == {"queued": 1}
    assert "the allowance is used up" in report["error"]
    (waiting,) = queued.json("outbox")["waiting"]
    assert (waiting["state"], waiting["reason"]) == ("queued", "the allowance is used up")


def test_refused_credentials_are_told_by_the_exit_code(queued):
    fail(queued, "token")

    assert send(queued, code=4)["state"] == "failed"

    assert stands(queued) == {"line": {"queued": 1}}


def test_without_an_answer_a_channel_with_keys_tries_the_same_key_again(queued):
    fail(queued, "lost")

    send(queued, code=6)

    assert stands(queued) == {"line": {"deferred": 1}}
    assert queued.json("outbox")["unknown"] == []


def test_without_an_answer_and_without_keys_a_message_is_listed_and_left_alone(queued):
    draft(queued, "--on", "mail")
    fail(queued, "lost", "mail")

    send(queued, "mail", code=5)
    queued.configure(SHOP)
    send(queued, "mail")

    (unknown,) = queued.json("outbox")["unknown"]
    assert (unknown["message_id"], unknown["reason"]) == (2, "no answer came")
    assert "1 message may have been sent" in queued.run("outbox").stdout
    assert sent(queued, "mail") == []


def test_a_person_may_send_again_what_nobody_knows_of(queued):
    draft(queued, "--on", "mail")
    fail(queued, "lost", "mail")
    send(queued, "mail", code=5)
    queued.configure(SHOP)

    queued.run("message", "retry", "2", "--as", "林", "--yes")

    assert send(queued, "mail")["messages"] == {"sent": 1}


def test_a_dead_channel_delays_no_other(queued):
    draft(queued, "--on", "mail")
    fail(queued, "down")

    report = queued.json("outbox", "run", "--once", code=5)

    counts = {each["connection"]: each["messages"] for each in report["connections"]}
    assert counts == {"line": {"deferred": 1}, "mail": {"sent": 1}}


def test_a_connection_that_is_not_there_is_named(queued):
    result = queued.run("outbox", "run", "lime", code=3)

    assert "there is no connection `lime`" in result.stderr


def test_a_shop_that_can_send_by_nothing_is_told(shop):
    assert "no connection to send by" in shop.run("outbox", "run", "--once", code=3).stderr


def test_nothing_was_ever_drafted(shop):
    assert "nothing was ever drafted" in shop.run("outbox").stdout


def test_it_goes_on_until_it_is_stopped_and_the_state_is_saved(shop):
    open_shop(shop)
    child = shop.start("outbox", "run", "--json")
    draft(shop)
    deadline = time.monotonic() + 30
    while not sent(shop) and time.monotonic() < deadline:
        time.sleep(0.1)

    child.send_signal(signal.SIGINT)
    output, _ = child.communicate(timeout=30)

    assert child.returncode == 130
    assert '"interrupted": true' in output
    assert stands(shop) == {"line": {"sent": 1}}
