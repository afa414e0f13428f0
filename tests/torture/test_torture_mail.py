"""Whatever breaks between the outbox and a mail server: no e-mail twice, and what nobody knows is listed."""

from collections import Counter
from random import Random

import mail_child
import pytest
from children import CHILDREN
from outbox_harness import CONNECTION, MESSAGES, STEP_S, Tally, point
from tokui.store import messages, turns
from tokui.store.messages import New
from tokui_contracts.mail import MailFault, MailSandbox

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]

FAULTS = {
    "lost": MailFault("drop", "data"),
    "broken off": MailFault("drop", "body"),
    "reset": MailFault("drop", "mail"),
    "timeout": MailFault("slow", "data", seconds=2),
    "4xx": MailFault("answer", "data", "451 4.3.0 later"),
    "429": MailFault("answer", "mail", "421 4.7.0 slow down"),
    "5xx": MailFault("answer", "rcpt", "550 5.7.1 not wanted"),
}
FAILPOINTS = ("outbox.leased", "outbox.sending", "outbox.answered", "outbox.written")
IN_DOUBT = {"lost", "broken off", "timeout"}
CONTENT = '{"subject": "お誕生日おめでとうございます", "text": "本文"}'


@pytest.fixture
def server():
    with MailSandbox() as server:
        yield server


@pytest.fixture
def tally(request, outbox_tallies):
    outbox_tallies.append(Tally(request.node.name.removeprefix("test_")))
    return outbox_tallies[-1]


@pytest.fixture
def ids(store):
    news = [
        New(
            customer_id=n,
            connection=CONNECTION,
            point=point(n),
            address=f"{n}@example.jp",
            content=CONTENT,
            author="Megu",
            purpose="service",
        )
        for n in range(MESSAGES)
    ]
    with store.write() as tx:
        return turns.approve(tx, turns.draft(tx, news), "Megu")


def weather(tally, names, per_cent):
    dice = Random(1)
    while True:
        name = dice.choice(names) if dice.random() * 100 < per_cent else None
        tally.met[name or "well"] += 1
        yield FAULTS[name] if name else None


def waiting(store):
    with store.read() as tx:
        states = {each.state for each in messages.tally(tx)}
    return bool(states & {"queued", "deferred", "sending"})


def run(store_url, server, tally, die_at=""):
    job = mail_child.Job(
        store_url, server.port, str(server.authority), die_at, tally.runs * STEP_S, tally.runs
    )
    child = CHILDREN.Process(target=mail_child.main, args=(job,))
    child.start()
    child.join()
    assert child.exitcode in (0, 5, 6, -9), f"the child ended with {child.exitcode}"
    tally.kills += child.exitcode == -9
    tally.runs += 1


def look(store, server, tally):
    got = Counter(to for received in server.received for to in received.recipients)
    with store.read() as tx:
        found = messages.find(tx, limit=None)
    tally.delivered = len(got)
    tally.doubled = sum(count - 1 for count in got.values())
    tally.unknown = sum(each.state == "unknown" for each in found)
    tally.lost = sum(each.state == "sent" and not got[each.address] for each in found)
    tally.spared = sum(each.state == "refused" for each in found)
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_by_smtp_nothing_is_sent_twice(store, store_url, server, tally, ids, fault):
    server.follow(weather(tally, [fault], 8 if fault in ("timeout", "429") else 25))

    while waiting(store):
        run(store_url, server, tally)

    found = look(store, server, tally)
    assert (tally.doubled, tally.lost, len(found)) == (0, 0, MESSAGES)
    assert bool(tally.unknown) == (fault in IN_DOUBT)
    assert tally.met[fault]


def test_by_smtp_death_at_any_step_sends_nothing_twice(store, store_url, server, tally, ids):
    dice = Random(2)
    server.follow(weather(tally, list(FAULTS), 10))

    while waiting(store):
        deadly = tally.runs < 20
        die_at = f"{dice.choice(FAILPOINTS)}:{dice.randint(1, 12)}" if deadly else ""
        run(store_url, server, tally, die_at)

    look(store, server, tally)
    assert (tally.doubled, tally.lost) == (0, 0)
    assert tally.kills > 5
    assert tally.unknown
