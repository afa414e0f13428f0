"""
The golden view: what all records of one person say together.

Pure. One field's value is whole and from one record, and halves of two names or addresses are never
put together: a registered record before a guest's, a whole name in writing before a reading, half a
name or a nickname, one whose source verified an e-mail, phone or number of the person before others,
then the connection of lower priority number, the most recent, what most records say, the longest; ties
go by connection and id, so that the order of arrival does not matter.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import TypeAlias, TypeVar

from tokui.card import Golden, Rule
from tokui.identity.normalise import issuer_of, normalise
from tokui.identity.normalise.names import read
from tokui.identity.normalise.place import place
from tokui.model import Address, Customer, Identifier, PartialDate, PersonName

T = TypeVar("T")

Records: TypeAlias = Sequence[tuple[str, int, Customer]]
View: TypeAlias = dict[str, object]
Standing: TypeAlias = tuple[bool, bool, int, int, int]
"""Guest, unverified, priority, age, negative sequence: the lower, the better."""

Merit: TypeAlias = tuple[int, ...]
"""
A standing, with what the value lacks after the guest; the negative number of records that say the same,
the negative length of the value.
"""

Known: TypeAlias = tuple[str, str, str | None, str]
"""Kind, issuer, match key, and the key or (without one) the raw value: equal for one identifier."""

Issuers: TypeAlias = Mapping[tuple[str, str], str | None]
"""The issuer that a stream's rule names, by connection and kind of identifier."""

_RULES: tuple[Rule, ...] = (
    "registered",
    "written",
    "verified",
    "priority",
    "recent",
    "recent",
    "frequent",
    "longest",
)


@dataclass(eq=False)
class _Voice:
    """One record, with its standing among the others."""

    connection: str
    priority: int
    customer: Customer
    source: Mapping[str, str]
    at: datetime | None

    @cached_property
    def standing(self) -> Standing:
        version = self.customer.version_us or 0
        # A sequence number says nothing about time: it orders only records that have no time.
        age, sequence = (-version, 0) if self.at else (0, -version)
        verified = any(each.verified for each in self.customer.identifiers)
        return self.customer.guest, not verified, self.priority, age, sequence

    def says(self, value: T, rule: Rule) -> View:
        return {"value": value, "source": self.source, "rule": rule, "at": self.at}


def golden(records: Records, *, issuers: Issuers | None = None, country: str = "JP") -> Golden:
    """
    Compute the golden view.

    Args:
        records: Connection, its priority (lower is trusted more), and the record.
        issuers: What the streams' rules say.
        country: ISO 3166-1 alpha-2, for phone numbers without a country code.
    """
    return Golden.model_validate(_view(records, issuers or {}, country))


def _view(records: Records, issuers: Issuers, country: str) -> View:
    voices = [_voice(*record) for record in records]
    if len(voices) > 1:
        voices = list({_place(voice): voice for voice in sorted(voices, key=_place)}.values())
    return {
        "name": _choose(voices, _name, _name_length, _name_lacks),
        "birthday": _choose(voices, _birthday, _known_parts),
        "gender": _choose(voices, _gender, len),
        "language": _choose(voices, _language, len),
        "addresses": _union(voices, _addresses, same=_spot),
        "identifiers": _identifiers(voices, issuers, country),
        "tags": _union(voices, _tags),
        "customers": [voice.source for voice in voices],
    }


_name, _birthday, _gender = attrgetter("name"), attrgetter("birthday"), attrgetter("gender")
_language, _addresses, _tags = attrgetter("language"), attrgetter("addresses"), attrgetter("tags")


def _voice(connection: str, priority: int, customer: Customer) -> _Voice:
    version = customer.source_version
    source = {"connection": connection, "external_id": customer.external_id}
    at = version if isinstance(version, datetime) else None
    return _Voice(connection, priority, customer, source, at)


def _place(voice: _Voice) -> tuple[Standing, str, str]:
    return voice.standing, voice.connection, voice.customer.external_id


