"""The process that is killed: one run of the outbox."""

import importlib
import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

import outbox_carrier
import outbox_mutants
import sqlalchemy as sa
from outbox_provider import TIMEOUT_S
from tokui import failpoint
from tokui.config import OutreachSettings, QuietSettings
from tokui.http import HttpSettings
from tokui.outreach import allow, courier
from tokui.outreach.outbox import send
from tokui.outreach.plan import Options, Plan
from tokui.outreach.say import Answer, Denials, Say
from tokui.store import suppressions
from tokui.store.engine import Store, Transaction
from tokui.store.messages import Denied, Message
from tokui.store.tables import SuppressionRow, columns
from tokui_contracts.context import context

AT = columns(SuppressionRow)
CONNECTION = "post"
NO = Denied("suppression", "manual")
LIMITS = HttpSettings(allow_private=True, timeout_s=TIMEOUT_S)


@dataclass(frozen=True)
class Job:
    """
    What a child does.

    Attributes:
        provider: Its address.
        channel: Class of `outbox_carrier`.
        failpoint: Where to die by itself, `name:n`.
        mutant: A wrong way to send, by name in `outbox_mutants`.
        ahead_s: How far its clock is ahead.
        rules: Who has a say, by name in `RULES`.
        sleeps: Stops itself (SIGSTOP) between its first permission and the call, as a closed laptop would.
    """

    url: str
    provider: str
    channel: str = "Carrier"
    failpoint: str = ""
    mutant: str | None = None
    ahead_s: float = 0.0
    seed: int = 0
    rules: str = "addresses"
    sleeps: bool = False


def plan(channel: str, provider: str, now: object) -> Plan:
    """The connection, by a channel of `outbox_carrier`."""
    made = getattr(outbox_carrier, channel)
    settings = outbox_carrier.CarrierSettings(url=provider)

    def open_channel(stop: object) -> object:
        return made(
            CONNECTION, settings, context(CONNECTION, now=now, http_limits=LIMITS, stop=stop)
        )

    return Plan(CONNECTION, open_channel)


def addresses(_: Store) -> Denials:
    """One rule: nobody is written to at an address that is suppressed."""

    def denials(tx: Transaction, asked: Sequence[Message], now: datetime) -> Answer:
        dead = set(suppressions.in_force(tx, {each.point for each in asked}))
        return {each.id: NO for each in asked if each.point in dead}

    return denials


def shop(_: Store) -> Denials:
    """The rules of a shop that sends at all hours."""
    rules = OutreachSettings(quiet=QuietSettings(start=time(0), end=time(0)))
    return lambda tx, asked, now: allow.denied(tx, rules, asked, now)


def morning(store: Store) -> Denials:
    """A mutant: permissions are those of when the run began."""
    with store.read() as tx:
        early = {point for (point,) in tx.all(sa.select(AT.point))}
    return lambda tx, asked, now: {each.id: NO for each in asked if each.point in early}


RULES = {"addresses": addresses, "shop": shop, "morning": morning}


def _fall_asleep(name: str) -> None:
    if name == "outbox.leased":
        courier.failpoint = failpoint.failpoint
        signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


def main(job: Job) -> None:
    """Send."""
    os.environ["TOKUI_FAILPOINT"] = job.failpoint
    importlib.reload(failpoint)
    if job.mutant:
        getattr(outbox_mutants, job.mutant)()
    if job.sleeps:
        courier.failpoint = _fall_asleep
    ahead = timedelta(seconds=job.ahead_s)

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    store = Store.open(job.url, now=now)
    say = Say(RULES[job.rules](store))
    report = send(
        store,
        [plan(job.channel, job.provider, now)],
        say,
        Options(once=True),
        rng=Random(job.seed),
    )
    os._exit(report.exit_code)
