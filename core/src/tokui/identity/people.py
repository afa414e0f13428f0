"""The people a page may touch, as they stand: who shares something with them, who shares their profile."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import chain
from typing import Any, TypeVar

import sqlalchemy as sa

from tokui.identity.features import NONE
from tokui.identity.keys import match_keys
from tokui.identity.person import Person
from tokui.identity.weigh import Policy
from tokui.store import answers, bearers
from tokui.store.answers import Pair, Verdict
from tokui.store.bearers import MOST
from tokui.store.engine import Transaction, among
from tokui.store.shared import PERHAPS
from tokui.store.tables import CustomerRow, IdentifierRow, MatchKeyRow, columns

CUSTOMER = columns(CustomerRow)

V = TypeVar("V")


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
        self._borne: dict[int, list[str]] = {}
        self._had: dict[int, AbstractSet[int]] = {}
        self._keys: dict[int, set[int]] = {}
        self._tokens: dict[int, dict[str, str]] = {}

    def meet(self, arriving: Iterable[Person]) -> None:
        """
        Read whoever shares something with these people, with all members of their profiles.

        They are all who arrive: it is called once.
        """
        people = {person.id: person for person in arriving}
        for each in people.values():
            self._tokens[each.id] = each.features.tokens
            self._keys[each.id] = match_keys(each.features)
        tokens = Counter(chain.from_iterable(self._tokens.values()))
        keys = Counter(chain.from_iterable(self._keys.values()))
        self.shared |= bearers.shared(self.tx, tokens.keys())
        self._bearers.update(bearers.of_tokens(self.tx, tokens))
        keyed = bearers.of_keys(self.tx, keys)
        self._keyed.update(keyed.customers)
        if changed := {each.id for each in people.values() if each.profile_id is not None}:
            self._leave_out(changed)
        near = set[int]().union(*self._bearers.values(), *self._keyed.values())
        self._load(_profiles_of(self.tx.dialect), near - self.people.keys())
        self.people.update(people)
        self._bear(people.values(), self._bearers.keys() | _several(tokens))
        self._have(people, (self._keyed.keys() | _several(keys)) - keyed.crowded)

    def load_members(self, profiles: Collection[int]) -> None:
        """Read the customers of these profiles, unless they are here already."""
        self._load(_members(self.tx.dialect), set(profiles) - self.profiles.keys())

    def near(self, person: Person) -> list[Person]:
        """Everybody else who shares something with the person."""
        borne, had = self._borne.get(person.id, ()), self._had.get(person.id, ())
        if not (borne or had):
            return []
        found: set[int] = set()
        for token in borne:
            if len(known := self._bearers[token]) <= MOST[IdentifierRow]:
                found.update(known)
        for key in had:
            if len(having := self._keyed[key]) <= MOST[MatchKeyRow]:
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

    def _leave_out(self, changed: set[int]) -> None:
        """What customers had before they changed finds nobody."""
        for bearing in self._bearers.values():
            for each in changed & bearing.keys():
                del bearing[each]
        for having in self._keyed.values():
            having -= having & changed

    def _bear(self, people: Iterable[Person], common: AbstractSet[str]) -> None:
        """Let those who arrive together find each other by what identifiers they have in common."""
        for person in people:
            tokens = self._tokens[person.id]
            if mine := [token for token in tokens if token in common]:
                self._borne[person.id] = mine
            for token in mine:
                self._bearers[token][person.id] = person.features.reading
                if tokens[token] != "unique" and token not in self.shared:
                    self._count(token)

    def _have(self, people: Iterable[int], common: AbstractSet[int]) -> None:
        """The same by match keys."""
        for person_id in people:
            if mine := self._keys[person_id] & common:
                self._had[person_id] = mine
            for key in mine:
                self._keyed[key].add(person_id)

    def _count(self, token: str) -> None:
        readings, policy = self._bearers[token], self.policy
        if len(readings) < min(policy.max_records + 1, policy.max_readings):
            return
        called = {reading for reading in readings.values() if reading}
        bearers = len(called) + sum(reading is None for reading in readings.values())
        names = sum(not reading.startswith(PERHAPS) for reading in called)
        if bearers > policy.max_records or names >= policy.max_readings:
            self.shared.add(token)
            self.crowded[token] = (bearers, names)

    def _load(self, query: sa.Select[Any], wanted: Collection[int]) -> None:
        if not wanted:
            return
        fresh: dict[int, list[Person]] = defaultdict(list)
        for row_id, profile_id, connection, key, features, gone_at in self.tx.among(query, wanted):
            if profile_id in self.profiles:
                continue
            gone = gone_at is not None
            person = Person(row_id, connection, key, profile_id, features or NONE, gone)
            self.people[row_id] = person
            fresh[profile_id].append(person)
        self.profiles.update(fresh)
        here = [person.id for people in fresh.values() for person in people]
        said = answers.touching(self.tx, here)
        self.answers.update((each.pair, each.verdict) for each in said)


def _several(counted: Counter[V]) -> set[V]:
    return {value for value, count in counted.items() if count > 1}


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
