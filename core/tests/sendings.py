"""Messages and parcels as the outbox has them, and a channel that does what it is told."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel
from tokui.connector import Outcome, Parcel, Settings
from tokui.model import Reach, microseconds
from tokui.outreach.outbox import send
from tokui.outreach.plan import ChannelConnector, Options, Plan
from tokui.outreach.say import Say
from tokui.store import messages, turns
from tokui.store.engine import Store
from tokui.store.messages import Message, New
from tokui.store.parcels import Box
from tokui_contracts.context import context

ONCE = Options(once=True)
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
NOW_US = microseconds(NOW)
MINUTE_US = 60_000_000


def message(number: int, state: str = "queued", **more: object) -> Message:
    """A message that waits in the parcel of `box`."""
    row = Message(
        id=number,
        customer_id=number,
        connection="post",
        point=f"email:*:{number}@example.jp",
        address=f"{number}@example.jp",
        purpose="marketing",
        topic=None,
        language="ja",
        template=None,
        content='{"text": "hello"}',
        campaign=None,
        author="staff:森",
        approved_by="staff:林",
        state=state,
        rule=None,
        reason=None,
        due_at=NOW,
        parcel_id=1,
        provider_id=None,
        sent_at=None,
        at=NOW,
    )
    return row._replace(**more)


def box(**more: object) -> Box:
    """A parcel that waits."""
    return Box(1, "post", "key-1", due_at=NOW_US)._replace(**more)


def tried(minutes: int, *, doubtful: bool) -> Box:
    """A parcel that was first tried so long ago."""
    first = NOW_US - minutes * MINUTE_US
    return box(tries=1, token=1, first_tried_at=first, doubtful=doubtful)


class Words(BaseModel):
    text: str


class Post(ChannelConnector):
    """Answers each call by `answer`, which may raise; keeps what it was given."""

    Settings = Settings
    Content = Words
    reaches: ClassVar[Reach] = "email"
    key_lifetime: ClassVar[timedelta | None] = timedelta(hours=24)
    holds_nothing = "it is a test's own"

    def __init__(self, answer: Callable[[Parcel], Sequence[Outcome]] | None = None) -> None:
        super().__init__("post", Settings(), context("post"))
        self.answer = answer or accept
        self.got: list[Parcel] = []

    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        self.got.append(parcel)
        return self.answer(parcel)


class Keyless(Post):
    key_lifetime = None


class Bulk(Post):
    most_addresses = 3


def accept(parcel: Parcel) -> Sequence[Outcome]:
    return [Outcome(each, "accepted", provider_id=f"p-{each}") for each in parcel.addresses]


def plan(channel: Post, rate_per_s: float | None = None) -> Plan:
    return Plan("post", lambda stop: channel, rate_per_s)


def queue(store: Store, count: int = 1, **more: object) -> list[int]:
    """Approved messages, each with words of its own."""
    news = [
        New(n, "post", f"email:*:{n}@example.jp", f"{n}@example.jp", f'{{"text": "{n}"}}', "森")
        for n in range(1, count + 1)
    ]
    with store.write() as tx:
        return turns.approve(tx, turns.draft(tx, [each._replace(**more) for each in news]), "林")


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
