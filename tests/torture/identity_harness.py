"""Kills processes that decide who is who, and looks at what is left: a true store, and nothing twice."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import identity_child
import sqlalchemy as sa
from batch_worlds import partition
from children import CHILDREN
from identity_child import APART, POLICY, WORKS, Job
from street_acts import arrive
from tokui.card import Profile
from tokui.identity import batch, check
from tokui.identity.golden import golden
from tokui.identity.rules import Trust
from tokui.identity.view import profile
from tokui.model import Customer, moment
from tokui.store import decisions, profiles
from tokui.store.engine import Store, Transaction
from tokui.store.tables import ChangeRow, CustomerRow, HouseholdMemberRow, columns
from tokui_contracts.stores import empty
from undo_worlds import given_out, numbers

NAMES = ("shop", "till")
BEFORE = {
    "sync": (),
    "run": (),
    "crew": (),
    "rebuild": ("run",),
    "merge": ("run",),
    "revert": ("run", "merge"),
}
"""What has to be done before a work makes sense; all but a sync begin with people who arrived."""


@dataclass
class Look:
    """
    One store, whose workers are killed.

    Attributes:
        heard: Where the follower writes down what it hears.
    """

    url: str
    store: Store
    heard: Path

    def prepare(self, work: str) -> None:
        """A store as the work finds it."""
        empty(self.store)
        self.heard.unlink(missing_ok=True)
        if work != "sync":
            said = [(name, list(identity_child.people(name))) for name in NAMES]
            arrive(self.store, said, APART)
        for each in BEFORE[work]:
            WORKS[each](self.store, self.heard)

    def undisturbed(self, work: str) -> tuple[Any, Any]:
        """What the work comes to when nobody dies: who is who, who lives together, and the log."""
        self.prepare(work)
        return self.finish(work)

    def finish(self, work: str) -> tuple[Any, Any]:
        """Do the work to its end; a sync is followed by a pass."""
        WORKS[work](self.store, self.heard)
        if work == "sync":
            batch.run(self.store, POLICY)
        self.true(work)
        WORKS["sync"](self.store, self.heard)
        self.all_heard()
        return (partition(self.store), self.households()), self.log()

    def households(self) -> set[frozenset[tuple[str, str]]]:
        """Who lives together."""
        at, member = columns(CustomerRow), columns(HouseholdMemberRow)
        query = sa.select(member.household_id, at.connection, at.external_id)
        mine = query.join_from(HouseholdMemberRow, CustomerRow, at.id == member.customer_id)
        found: dict[int, set[tuple[str, str]]] = {}
        with self.store.read() as tx:
            for number, *key in tx.all(mine.where(member.until.is_(None))):
                found.setdefault(number, set()).add((key[0], key[1]))
        return {frozenset(each) for each in found.values()}

    def dies(self, work: str, failpoint: str, mutant: str | None = None) -> bool:
        """Do the work in a process that may be killed; was it?"""
        job = Job(self.url, work, self.heard, failpoint, mutant)
        child = CHILDREN.Process(target=identity_child.main, args=(job,))
        child.start()
        child.join()
        assert child.exitcode in (0, -9), child.exitcode
        return child.exitcode != 0

    def true(self, work: str) -> None:
        """Everything that is kept of who is who agrees."""
        with self.store.read() as tx:
            assert check.check(tx) == []
            _golden_views(tx)
            _old_ids(tx)
            _moves_are_told(tx)

    def derived(self, of: Callable[[str], Any]) -> None:
        """What is kept beside the records is what these rules make of them."""
        with self.store.read() as tx:
            assert check.check(tx, of) == []

    def all_heard(self) -> None:
        """The feed has no gap, and the follower heard it all."""
        at = columns(ChangeRow)
        with self.store.read() as tx:
            written = [seq for (seq,) in tx.all(sa.select(at.seq).order_by(at.seq))]
        assert written == list(range(1, len(written) + 1))
        assert {int(line) for line in self.heard.read_text().split()} == set(written)

    def log(self) -> Counter[Any]:
        """The decisions, without their numbers: each is there once."""
        at = columns(CustomerRow)
        with self.store.read() as tx:
            query = sa.select(at.id, at.connection, at.external_id)
            keys = {row_id: (name, key) for row_id, name, key in tx.all(query)}
            return Counter(
                (
                    each.kind,
                    each.actor,
                    tuple(sorted(keys[move.customer_id] for move in each.moves)),
                    None if each.moves else json.dumps(each.evidence),
                )
                for each in decisions.some(tx, numbers(tx))
            )


def _golden_views(tx: Transaction) -> None:
    """A golden view is that of the customers who are linked to its profile, and of no others."""
    at = columns(CustomerRow)
    homes: dict[int, list[tuple[str, int, Customer]]] = {}
    query = sa.select(at.profile_id, at.connection, at.record).order_by(at.id)
    for number, name, text in tx.all(query):
        homes.setdefault(number, []).append((name, 100, Customer.model_validate_json(text)))
    for number, records in homes.items():
        assert profile(tx, number, Trust()) == Profile.of(number, golden(records))


def _old_ids(tx: Transaction) -> None:
    """Every id that was ever given out means a profile that is there."""
    at = columns(CustomerRow)
    alive = {row[0] for row in tx.all(sa.select(at.profile_id))}
    assert {profiles.resolve(tx, each) for each in given_out(tx)} <= alive


def _moves_are_told(tx: Transaction) -> None:
    """Of each move the feed has both ends, in the same commit."""
    at = columns(ChangeRow)
    told = {(number, moment(us)) for number, us in tx.all(sa.select(at.profile_id, at.at))}
    for each in decisions.some(tx, numbers(tx)):
        ends = {end for move in each.moves for end in (move.from_id, move.to_id)} - {None}
        assert {(end, each.at) for end in ends} <= told, each.kind
