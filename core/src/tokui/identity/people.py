"""The people a page may touch, as they stand: who bears its identifiers, who shares their profile."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.hooks import Known
from tokui.identity.match import Shared
from tokui.model import Customer
from tokui.store import answers
from tokui.store.answers import Pair, pair
from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, IdentifierRow, columns

MAX_BEARERS = 60
"""Bearers of one value that are looked at; a value with more is a place's, not a person's."""

WORTH = ("shareable", "strong", "unique")
"""Classes of identifiers, the weakest first; what two share is worth what the weaker says."""

CUSTOMER, IDENTIFIER = columns(CustomerRow), columns(IdentifierRow)


@dataclass(eq=False, slots=True)
class Person:
    """
    A customer in the midst of linking.

    Attributes:
        profile_id: The current link; None before the first.
        gone: The source has it no more; it keeps its place and forbids nothing.
        tokens: The customer's identifiers, token → strength; only of those that arrive.
    """

    id: int
    profile_id: int | None
    known: Known
    gone: bool = False
    tokens: Mapping[str, str] = field(default_factory=dict)


class Neighbours:
    """
    Whom a page's customers may turn out to be.

    Attributes:
        people: By customer id.
        profiles: All members of each profile that is looked at.
        apart: Pairs of them that are different people by somebody's word.
    """

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.people: dict[int, Person] = {}
        self.profiles: dict[int, list[Person]] = {}
        self.apart: set[Pair] = set()
        self._bearers: dict[str, dict[int, str]] = defaultdict(dict)

    def load_bearers(self, tokens: Collection[str], besides: Collection[int] = ()) -> None:
        """Read who bears these tokens, `besides` these, with all members of their profiles."""
        profiles: dict[str, set[int]] = defaultdict(set)
        for token, customer_id, strength, profile_id in self.tx.among(
            _bearers(self.tx.dialect), tokens
        ):
            if customer_id not in besides:
                self._bearers[token][customer_id] = strength
                profiles[token].add(profile_id)
        near = (ids for token, ids in profiles.items() if not self._is_crowd(token))
        self.load_members(set().union(*near))

    def load_members(self, profiles: Collection[int]) -> None:
        """Read the customers of these profiles, unless they are here already."""
        wanted = set(profiles) - self.profiles.keys()
        if not wanted:
            return
        self.profiles.update((profile_id, []) for profile_id in wanted)
        for row_id, profile_id, connection, record, gone_at in self.tx.among(
            _members(self.tx.dialect), wanted
        ):
            known = Known(connection, Customer.model_validate_json(record))
            person = Person(row_id, profile_id, known, gone_at is not None)
            self.people[row_id] = person
            self.profiles[profile_id].append(person)
        here = [person.id for profile_id in wanted for person in self.profiles[profile_id]]
        said = answers.touching(self.tx, here)
        self.apart |= {each.pair for each in said if each.verdict == "different"}

    def forbidden(self, ours: Iterable[Person], theirs: Sequence[Person]) -> bool:
        """Did anybody say of any two across that they are different people?"""
        return bool(self.apart) and any(
            pair(one.id, other.id) in self.apart for one in ours for other in theirs
        )

    def add(self, person: Person) -> None:
        """Let those who arrive later in the page find this person."""
        self.people[person.id] = person
        for token, strength in person.tokens.items():
            self._bearers[token][person.id] = strength

    def shared(self, person: Person) -> Iterator[tuple[Person, Sequence[Shared]]]:
        """Everybody else who bears an identifier of this person, with what they share."""
        found: dict[int, list[Shared]] = defaultdict(list)
        for token, strength in person.tokens.items():
            if self._is_crowd(token):
                continue
            for other, others_strength in self._bearers.get(token, {}).items():
                worth = min(strength, others_strength, key=WORTH.index)
                found[other].append(Shared(token.partition(":")[0], worth))
        found.pop(person.id, None)
        return ((self.people[other], evidence) for other, evidence in found.items())

    def _is_crowd(self, token: str) -> bool:
        return len(self._bearers.get(token, ())) > MAX_BEARERS


@cache
def _bearers(dialect: str) -> sa.Select[Any]:
    query = sa.select(
        IDENTIFIER.token, IDENTIFIER.customer_id, IDENTIFIER.strength, CUSTOMER.profile_id
    ).join_from(IdentifierRow, CustomerRow, CUSTOMER.id == IDENTIFIER.customer_id)
    return query.where(among(IDENTIFIER.token, dialect))


@cache
def _members(dialect: str) -> sa.Select[Any]:
    at = CUSTOMER
    query = sa.select(at.id, at.profile_id, at.connection, at.record, at.gone_at)
    return query.where(among(at.profile_id, dialect)).order_by(at.id)
