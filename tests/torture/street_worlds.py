"""A street of families: who lives there, what shops know of them, and how it arrives."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from tokui.identity.weigh import Policy
from tokui.model import (
    Address,
    Consent,
    Customer,
    Event,
    Gone,
    Identifier,
    Joined,
    Order,
    PartialDate,
    PersonName,
    Record,
)
from tokui_contracts.context import NOON

SHOPS = ("shop", "till", "line")
LAST = 99
"""The version of a source's word that two of its customers are one: nothing comes after it."""

CROWDED = Policy(max_records=3, max_readings=3)
"""Limits that a street reaches."""

NEVER = Policy(duplicates=dict.fromkeys(SHOPS, "never"), max_records=3, max_readings=3)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """
    Somebody of the street.

    Attributes:
        family: Written, in kana, in Latin letters.
        given: The same.
        home: Number of the house.
    """

    family: tuple[str, str, str]
    given: tuple[str, str, str]
    birthday: str
    mobile: str
    card: str
    home: int


_TAKANASHI = ("小鳥遊", "タカナシ", "Takanashi")
_SATO = ("佐藤", "サトウ", "Sato")
_OE = ("大江", "オオエ", "Ooe")
STREET = (
    Neighbour(
        _TAKANASHI, ("芽久", "メグ", "Megu"), "1985-04-12", "090-1111-2201", "2900123456783", 1
    ),
    Neighbour(
        _TAKANASHI,
        ("健介", "ケンスケ", "Kensuke"),
        "1983-11-30",
        "090-1111-2202",
        "2900123456790",
        1,
    ),
    Neighbour(
        _TAKANASHI, ("芽衣", "メイ", "Mei"), "2012-07-01", "090-1111-2203", "2900123456806", 1
    ),
    Neighbour(
        _SATO, ("健介", "ケンスケ", "Kensuke"), "1990-11-02", "080-3333-4401", "2900123456813", 2
    ),
    Neighbour(
        _SATO, ("美咲", "ミサキ", "Misaki"), "1990-11-02", "080-3333-4402", "2900123456820", 2
    ),
    Neighbour(
        _OE, ("翔太", "ショウタ", "Shota"), "1971-12-11", "070-5555-6601", "2900123456837", 3
    ),
)
HOMES = {
    1: ("150-0001", "東京都", "渋谷区", "神宮前1-2-3", "03-3333-0001", "takanashi@example.jp"),
    2: ("530-0001", "大阪府", "大阪市北区", "梅田2-4-6", "06-6666-0002", "satoke@example.jp"),
    3: ("150-0001", "東京都", "渋谷区", "神宮前1-2-3", "03-3333-0001", "ooe@example.jp"),
}
OFFICE = "03-9999-0000"
"""A phone that people of every house give."""


def _written(one: Neighbour, how: str) -> PersonName | None:
    (family, family_kana, family_latin), (given, given_kana, given_latin) = one.family, one.given
    match how:
        case "both":
            return PersonName(
                family=family, given=given, family_kana=family_kana, given_kana=given_kana
            )
        case "kanji":
            return PersonName(family=family, given=given)
        case "kana":
            return PersonName(family_kana=family_kana, given_kana=given_kana)
        case "latin":
            return PersonName(display=f"{given_latin} {family_latin}")
        case "turned":
            return PersonName(family=given, given=family)
        case "nick":
            return PersonName(display=given_kana[:2])
        case _:
            return None


_WAYS = ("both", "both", "kanji", "kana", "latin", "turned", "nick", "none")


@st.composite
def records(draw: Any, key: str, version: int) -> Customer:
    """What a shop writes of somebody: much or little, and not all of it their own."""
    one = STREET[draw(st.integers(0, len(STREET) - 1))]
    known = draw(st.integers(0, 63))
    postal, region, city, line, landline, family_mail = HOMES[one.home]
    own_mail = f"{one.given[2].lower()}.{one.family[2].lower()}@example.jp"
    said = (
        ("email", own_mail, known & 1),
        ("email", family_mail, known & 6 == 2),
        ("phone", one.mobile, known & 8),
        ("phone", landline, known & 6 == 4),
        ("phone", OFFICE, known & 6 == 6),
        ("card", one.card, known & 48 == 48),
    )
    birthday = draw(st.sampled_from([one.birthday, one.birthday, "1900-01-01", "--04-12", ""]))
    address = Address(postal_code=postal, region=region, city=city, line1=line, country="JP")
    return Customer(
        external_id=key,
        source_version=version,
        name=_written(one, draw(st.sampled_from(_WAYS))),
        identifiers=tuple(_identifier(kind, value) for kind, value, told in said if told),
        birthday=PartialDate.parse(birthday) if birthday else None,
        addresses=(address,) if known & 32 else (),
        guest=draw(st.booleans()),
    )


