"""The process that is killed: one run of the outbox."""

import importlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import carrier
import outbox_mutants
import sqlalchemy as sa
from outbox_provider import TIMEOUT_S
from tokui import failpoint
from tokui.http import HttpSettings
from tokui.outreach.outbox import send
from tokui.outreach.plan import Options, Plan
from tokui.outreach.say import Say
from tokui.store.engine import Store, Transaction, among
from tokui.store.messages import Denied, Message
from tokui.store.tables import SuppressionRow, columns
from tokui_contracts.context import context

AT = columns(SuppressionRow)
CONNECTION = "post"
LIMITS = HttpSettings(allow_private=True, timeout_s=TIMEOUT_S)


@dataclass(frozen=True)
class Job:
    """
    What a child does.

    Attributes:
        provider: Its address.
        channel: Class of `carrier`.
        failpoint: Where to die by itself, `name:n`.
        mutant: A wrong way to send, by name in `outbox_mutants`.
        ahead_s: How far its clock is ahead.
        stale: A mutant: permissions are those of when the run began.
    """

    url: str
    provider: str
    channel: str = "Carrier"
    failpoint: str = ""
    mutant: str | None = None
    ahead_s: float = 0.0
    seed: int = 0
    stale: bool = False


def plan(channel: str, provider: str, now: object) -> Plan:
    """The connection, by a channel of `carrier`."""
    made = getattr(carrier, channel)
    settings = carrier.CarrierSettings(url=provider)

    def open_channel(stop: object) -> object:
        return made(
            CONNECTION, settings, context(CONNECTION, now=now, http_limits=LIMITS, stop=stop)
        )

    return Plan(CONNECTION, open_channel)


def suppressed(tx: Transaction, asked: Sequence[Message], now: datetime) -> dict[int, Denied]:
    """The one rule here: nobody is written to at an address that is suppressed."""
    query = sa.select(AT.point).where(among(AT.point, tx.dialect))
    found = {point for (point,) in tx.among(query, {each.point for each in asked})}
    return {each.id: Denied("suppression", "manual") for each in asked if each.point in found}


def main(job: Job) -> None:
    """Send."""
    os.environ["TOKUI_FAILPOINT"] = job.failpoint
    importlib.reload(failpoint)
    if job.mutant:
        getattr(outbox_mutants, job.mutant)()
    ahead = timedelta(seconds=job.ahead_s)

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    store = Store.open(job.url, now=now)
    say = Say(outbox_mutants.denials_of_the_morning(store) if job.stale else suppressed)
    report = send(
        store,
        [plan(job.channel, job.provider, now)],
        say,
        Options(once=True),
        rng=Random(job.seed),
    )
    os._exit(report.exit_code)
