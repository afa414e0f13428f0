"""The people a page may touch, as they stand: who shares something with them, who shares their profile."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.identity.features import NONE, Features
from tokui.identity.keys import match_keys
from tokui.identity.person import Person
from tokui.identity.weigh import Policy
from tokui.store import answers, bearers
from tokui.store.answers import Pair, Verdict
from tokui.store.bearers import MOST
from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, IdentifierRow, MatchKeyRow, columns

CUSTOMER = columns(CustomerRow)


class Neighbours:
    """
    Whom a page's customers may turn out to be.

    Attributes:
        people: By customer id.
        profiles: All members of each profile that is looked at.
        answers: What was said of any of them.
        shared: Identifiers that say nothing of who somebody is.
        crowded: Those that are shared from now on: token → how many bear it, and under how many names.
    """

    def __init__(self, tx: Transaction, policy: Policy) -> None:
        self.tx = tx
        self.policy = policy
        self.people: dict[int, Person] = {}
        self.profiles: dict[int, list[Person]] = {}
        self.answers: dict[Pair, Verdict] = {}
        self.shared: set[str] = set()
        self.crowded: dict[str, tuple[int, int]] = {}
        self._bearers: dict[str, dict[int, str | None]] = defaultdict(dict)
        self._keyed: dict[int, set[int]] = defaultdict(set)
        self._crowded: set[int] = set()
        self._keys: dict[int, set[int]] = {}
        self._tokens: dict[int, dict[str, str]] = {}

    def meet(self, arriving: Iterable[Person]) -> None:
        """Read whoever shares something with these people, with all members of their profiles."""
        people = {person.id: person for person in arriving}
        for each in people.values():
            self._tokens[each.id] = each.features.tokens
            self._keys[each.id] = match_keys(each.features)
        tokens = set[str]().union(*(self._tokens[each] for each in people))
        keys = set[int]().union(*(self._keys[each] for each in people))
        self.shared |= bearers.shared(self.tx, tokens)
        for token, others in bearers.of_tokens(self.tx, tokens).items():
            self._bearers[token].update((k, v) for k, v in others.items() if k not in people)
        keyed = bearers.of_keys(self.tx, keys)
        self._crowded |= keyed.crowded
        for key, ids in keyed.customers.items():
            self._keyed[key] |= ids.difference(people)
        near = set[int]().union(*self._bearers.values(), *self._keyed.values())
        self._load(_profiles_of(self.tx.dialect), near - self.people.keys())
        for person in people.values():
            self._add(person)

    def load_members(self, profiles: Collection[int]) -> None:
        """Read the customers of these profiles, unless they are here already."""
        self._load(_members(self.tx.dialect), set(profiles) - self.profiles.keys())

    def near(self, person: Person) -> list[Person]:
        """Everybody else who shares something with the person."""
        found: set[int] = set()
        for token in self._tokens[person.id]:
            if (known := self._bearers.get(token)) and len(known) <= MOST[IdentifierRow]:
                found.update(known)
        for key in self._keys[person.id] - self._crowded:
            if (having := self._keyed.get(key)) and len(having) <= MOST[MatchKeyRow]:
                found |= having
        found.discard(person.id)
        return [self.people[each] for each in found]

    def keys(self, person: Person) -> set[int]:
        """The match keys of one who arrived."""
        return self._keys[person.id]

    def tokens(self, person: Person) -> Mapping[str, str]:
        """The identifiers of one who arrived: token → strength."""
        return self._tokens[person.id]

    @property
    def arrived(self) -> Mapping[int, Mapping[str, str]]:
        """The identifiers of all who arrived, by customer id."""
        return self._tokens

    def _add(self, person: Person) -> None:
        """Let those who arrive in the same page find this person."""
        self.people[person.id] = person
        reading = person.features.reading
        for token, strength in self._tokens[person.id].items():
            self._bearers[token][person.id] = reading
            if strength != "unique" and token not in self.shared:
                self._count(token)
        for key in self._keys[person.id] - self._crowded:
            self._keyed[key].add(person.id)

    def _count(self, token: str) -> None:
        readings, policy = self._bearers[token], self.policy
        if len(readings) < min(policy.max_records + 1, policy.max_readings):
            return
        names = len({reading for reading in readings.values() if reading})
        if len(readings) > policy.max_records or names >= policy.max_readings:
            self.shared.add(token)
            self.crowded[token] = (len(readings), names)

    def _load(self, query: sa.Select[Any], wanted: Collection[int]) -> None:
        if not wanted:
            return
        fresh: dict[int, list[Person]] = defaultdict(list)
        for row_id, profile_id, connection, key, features, gone_at in self.tx.among(query, wanted):
            if profile_id in self.profiles:
                continue
            known = Features.from_json(features) if features else NONE
            person = Person(row_id, connection, key, profile_id, known, gone_at is not None)
            self.people[row_id] = person
            fresh[profile_id].append(person)
        self.profiles.update(fresh)
        here = [person.id for people in fresh.values() for person in people]
        said = answers.touching(self.tx, here)
        self.answers.update((each.pair, each.verdict) for each in said)


_ROW = ("id", "profile_id", "connection", "external_id", "features", "gone_at")


@cache
def _members(dialect: str) -> sa.Select[Any]:
    query = sa.select(*(CUSTOMER[name] for name in _ROW))
    return query.where(among(CUSTOMER.profile_id, dialect)).order_by(CUSTOMER.id)


@cache
def _profiles_of(dialect: str) -> sa.Select[Any]:
    """All members of the profiles that these customers have."""
    theirs = sa.select(CUSTOMER.profile_id).where(among(CUSTOMER.id, dialect))
    query = sa.select(*(CUSTOMER[name] for name in _ROW))
    return query.where(CUSTOMER.profile_id.in_(theirs)).order_by(CUSTOMER.id)
