"""What matching compares of all customers, in columns."""

from itertools import starmap

import numpy as np
from pydantic_core import from_json, to_json

from tokui.identity.bulk.column import Column
from tokui.identity.bulk.identifiers import Identifiers
from tokui.identity.bulk.rows import Rows
from tokui.identity.household import home_of
from tokui.identity.normalise.place import Place
from tokui.identity.portions import portions

Home = tuple[str, ...] | None
"""As `household` says."""

SOME = 500
"""Lists of addresses that are objects at a time."""


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

    def __init__(self, rows: Rows) -> None:
        rows.close()
        self.ids, self.profiles = np.asarray(rows.ids), np.asarray(rows.profiles)
        self.gone = np.asarray(rows.gone) != 0
        self.connections, self.connection_names = rows.connections.codes, rows.connections.values
        self.family, self.given, self.nick = rows.family, rows.given, rows.nick
        self.mailbox, self.birthday = rows.mailbox, rows.birthday
        self.identifiers = Identifiers(rows)
        self._see(rows.addresses)

    def _see(self, addresses: Column[bytes]) -> None:
        """Each list of addresses once: where, and whether at home."""
        self.places, self.homes = Column(to_json([])), Column[Home](None)
        for some in portions(addresses.values, SOME):
            known = [list(starmap(Place, from_json(each))) for each in some]
            self.places.extend(to_json([each[:2] for each in where]) for where in known)
            self.homes.extend(map(home_of, known))
        for column in (self.places, self.homes):
            column.close()
            column.codes = column.codes[addresses.codes]
        self.homes.values = ()  # that they are equal says all
