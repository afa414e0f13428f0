"""
What `bench/outbox.py` measures, each in a process of its own.

    python bench/outbox_parts.py fill DATABASE COUNT    customers, consents, queued messages
    python bench/outbox_parts.py send DATABASE URL      the outbox, until nothing is due
    python bench/outbox_parts.py bare URL COUNT         a bare loop of httpx posts
"""

import json
import logging
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import ClassVar

import sqlalchemy as sa
from pydantic import BaseModel
from tokui.cli.sync import tune_gc
from tokui.config import OutreachSettings, QuietSettings
from tokui.connector import Context, Item, Outcome, Parcel, Settings, Stop
from tokui.http import Http, HttpSettings
from tokui.model import Consent, Customer, Identifier, Reach
from tokui.outreach.allow import denied
from tokui.outreach.outbox import send
from tokui.outreach.plan import ChannelConnector, Options, Plan
from tokui.outreach.say import Say
from tokui.store import schema, turns
from tokui.store.engine import Store
from tokui.store.messages import New
from tokui.store.tables import CustomerRow, columns
from tokui_contracts.scripted import page, script, told

SAID_AT = datetime(2026, 9, 1, tzinfo=UTC)
WORDS = "お誕生日おめでとうございます。今月中にお越しのお客様に、ささやかな品を用意してお待ちしております。"


class Letter(BaseModel):
    """Words."""

    text: str


class Post(ChannelConnector):
    """Posts letters, as LINE's push does: one call each, under a key."""

    Settings = Settings
    Content = Letter
    reaches: ClassVar[Reach] = "email"
    key_lifetime: ClassVar[timedelta | None] = timedelta(hours=24)
    at_once = 8
    url = ""

    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        """One call."""
        body = {"to": parcel.addresses, **parcel.content.model_dump()}
        headers = {"X-Key": parcel.key}
        self.ctx.http.post(f"{self.url}/letters", json=body, headers=headers, tries=1)
        return [Outcome(each, "accepted") for each in parcel.addresses]


def fill(database: str, count: int) -> None:
    """Customers who said yes, and a message to each that is approved and due."""
    store = Store.open(database)
    schema.ready(store)
    told(store, script("shop", *_people(count)))
    at = columns(CustomerRow)
    with store.read() as tx:
        whose = [(n, int(key)) for n, key in tx.all(sa.select(at.id, at.external_id))]
    for start in range(0, count, 5_000):
        news = [_new(number, n) for number, n in whose[start : start + 5_000]]
        with store.write() as tx:
            turns.approve(tx, turns.draft(tx, news), "bench")
    store.close()


def _people(count: int) -> Iterator[Sequence[Item]]:
    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        yield page(*(_customer(n) for n in numbers), *(_consent(n) for n in numbers))


def _customer(n: int) -> Customer:
    email = Identifier(kind="email", value=f"{n}@example.jp")
    return Customer(external_id=str(n), identifiers=(email,))


def _consent(n: int) -> Consent:
    return Consent(
        external_id=str(n),
        customer=str(n),
        contact="email",
        state="granted",
        occurred_at=SAID_AT,
        evidence="form",
    )


def _new(customer_id: int, n: int) -> New:
    return New(
        customer_id=customer_id,
        connection="post",
        point=f"email:*:{n}@example.jp",
        address=f"{n}@example.jp",
        content=json.dumps({"text": f"{n}様、{WORDS}"}, ensure_ascii=False),
        author="bench",
        purpose="marketing",
    )


def send_all(database: str, url: str) -> None:
    """The outbox as `tokui outbox run --once` runs it, under the core's own rules."""
    store = Store.open(database)
    rules = OutreachSettings(quiet=QuietSettings(start=clock(0), end=clock(0)))
    say = Say(lambda tx, messages, now: denied(tx, rules, messages, now))
    Post.url = url
    tune_gc()

    def report() -> int:
        made = send(store, [Plan("post", _post)], say, Options(once=True))
        return made.connections[0].went

    _measured(report)


def _post(stop: Stop) -> Post:
    rng = random.Random()
    limits = HttpSettings(allow_private=True)
    http = Http("post", limits, stop=stop, now=_now, rng=rng)
    return Post("post", Settings(), Context(http, _now, rng, logging.getLogger("bench"), stop))


def _now() -> datetime:
    return datetime.now(UTC)


def bare(url: str, count: int) -> None:
    """A loop that posts the same, and keeps nothing."""
    import httpx

    def loop() -> int:
        with httpx.Client() as client:
            for n in range(count):
                body = {"to": [f"{n}@example.jp"], "text": f"{n}様、{WORDS}"}
                client.post(f"{url}/letters", json=body, headers={"X-Key": str(n)})
        return count

    _measured(loop)


def _measured(work: Callable[[], int]) -> None:
    began, cpu = time.perf_counter(), time.process_time()
    done = work()
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"done": done, "wall_s": wall_s, "cpu_s": cpu_s, "peak_mb": peak}, sys.stdout)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fill", database, count]:
            fill(database, int(count))
        case ["send", database, url]:
            send_all(database, url)
        case ["bare", url, count]:
            bare(url, int(count))
