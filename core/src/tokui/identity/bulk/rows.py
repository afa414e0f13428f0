"""Customers as they are read from the store, their features in columns; some here, and some elsewhere."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from pydantic_core import from_json, to_json

from tokui.identity.bulk.column import Column
from tokui.identity.features import NONE, Numbers
from tokui.identity.portions import portions

READ = 500
"""Customers whose features are objects at a time: few, that they are still in the processor's cache."""

NOTHING = from_json(NONE.to_json())


class Rows:
    """
    Customers, one after the other; each attribute is an array or a column.

    Attributes:
        ids: Ascending.
        profiles: Where each belongs.
        gone: Does its source have it no more?
        connections: Who states it.
        family: The part of the name, as it stands within the features' JSON; `given` as well.
        nick: As in `Names`.
        mailbox: As in `Features`; so is `birthday`.
        addresses: The places, as JSON.
        orders: Of which kinds and issuers it has identifiers.
        series: The same, one after the other.
        sizes: How many there are of each.
        keys: Their match keys, one after the other; so are `strengths`.
    """

    def __init__(self, rows: Iterable[Any] = ()) -> None:
        self.ids, self.profiles, self.gone = array("q"), array("q"), array("b")
        self.connections = Column("")
        family, given, nick, birthday, places, _, mailbox, _ = NOTHING
        self.family, self.given = Column[str](family), Column[str](given)
        self.nick, self.mailbox = Column[str](nick), Column[str](mailbox)
        self.birthday, self.addresses = Column[str](birthday), Column(to_json(places))
        self.orders, self.series = Column[tuple[str, ...]](()), Column("")
        self.sizes, self.keys, self.strengths = array("i"), Column(""), Column("")
        for some in portions(rows, READ):
            self._extend(some)

    def _extend(self, rows: Sequence[Any]) -> None:
        ids, connections, profiles, features, gone_at = zip(*rows, strict=True)
        self.ids.extend(ids)
        self.profiles.extend(profiles)
        self.gone.extend([each is not None for each in gone_at])
        self.connections.extend(connections)
        self._read([_read(each) for each in features])

    def _read(self, features: Sequence[Any]) -> None:
        family, given, nick, birthday, places, numbers, mailbox, _ = zip(*features, strict=True)
        self.family.extend(family)
        self.given.extend(given)
        self.nick.extend(nick)
        self.birthday.extend(birthday)
        self.addresses.extend(map(to_json, places))  # lists have no hash
        self.mailbox.extend(mailbox)
        self._bear(numbers)

    def _bear(self, numbers: Sequence[Numbers]) -> None:
        borne = list(chain.from_iterable([each.values() for each in numbers]))
        self.orders.extend(map(tuple, numbers))
        self.series.extend(chain.from_iterable(numbers))
        self.sizes.extend(map(len, borne))
        self.keys.extend(chain.from_iterable(borne))
        self.strengths.extend(chain.from_iterable([each.values() for each in borne]))

    def join(self, others: "Rows") -> None:
        """The next customers, who were closed elsewhere."""
        for name, mine in vars(self).items():
            theirs = getattr(others, name)
            mine.join(theirs) if isinstance(mine, Column) else mine.extend(theirs)

    def close(self) -> "Rows":
        """All customers were read."""
        for each in vars(self).values():
            if isinstance(each, Column):
                each.close()
        return self


def _read(features: str | None) -> Any:
    return from_json(features, cache_strings="none") if features else NOTHING