def _choose(
    voices: Sequence[_Voice],
    field: Callable[[Customer], T | None],
    length: Callable[[T], int],
    lacks: Callable[[T], int] = lambda _: 0,
) -> View | None:
    """Take the best record's value; `length` of what says nothing is 0; what `lacks` less is better."""
    stated = [
        (voice, value)
        for voice in voices
        if (value := field(voice.customer)) is not None and length(value)
    ]
    if len(stated) < 2:
        return stated[0][0].says(stated[0][1], "only") if stated else None
    said = Counter(value for _, value in stated)
    claims: list[tuple[Merit, _Voice, T]] = []
    for voice, value in stated:
        guest, *others = voice.standing
        merit = (guest, lacks(value), *others, -said[value], -length(value))
        claims.append((merit, voice, value))
    merit, voice, value = min(claims, key=_merit)
    rivals = [claim for claim in claims if claim[2] != value]
    rule = _rule(merit, min(rivals, key=_merit)[0]) if rivals else "agreed"
    return voice.says(value, rule)


def _merit(claim: tuple[Merit, _Voice, T]) -> Merit:
    return claim[0]


def _rule(winner: Merit, rival: Merit) -> Rule:
    """Name the first criterion on which the two differ."""
    criteria = zip(_RULES, winner, rival, strict=True)
    return next((rule for rule, ours, theirs in criteria if ours != theirs), "first")


def _union(
    voices: Sequence[_Voice],
    field: Callable[[Customer], Iterable[T]],
    same: Callable[[T], object] = lambda value: value,
) -> list[View]:
    """Keep every value once, however it is written, as the best record states it."""
    stated = [(voice, value) for voice in voices for value in field(voice.customer)]
    if len(stated) < 2:
        return [voice.says(value, "all") for voice, value in stated]
    first: dict[object, View] = {}
    for voice, value in stated:
        first.setdefault(same(value), voice.says(value, "all"))
    return list(first.values())


def _spot(address: Address) -> object:
    """What all ways of writing an address have in common; itself, where it cannot be told."""
    known = place(address)
    where = known.area
    if where is None or not known.town[-1:].isdigit():
        return address
    return where, known.town, known.building, known.room


def _identifiers(voices: Sequence[_Voice], issuers: Issuers, country: str) -> list[View]:
    """Keep every identifier once, verified ones first."""
    claims: dict[Known, list[tuple[_Voice, Identifier]]] = {}
    for voice in voices:
        for identifier in voice.customer.identifiers:
            known = _known(voice.connection, identifier, issuers, country)
            claims.setdefault(known, []).append((voice, identifier))
    views = [_known_as(known, stated) for known, stated in claims.items()]
    return sorted(views, key=lambda view: not view["verified"])


def _known(connection: str, identifier: Identifier, issuers: Issuers, country: str) -> Known:
    kind = identifier.kind
    key = normalise(kind, identifier.value, country=country)
    rule = issuers.get((connection, kind))
    issuer = issuer_of(kind, rule, identifier.issuer, connection, key or "")
    return kind, issuer, key, key or identifier.value


def _known_as(known: Known, stated: Sequence[tuple[_Voice, Identifier]]) -> View:
    kind, issuer, key, _ = known
    best, identifier = stated[0]
    return {
        "kind": kind,
        "issuer": issuer,
        "raw": identifier.value,
        "key": key,
        "verified": any(identifier.verified for _, identifier in stated),
        "sources": [voice.source for voice in {voice: None for voice, _ in stated}],
        "at": best.at,
    }


def _name_length(name: PersonName) -> int:
    parts = (name.family, name.given, name.family_kana, name.given_kana, name.display)
    return sum(len(part) for part in parts if part)


def _name_lacks(name: PersonName) -> int:
    """Nothing of a whole name in writing, then a whole reading, half a name, a nickname."""
    family, given, nick = read(name)
    if nick:
        return 3
    if not (family.sound or family.written) or not (given.sound or given.written):
        return 2
    return 0 if family.written or given.written else 1


def _known_parts(date: PartialDate) -> int:
    return 3 - (date.year, date.month, date.day).count(None)
