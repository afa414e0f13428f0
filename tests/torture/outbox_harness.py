"""Sends under fire and looks at what was delivered: nothing twice, and nothing lost unseen."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Literal

import outbox_child
import sqlalchemy as sa
from children import CHILDREN
from outbox_child import CONNECTION, Job
from outbox_provider import Provider
from tokui.connector import Item
from tokui.model import Consent, Customer, Identifier
from tokui.store import messages, turns
from tokui.store.engine import Store
from tokui.store.messages import New
from tokui.store.tables import CustomerRow, columns
from tokui_contracts.scripted import page, script, told

SAID_AT = datetime(2026, 9, 1, tzinfo=UTC)
MESSAGES = 200
STEP_S = 1200
"""How far the clock goes from run to run; longer than the longest pause before a try."""

DEATHS = 20
"""Runs that are to die at a failpoint."""

DAY_S = 22 * 3600
"""Keys are trusted for so long."""


OVER = ("sent", "unknown", "cancelled", "refused")


@dataclass
class Tally:
    """
    What was found, of all messages.

    Attributes:
        doubled: Letters that a person got more than once.
        lost: Messages called sent that never came.
        unknown: Messages of which nobody knows, and which are listed.
        spared: Messages that were not sent because somebody had said no.
        latest_s: So long after a no the last call to that person began.
        silent: Messages that are neither sent, nor spared, nor listed.
    """

    what: str
    kills: int = 0
    runs: int = 0
    delivered: int = 0
    doubled: int = 0
    lost: int = 0
    unknown: int = 0
    spared: int = 0
    latest_s: float = 0.0
    silent: int = 0
    met: Counter[str] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        return not (self.doubled or self.lost or self.silent)


def point(n: int) -> str:
    """The contact point of a person."""
    return f"email:*:{n}@example.jp"


def consent(n: int, state: Literal["granted", "revoked"], minute: int = 0) -> Consent:
    """What somebody says of being written to."""
    return Consent(
        external_id=str(n),
        customer=str(n),
        contact="email",
        state=state,
        occurred_at=SAID_AT + timedelta(minutes=minute),
        evidence="form",
    )


def _people(count: int) -> Iterator[Sequence[Item]]:
    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        bearers = [
            Customer(
                external_id=str(n), identifiers=(Identifier(kind="email", value=f"{n}@example.jp"),)
            )
            for n in numbers
        ]
        yield page(*bearers, *(consent(n, "granted") for n in numbers))


@dataclass
class Harness:
    """One store with messages, and a provider that they go to."""

    store: Store
    url: str
    provider: Provider
    tally: Tally
    channel: str = "Carrier"
    mutant: str | None = None
    seed: int = 0
    same: int = 1
    rules: str = "addresses"

    def fill(self, count: int = MESSAGES) -> list[int]:
        """Queue messages, `same` at a time with the same words."""
        whose = self._people(count) if self.rules == "shop" else range(count)
        news = [
            New(
                customer_id=whose[n],
                connection=CONNECTION,
                point=point(n),
                address=f"{n}@example.jp",
                content=f'{{"text": "{n // self.same}"}}',
                author="Megu",
                purpose="marketing",
            )
            for n in range(count)
        ]
        with self.store.write() as tx:
            return turns.approve(tx, turns.draft(tx, news), "Megu")

    def _people(self, count: int) -> dict[int, int]:
        """Sync them; the ids of their records."""
        told(self.store, script("shop", *_people(count)))
        at = columns(CustomerRow)
        with self.store.read() as tx:
            return {int(name): number for name, number in tx.all(sa.select(at.external_id, at.id))}

    def send_under_fire(self, failpoints: tuple[str, ...] = ()) -> None:
        """Run after run until nothing waits any more."""
        dice = random.Random(self.seed)
        while self._waiting():
            job = self.job
            if failpoints and self.tally.runs < DEATHS:
                job = replace(job, failpoint=f"{dice.choice(failpoints)}:{dice.randint(1, 12)}")
            self.run(job)
            assert self.tally.runs * STEP_S < DAY_S, "it does not come to an end"
        self.look()

    @property
    def job(self) -> Job:
        runs = self.tally.runs
        return Job(
            self.url,
            self.provider.url,
            self.channel,
            mutant=self.mutant,
            ahead_s=runs * STEP_S,
            seed=self.seed + runs,
            rules=self.rules,
        )

    def run(self, job: Job) -> None:
        """One child, to its end or its death."""
        child = self.start(job)
        self.provider.kill = child.kill
        child.join()
        assert child.exitcode in (0, 5, 6, -9), f"the child ended with {child.exitcode}"
        self.tally.kills += child.exitcode == -9
        self.tally.runs += 1

    @staticmethod
    def start(job: Job) -> BaseProcess:
        child = CHILDREN.Process(target=outbox_child.main, args=(job,))
        child.start()
        return child

    def look(self) -> None:
        """Compare what the store says with what was delivered."""
        got, tally = self.provider.delivered, self.tally
        with self.store.read() as tx:
            found = messages.find(tx, limit=None)
        tally.delivered = len(got)
        tally.doubled = sum(count - 1 for count in got.values())
        tally.unknown = sum(each.state == "unknown" for each in found)
        tally.lost = sum(each.state == "sent" and not got[each.address] for each in found)
        tally.spared = sum(each.state in ("cancelled", "refused") for each in found)
        tally.silent = sum(each.state not in OVER for each in found)
        tally.met = self.provider.met

    def _waiting(self) -> bool:
        with self.store.read() as tx:
            states = {each.state for each in messages.tally(tx)}
        return bool(states & {"queued", "deferred", "sending"})
