"""What matching compares of all customers, in columns: equal values have equal codes."""

from array import array
from collections.abc import Hashable, Iterable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

from tokui.identity.features import NONE
from tokui.identity.household import home_of
from tokui.identity.normalise.place import Place

T = TypeVar("T", bound=Hashable)

Codes = NDArray[np.int32]
Ids = NDArray[np.int64]

Numbers = tuple[str, ...]
"""Match keys, then the strength of each."""

Address = tuple[str, str]
"""Postal code and town."""


class Column(Generic[T]):
    """
    One thing that is known of customers.

    Attributes:
        codes: Each customer's, in their order; 0 where nothing is known.
        values: What the codes stand for.
    """

    def __init__(self, nothing: T) -> None:
        self.codes: Codes = np.zeros(0, np.int32)
        self.values: list[T] = []
        self._number: dict[T, int] = {nothing: 0}
        self._places, self._known = array("i"), array("i")

    def add(self, place: int, value: T) -> None:
        """The value of the customer at a place."""
        self._places.append(place)
        self._known.append(self._number.setdefault(value, len(self._number)))

    def close(self, count: int) -> None:
        """All customers were read."""
        self.codes, self.values = np.zeros(count, np.int32), list(self._number)
        self.codes[np.asarray(self._places)] = np.asarray(self._known)
        self._number, self._places, self._known = {}, array("i"), array("i")

    def at(self, place: int) -> T:
        """What is known of the customer at a place."""
        found: T = self.values[self.codes[place]]
        return found


class Columns:
    """
    All customers.

    Attributes:
        ids: Ascending.
        profiles: Where each belongs.
        connections: Who states it, as a place in `connection_names`.
        gone: Does its source have it no more?
        family: The part of the name, as it stands within the features' JSON; `given` as well.
        nick: As in `Names`.
        mailbox: As in `Features`; so is `birthday`.
        places: Postal code and town of each address.
        homes: Where a household would live, as `household` says.
        numbers: Series → the customer's match keys of it.
    """

    def __init__(self, rows: Iterable[Any]) -> None:
        ids, profiles, gone, connections = array("q"), array("q"), bytearray(), Column("")
        family, given, nick, birthday, *_, mailbox, _ = from_json(NONE.to_json())
        self.family, self.given = Column[str](family), Column[str](given)
        self.nick, self.mailbox = Column[str](nick), Column[str](mailbox)
        self.birthday = Column[str](birthday)
        self.places, self.homes = Column[tuple[Address, ...]](()), Column[tuple[str, ...]](())
        self.numbers: dict[str, Column[Numbers]] = {}
        for place, (row_id, connection, profile_id, features, gone_at) in enumerate(rows):
            ids.append(row_id)
            profiles.append(profile_id)
            connections.add(place, connection)
            gone.append(gone_at is not None)
            if features:
                self._add(place, from_json(features, cache_strings="none"))
        for column in (connections, *self._all()):
            column.close(len(ids))
        self.ids, self.profiles = np.asarray(ids), np.asarray(profiles)
        self.connections, self.connection_names = connections.codes, connections.values
        self.gone = np.frombuffer(gone, np.bool_)

    def _all(self) -> Iterable[Column[Any]]:
        yield from (self.family, self.given, self.nick, self.mailbox, self.birthday)
        yield from (self.places, self.homes)
        yield from self.numbers.values()

    def _add(self, place: int, features: Any) -> None:
        family, given, nick, birthday, places, numbers, mailbox, _ = features
        self.family.add(place, family)
        self.given.add(place, given)
        if nick:
            self.nick.add(place, nick)
        if birthday:
            self.birthday.add(place, birthday)
        if mailbox:
            self.mailbox.add(place, mailbox)
        if places:
            self.places.add(place, tuple([(each[0], each[1]) for each in places]))
            if home := home_of([Place(*each) for each in places]):
                self.homes.add(place, home)
        for series, keys in numbers.items():
            if series not in self.numbers:
                self.numbers[series] = Column(())
            self.numbers[series].add(place, (*keys, *keys.values()))
