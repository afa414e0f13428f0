"""
Are two customers one person? A pure judgement with its reasons; writing it down is `link`'s work.

A pair is weighed against two rivals of "the same person": *another member of the family*, with whom a
phone, a mailbox, an address and a family name are shared, and *a stranger*, who shares them by chance.
Each agreement and each conflict is a term with a weight against either rival, the logarithm of how much
likelier it is of one person than of the rival (Fellegi and Sunter 1969). The weights add up; the score
is what is left when both rivals are taken together.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pydantic import JsonValue

from tokui.identity.compare import birthdays, nicknames, parts, towns
from tokui.identity.features import Features
from tokui.identity.normalise.names import Names, Part, surname_share
from tokui.identity.normalise.place import Place
from tokui.identity.numbers import numbers
from tokui.identity.terms import AGREES, TERMS, Term

RULE = "log-odds/2"
"""Name and version of the rule, kept with each decision."""

FEW = 5_000

APART = 20_000
"""Weights further apart than this are as good as one."""


class Judgement(NamedTuple):
    """
    What the evidence says.

    Attributes:
        score: Logarithm of the odds that the two are one person, in thousandths.
        evidence: The same without what is true of any two customers: 0 where nothing is known.
        agrees: Flags of what they agree on.
        terms: The reasons.
    """

    score: int
    evidence: int
    agrees: int
    terms: tuple[Term, ...]

    @property
    def reasons(self) -> list[JsonValue]:
        """The terms as the log keeps them: code and the two weights."""
        return [[term.code, term.family, term.stranger] for term in self.terms]


def prior(customers: int) -> int:
    """
    Weight of "any of so many strangers" before anything is compared; in steps of factor two.

    A small shop's customers are drawn from a town, so it is that of 5,000 at least.
    """
    return 500 - round(1000 * math.log(2) * max(customers, FEW).bit_length())


def judge(
    left: Features,
    right: Features,
    shared: Collection[str] = (),
    prior: int = prior(10_000),
    alone: int = 0,
) -> Judgement:
    """
    Weigh a pair.

    Args:
        left: One customer.
        right: The other; the judgement is the same whichever comes first.
        shared: Identifiers (tokens) that too many people bear to prove much.
        prior: As `prior` says.
        alone: Weight against a member of the family before anything is compared.
    """
    terms = _terms(left, right, shared)
    kin, stranger, agrees = alone, 0, 0
    for code, against_family, against_stranger in terms:
        kin += against_family
        stranger += against_stranger
        agrees |= AGREES.get(code, 0)
    evidence = min(kin, stranger)
    return Judgement(_together(kin, stranger + prior), evidence, agrees, tuple(terms))


def _together(family: int, stranger: int) -> int:
    """Odds against both rivals at once."""
    return min(family, stranger) - second(min(abs(family - stranger), APART))


@lru_cache(APART + 1)
def second(apart: int) -> int:
    """What is lost because there are two rivals and not one, by how far they are apart."""
    return round(1000 * math.log1p(math.exp(-apart / 1000)))


def _terms(left: Features, right: Features, shared: Collection[str]) -> list[Term]:
    terms = _names(left, right)
    if left.birthday and right.birthday:
        terms.append(birthday(left.birthday, right.birthday, terms[0] if terms else None))
    theirs = right.numbers
    for series, mine in left.numbers.items():
        if series in theirs and (said := numbers(series, mine, theirs[series], shared)):
            terms.append(said)
    if left.places and right.places and (near := places(left.places, right.places)):
        terms.append(near)
    return terms


def _names(left: Features, right: Features) -> list[Term]:
    one, other = left.names, right.names
    called = _given(one.given, other.given)
    if called in CLASHES and turned(one, other):
        return [TERMS["names.turned"]]
    terms = [called] if called else list(nameless(left, right))
    house = _family(one.family, other.family)
    return [*terms, house] if house else terms


def birthday(one: str, other: str, name: Term | None) -> Term:
    """What two birthdays say, beside what the given names say."""
    same = birthdays(one, other)
    return TERMS["birthday.twins" if same == "birthday.same" and name in OTHER_NAMES else same]


OTHER_NAMES = [
    TERMS[f"given.{each}"] for each in ("near", "rhyme", "part", "character", "unlike", "differ")
]
"""Twins share a birthday, and as often as not a character or the sound of their names."""

CLASHES = (TERMS["given.differ"], TERMS["given.unlike"])


def given(one: Part, other: Part) -> Term | None:
    """What two given names say."""
    return _GIVEN.get(parts(one, other))


_GIVEN: Mapping[str | None, Term] = {
    code.removeprefix("given."): term for code, term in TERMS.items() if code.startswith("given.")
}
_given = lru_cache(8192)(given)


def nameless(left: Features, right: Features) -> Iterator[Term]:
    """What is left to go by where one has no given name."""
    one, other = left.names, right.names
    called = (nicked(one.nick, other.given), nicked(other.nick, one.given))
    if found := called[0] or called[1]:
        yield found  # no two: only one of them has a given name
    if left.mailbox != right.mailbox and (  # the same address says it already
        in_mailbox(left.mailbox, one.given, other.given)
        or in_mailbox(right.mailbox, other.given, one.given)
    ):
        yield MAILBOX


MAILBOX = TERMS["mailbox.given"]


def nicked(nick: str, given: Part) -> Term | None:
    """What the one's display name says of the other's given name."""
    likeness = nicknames(nick, given) if nick else None
    return TERMS[f"nick.{likeness}"] if likeness else None


def turned(one: Names, other: Names) -> bool:
    """Did one of the sources take the family name for the given name?"""
    return crossed(one.given, other.family) and crossed(other.given, one.family)


def crossed(given: Part, family: Part) -> bool:
    """Is the one's given name what the other's source has for the family name?"""
    return parts(given, family) in (*_AGREEING, "near", "rhyme")


def in_mailbox(mailbox: str, own: Part, given: Part) -> bool:
    """Does one without a given name of their own write the other's into their e-mail address?"""
    if not mailbox or own.sound or not given.sound:
        return False
    return any(len(each) >= 4 and each in mailbox for each in given.sound)


_AGREEING = ("same", "reading", "sound")


def family(one: Part, other: Part) -> Term | None:
    """What two family names say: 佐藤 proves little, 小鳥遊 much."""
    likeness = parts(one, other)
    if likeness in _AGREEING:
        share = max(surname_share(one), surname_share(other))
        rarity = min(10_000, round(-1000 * math.log(share)))
        return Term("family.same", 0, rarity * (10 if likeness == "same" else 9) // 10)
    if likeness in ("near", "rhyme", "part", "character"):
        return TERMS["family.near"]
    return TERMS["family.differ"] if likeness else None


_family = lru_cache(8192)(family)


def places(left: Sequence[Place], right: Sequence[Place]) -> Term | None:
    """What two customers' addresses say: the nearest two of them."""
    best = FAR
    for one in left:
        for other in right:
            best = min(best, _NEAREST[towns(one, other)])
    return _NEAR[best]


_NEAREST = {"address.same": 0, "address.near": 1, "postal.same": 2, "address.differ": 3, None: 4}
_NEAR = [TERMS[code] if code else None for code in _NEAREST]
FAR = len(_NEAR) - 1