def _identifier(kind: str, value: str) -> Identifier:
    return Identifier(kind=kind, value=value, issuer="club" if kind == "card" else None)


Key = tuple[str, str]
"""Connection and external id."""


@dataclass(frozen=True, slots=True)
class World:
    """
    All that is ever said.

    Attributes:
        customers: What was said of each, the last word last.
        gone: Customers that their source has no more; they keep the place that they had then.
        joined: Customers that their source merged: the old one → into which.
        facts: What hangs on customers, also on some that nothing is told of.
        answers: Two customers, and what people say of them; they do not contradict each other.
    """

    customers: Mapping[Key, Sequence[Customer]]
    gone: Sequence[Key]
    joined: Mapping[Key, Key]
    facts: Sequence[tuple[str, Record]]
    answers: Sequence[tuple[Key, Key, str]]


@st.composite
def worlds(draw: Any, most: int = 16, joins: bool = True, leaves: bool = False) -> World:
    """A world of some shops and customers."""
    keys = st.tuples(st.sampled_from(SHOPS), st.sampled_from("abcdef"))
    chosen = draw(st.lists(keys, min_size=4, max_size=most, unique=True))
    said = {
        (name, key): [draw(records(key, n)) for n in range(1, 1 + draw(st.sampled_from([1, 1, 2])))]
        for name, key in chosen
    }
    joined = draw(_joined(sorted(chosen))) if joins else {}
    facts = draw(st.lists(_facts(keys), max_size=5))
    gone = draw(st.lists(st.sampled_from(chosen), max_size=2, unique=True)) if leaves else []
    return World(said, gone, joined, facts, draw(_answers(sorted(chosen), joined)))


@st.composite
def _joined(draw: Any, keys: Sequence[Key]) -> Mapping[Key, Key]:
    pairs = [(one, other) for one in keys for other in keys if one[0] == other[0] and one > other]
    return dict(draw(st.lists(st.sampled_from(pairs), max_size=1))) if pairs else {}


@st.composite
def _facts(draw: Any, keys: Any) -> tuple[str, Record]:
    name, key = draw(keys)
    number, kind = f"{key}{draw(st.integers(0, 2))}", draw(st.sampled_from("oec"))
    if kind == "o":
        return name, Order(
            external_id=number, state="paid", placed_at=NOON, currency="JPY", buyer=key
        )
    if kind == "e":
        return name, Event(external_id=number, customer=key, type="visit", occurred_at=NOON)
    return name, Consent(external_id=number, customer=key, contact="email", state="granted")


@st.composite
def _answers(
    draw: Any, keys: Sequence[Key], joined: Mapping[Key, Key]
) -> Sequence[tuple[Key, Key, str]]:
    """As people would answer who knew who everybody is."""
    truth = {key: draw(st.integers(0, 3)) for key in keys}
    for old, into in joined.items():
        truth[old] = truth[into]
    pairs = st.tuples(st.sampled_from(keys), st.sampled_from(keys)).filter(lambda p: p[0] < p[1])
    asked = draw(st.lists(pairs, max_size=3, unique=True))
    return [
        (one, other, "same" if truth[one] == truth[other] else "different") for one, other in asked
    ]


Pages = Sequence[tuple[str, Sequence[Record]]]


@st.composite
def arrivals(draw: Any, world: World) -> Pages:
    """A way to arrive: any order and size of pages, with repeats and old versions late."""
    told = [(name, each) for (name, _), said in world.customers.items() for each in said]
    told += [
        (name, Joined(external_id=old, into=into, source_version=LAST))
        for (name, old), (_, into) in world.joined.items()
    ]
    told += [
        (name, Gone(external_id=key, kind=Customer.kind_name, source_version=LAST))
        for name, key in world.gone
    ]
    again = draw(st.lists(st.sampled_from(told), max_size=3))
    return list(_paged(draw(st.permutations([*told, *world.facts, *again])), draw(_SIZES)))


_SIZES = st.sampled_from([1, 2, 5, 100])


def _paged(told: Iterable[tuple[str, Record]], size: int) -> Iterator[tuple[str, Sequence[Record]]]:
    waiting: dict[str, list[Record]] = {}
    for name, each in told:
        mine = waiting.setdefault(name, [])
        mine.append(each)
        if len(mine) >= size:
            yield name, waiting.pop(name)
    yield from waiting.items()
