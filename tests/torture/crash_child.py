"""The process that is killed: a whole sync, with a follower that writes down what it hears."""

import importlib
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import crash_mutants
from tokui import failpoint
from tokui.connector import Context, Item, Page, Pull
from tokui.model import Customer, Identifier, Order
from tokui.store.engine import Store
from tokui.sync import worker
from tokui.sync.stream import Options
from tokui_contracts.scripted import item, script, told

PER_PAGE = 10
PLACED = datetime(2026, 9, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Job:
    """
    What a child does.

    Attributes:
        served: File that gets the number of each page that the source hands out.
        heard: File that gets, synced to disk, the number of each change that the follower hears.
        failpoint: Where to die by itself, `name:n`.
        together: Pages in a commit.
        mutant: A wrong way to commit, by name in `crash_mutants`.
        sleeps_at: Page before which the process stops itself (SIGSTOP), as a closed laptop would.
        ahead_s: How far its clock is ahead.
    """

    url: str
    connection: str
    pages: int
    served: Path
    heard: Path
    failpoint: str = ""
    together: int = 1
    mutant: str | None = None
    sleeps_at: int | None = None
    ahead_s: float = 0.0


def items(number: int, pages: int) -> list[Item]:
    """A page of customers, each with an order of somebody on the next page."""
    last = pages * PER_PAGE
    return [
        item(
            Customer(
                external_id=str(n),
                source_version=n,
                note=str(n),
                identifiers=(Identifier(kind="email", value=f"guest{n}@example.jp"),),
            ),
            Order(
                external_id=str(n),
                note=str(n),
                state="paid",
                placed_at=PLACED,
                currency="JPY",
                buyer=str((n + PER_PAGE) % last),
            ),
        )
        for n in range(number * PER_PAGE, (number + 1) * PER_PAGE)
    ]


def main(job: Job, beat: Connection | None = None) -> None:
    """Sync; `beat` gets a byte for each page, so that the killer can choose its moment."""
    os.environ["TOKUI_FAILPOINT"] = job.failpoint
    importlib.reload(failpoint)
    if job.mutant:
        worker.Ledger = getattr(crash_mutants, job.mutant)
    served = os.open(job.served, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    heard = os.open(job.heard, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def tell(ask: Pull, ctx: Context) -> Iterator[Page]:
        done = int(str(ask.cursor["done"])) if ask.cursor else 0
        for number in range(done, job.pages):
            os.write(served, f"{number}\n".encode())
            if beat:
                beat.send_bytes(b".")
            if number == job.sleeps_at:
                signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
            yield Page(items(number, job.pages), {"done": number + 1})

    def hear(changes: Sequence[object], view: object) -> None:
        os.write(heard, "".join(f"{change.seq}\n" for change in changes).encode())
        os.fsync(heard)

    ahead = timedelta(seconds=job.ahead_s)
    store = Store.open(job.url, now=lambda: datetime.now(UTC) + ahead)
    followers = {"ear": hear} if job.sleeps_at is None else {}
    report = told(
        store,
        script(job.connection, tell=tell),
        options=Options(together=job.together * PER_PAGE),
        company=worker.Company(followers=followers),
    )
    os._exit(report.exit_code)
