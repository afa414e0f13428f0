"""The process that is killed: one run of the outbox, over SMTP."""

import importlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from outbox_child import CONNECTION, addresses
from tokui import failpoint
from tokui.outreach.outbox import send
from tokui.outreach.plan import Options, Plan
from tokui.outreach.say import Say
from tokui.store.engine import Store
from tokui_contracts.context import context
from tokui_email.settings import SmtpSettings
from tokui_email.smtp import Smtp


@dataclass(frozen=True)
class Job:
    """
    What a child does.

    Attributes:
        url: Of the store.
        port: Of the mail server.
        authority: To trust it by.
        failpoint: Where to die by itself, `name:n`.
        ahead_s: How far its clock is ahead.
    """

    url: str
    port: int
    authority: str
    failpoint: str
    ahead_s: float
    seed: int


def main(job: Job) -> None:
    """Send."""
    os.environ["TOKUI_FAILPOINT"] = job.failpoint
    importlib.reload(failpoint)
    ahead = timedelta(seconds=job.ahead_s)

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    def open_channel(stop: object) -> object:
        return Smtp(CONNECTION, settings(job), context(CONNECTION, now=now, stop=stop))

    store = Store.open(job.url, now=now)
    plan = Plan(CONNECTION, open_channel)
    say = Say(addresses(store))
    report = send(store, [plan], say, Options(once=True), rng=Random(job.seed))
    os._exit(report.exit_code)


def settings(job: Job) -> SmtpSettings:
    """A server that has a second to answer."""
    return SmtpSettings(
        host="127.0.0.1",
        port=job.port,
        ca_file=job.authority,
        from_address="shop@shop.example",
        bounce_address="bounce@shop.example",
        signing_key="a-secret-of-the-house-that-is-long-enough",
        answer_s=1,
    )
