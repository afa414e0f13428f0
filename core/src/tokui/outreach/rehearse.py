"""What an outbox run would do now: everybody is asked, nobody is called, nothing is written."""

from collections.abc import Iterator, Mapping

from tokui.model import moment
from tokui.outreach.calls import Steady
from tokui.outreach.contents import Contents
from tokui.outreach.plan import Plan
from tokui.outreach.progress import Sent
from tokui.outreach.say import Say, strictest
from tokui.store import messages
from tokui.store.engine import Store
from tokui.store.messages import Denied, Message

AT_ONCE = 100


def rehearse(store: Store, plan: Plan, say: Say) -> Sent:
    """Count what is due by one connection: `ready`, `refused` and `deferred`, with the reasons."""
    channel = plan.open(Steady())
    try:
        found = Sent(plan.connection, state="done")
        for due in _due(store, plan.connection):
            denied = _denied(store, Contents(channel), say, due)
            found.counts["ready"] += len(due) - len(denied)
            found.count_denied(denied.values())
        return found
    finally:
        channel.ctx.http.close()


def _due(store: Store, connection: str) -> Iterator[list[Message]]:
    until_us, after = store.now_us(), 0
    while True:
        with store.read() as tx:
            found = messages.due(tx, connection, until_us, after, AT_ONCE)
        if not found:
            return
        yield found
        after = found[-1].id


def _denied(store: Store, contents: Contents, say: Say, due: list[Message]) -> Mapping[int, Denied]:
    now = moment(store.now_us())
    objections = {each.id: no for each in due if (no := contents.objection(each))}
    heard = say.heard([each for each in due if each.id not in objections], now)
    with store.read() as tx:
        return strictest(say.denials(tx, due, now), {**heard, **objections})
