"""What matching compares of all customers, in columns."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import starmap
from typing import Any

import numpy as np
from pydantic_core import from_json, to_json

from tokui.identity.bulk.column import Column
from tokui.identity.bulk.identifiers import Identifiers
from tokui.identity.features import NONE
from tokui.identity.household import home_of
from tokui.identity.normalise.place import Place
from tokui.identity.portions import portions

Home = tuple[str, ...] | None
"""As `household` says."""

READ = 500
"""Customers whose features are objects at a time: few, that they are still in the processor's cache."""

NOTHING = from_json(NONE.to_json())


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
        places: Postal code and town of the addresses, as JSON.
        homes: Where a household would live.
        identifiers: Who has which.
    """

    def __init__(self, rows: Iterable[Any]) -> None:
        ids, profiles, gone, connections = array("q"), array("q"), array("b"), Column("")
        self._open()
        for some in portions(rows, READ):
            row_id, connection, profile_id, features, gone_at = zip(*some, strict=True)
            ids.extend(row_id)
            profiles.extend(profile_id)
            connections.extend(connection)
            gone.extend([each is not None for each in gone_at])
            self._add([_read(each) for each in features])
        self._close()
        self.ids, self.profiles = np.asarray(ids), np.asarray(profiles)
        self.connections, self.connection_names = connections.close().codes, connections.values
        self.gone = np.asarray(gone) != 0

    def _open(self) -> None:
        family, given, nick, birthday, places, _, mailbox, _ = NOTHING
        self.family, self.given = Column[str](family), Column[str](given)
        self.nick, self.mailbox = Column[str](nick), Column[str](mailbox)
        self.birthday, self._addresses = Column[str](birthday), Column(to_json(places))
        self.identifiers = Identifiers()

    def _add(self, features: Sequence[Any]) -> None:
        family, given, nick, birthday, places, numbers, mailbox, _ = zip(*features, strict=True)
        self.family.extend(family)
        self.given.extend(given)
        self.nick.extend(nick)
        self.birthday.extend(birthday)
        self._addresses.extend(map(to_json, places))  # lists have no hash
        self.identifiers.extend(numbers)
        self.mailbox.extend(mailbox)

    def _close(self) -> None:
        for column in (self.family, self.given, self.nick, self.birthday, self.mailbox):
            column.close()
        self.identifiers.close()
        self._see(self._addresses.close())
        del self._addresses

    def _see(self, addresses: Column[bytes]) -> None:
        """Each list of addresses once: where, and whether at home."""
        self.places, self.homes = Column(to_json([])), Column[Home](None)
        for some in portions(addresses.values, READ):
            known = [list(starmap(Place, from_json(each))) for each in some]
            self.places.extend(to_json([each[:2] for each in where]) for where in known)
            self.homes.extend(map(home_of, known))
        for column in (self.places, self.homes):
            column.close()
            column.codes = column.codes[addresses.codes]
        self.homes.values = ()  # that they are equal says all


def _read(features: str | None) -> Any:
    return from_json(features, cache_strings="none") if features else NOTHING
