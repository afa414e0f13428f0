"""The process that is killed while it decides who is who."""

import importlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import identity_mutants
import sqlalchemy as sa
from tokui import failpoint
from tokui.connector import Item
from tokui.errors import TokuiError
from tokui.identity import batch, rebuild, undo
from tokui.identity.rules import Rules
from tokui.identity.weigh import Policy
from tokui.model import Address, Customer, Identifier, Order, PersonName
from tokui.store import profiles
from tokui.store.engine import Store, Transaction
from tokui.store.tables import DecisionRow, columns
from tokui.sync import worker
from tokui.sync.stream import Options
from tokui_contracts.context import NOON
from tokui_contracts.scripted import page, script, told

STAFF = "staff:Mori"
POLICY = Policy(max_records=8, max_readings=7)
APART = Policy(merge=100_000, max_records=1000, max_readings=1000)
"""Nothing is linked, and nothing shared: all is left to a pass."""

PERSONS, PER_PAGE = 36, 6
HOUSE = "house@example.jp"
GIVEN = "芽健翔美直"


@dataclass(frozen=True)
class Job:
    """
    What a child does.

    Attributes:
        work: Name of one of `WORKS`.
        heard: File that gets, synced to disk, the number of each change that a follower hears.
        failpoint: Where to die by itself, `name:n`.
        mutant: A wrong way to write, by name in `identity_mutants`.
    """

    url: str
    work: str
    heard: Path
    failpoint: str = ""
    mutant: str | None = None


def people(connection: str) -> Iterator[Customer | Order]:
    """
    The same persons in both connections, each two in one flat.

    A third of them has one e-mail address of a whole house.
    """
    for n in range(PERSONS):
        email = HOUSE if n % 3 == 0 else f"p{n}@example.jp"
        name = PersonName(family="小鳥遊", given=f"{GIVEN[n % 5]}{n // 5}")
        phone = Identifier(kind="phone", value=f"090-1111-22{n:02}")
        yield Customer(
            external_id=str(n),
            source_version=1,
            name=name,
            identifiers=(Identifier(kind="email", value=email), *((phone,) if n % 2 else ())),
            addresses=(Address(city="仙台市青葉区", line1=f"一番町1-1-4 {n // 2 + 101}号室"),),
        )
        yield Order(
            external_id=str(n), state="paid", placed_at=NOON, currency="JPY", buyer=str(n // 2)
        )


def pages(connection: str) -> list[list[Item]]:
    """In the one from the first to the last, in the other backwards."""
    records = list(people(connection))[:: 1 if connection == "shop" else -1]
    return [page(*records[at : at + PER_PAGE]) for at in range(0, len(records), PER_PAGE)]


def rules(name: str) -> Rules:
    """The first rules."""
    return Rules(name)


def later(name: str) -> Rules:
    """Rules that came later."""
    return Rules(name, relays=("example.jp",))


def sync(store: Store, heard: Path) -> None:
    """Read both connections side by side, while a follower hears of it."""
    ear = os.open(heard, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def hear(changes: Sequence[object], view: object) -> None:
        os.write(ear, "".join(f"{change.seq}\n" for change in changes).encode())
        os.fsync(ear)

    company = worker.Company(policy=POLICY, followers={"ear": hear})
    plans = [script(name, *pages(name)) for name in ("shop", "till")]
    report = told(store, *plans, options=Options(together=PER_PAGE), company=company)
    os.close(ear)
    assert report.exit_code == 0, report


def run(store: Store, heard: Path) -> None:
    """A pass over everybody, in small commits."""
    batch.run(store, POLICY, everything=True)


def crew(store: Store, heard: Path) -> None:
    """The same by several processes."""
    batch.run(store, POLICY, everything=True, processes=2)


def make_anew(store: Store, heard: Path) -> None:
    """Apply the later rules."""
    rebuild.rebuild(store, later, POLICY)


def merge(store: Store, heard: Path) -> None:
    """Let the first two persons be one, with all that they have."""
    with store.write() as tx:
        one, other = (_profile(tx, key) for key in ("1", "2"))
        if one != other:
            undo.merge(tx, one, other, STAFF)


def revert(store: Store, heard: Path) -> None:
    """Take the merge back."""
    at = columns(DecisionRow)
    with store.write() as tx:
        mine = sa.select(at.id).where(at.actor == STAFF, at.kind == "merge")
        (number,) = (row[0] for row in tx.all(mine))
        if _profile(tx, "1") == _profile(tx, "2"):
            undo.revert(tx, number, STAFF)


def passes(store: Store, heard: Path) -> None:
    """One pass over everybody after the other."""
    for _ in range(5):
        batch.run(store, POLICY, everything=True)


def desk(store: Store, heard: Path) -> None:
    """Merge two persons and take it back, again and again."""
    for n in range(8):
        with store.write() as tx:
            one, other = (_profile(tx, str(key)) for key in (n, n + 1))
            done = undo.merge(tx, one, other, STAFF) if one != other else None
        if done:
            with store.write() as tx:
                undo.revert(tx, done.decision_id, STAFF)


def _profile(tx: Transaction, key: str) -> int:
    place = profiles.place_of(tx, "shop", key)
    assert place
    return place[1]


WORKS: dict[str, Callable[[Store, Path], None]] = {
    "sync": sync,
    "run": run,
    "crew": crew,
    "rebuild": make_anew,
    "merge": merge,
    "revert": revert,
    "passes": passes,
    "desk": desk,
}


def main(job: Job) -> None:
    """Do the work, unless it dies before."""
    os.environ["TOKUI_FAILPOINT"] = job.failpoint
    importlib.reload(failpoint)
    batch.COMMIT, batch.MANY, batch._cores = 6, 8, lambda: 1
    if job.mutant:
        getattr(identity_mutants, job.mutant)()
    try:
        WORKS[job.work](Store.open(job.url), job.heard)
    except TokuiError as error:
        os._exit(error.exit_code)
    os._exit(0)
