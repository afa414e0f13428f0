"""
Are two customers one person? A pure judgement with its reasons; writing it down is `link`'s work.

A pair is weighed against two rivals of "the same person": *another member of the family*, with whom a
phone, a mailbox, an address and a family name are shared, and *a stranger*, who shares them by chance.
Each agreement and each conflict is a term with a weight against either rival, the logarithm of how much
likelier it is of one person than of the rival (Fellegi and Sunter 1969). The weights add up; the score
is what is left when both rivals are taken together.

Weights are integers, thousandths of a natural logarithm, so that a sum is the same in any order.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from pydantic import JsonValue

from tokui.identity.compare import birthdays, nicknames, parts, slipped, towns
from tokui.identity.features import Features
from tokui.identity.normalise.contact import phone_type
from tokui.identity.normalise.names import Names, Part, surname_share
from tokui.identity.normalise.place import Place

RULE = "log-odds/1"
"""Name and version of the rule, kept with each decision."""

FEW = 5_000

TAIL = 8
"""Last characters of a member number that a till may print instead of all."""


class Term(NamedTuple):
    """
    One reason.

    Attributes:
        code: What was seen; `explain` has a sentence for each.
        family: Weight against a member of the family.
        stranger: Weight against a stranger.
    """

    code: str
    family: int
    stranger: int


_TERMS: Mapping[str, Term] = {
    code: Term(code, family, stranger)
    for code, family, stranger in (
        ("given.same", 4800, 5300),
        ("given.reading", 4000, 4800),
        ("given.sound", 4200, 5000),
        ("given.near", 1200, 3200),
        ("given.part", -300, 1500),
        ("given.character", -2000, -800),
        ("given.differ", -4200, -4200),
        ("given.unlike", -2000, -2000),
        ("nick.same", 3200, 4500),
        ("nick.part", 1300, 2000),
        ("nick.differ", -400, -400),
        ("mailbox.given", 2200, 3000),
        ("names.turned", 4000, 9000),
        ("family.near", 0, 2500),
        ("family.differ", 0, -3200),
        ("birthday.same", 5500, 9500),
        ("birthday.twins", 1500, 9500),
        ("birthday.day", 4500, 5500),
        ("birthday.near", 1400, 3500),
        ("birthday.differ", -4500, -4500),
        ("unique.same", 14000, 18000),
        ("unique.near", 2000, 5000),
        ("unique.differ", -2600, -2600),
        ("email.verified", 4000, 16000),
        ("email.same", 2600, 16000),
        ("email.differ", -800, -800),
        ("mobile.same", 800, 15000),
        ("mobile.differ", -900, -900),
        ("phone.verified", 2000, 15000),
        ("landline.same", 100, 12000),
        ("number.same", 2600, 16000),
        ("number.weak", 1000, 9000),
        ("number.tail", 2200, 12000),
        ("number.differ", -1800, -1800),
        ("shared.same", 0, 5000),
        ("sole.differ", -30000, -30000),
        ("address.same", 0, 9000),
        ("address.near", 0, 7500),
        ("postal.same", 0, 5500),
        ("address.differ", 0, -1900),
    )
}

CONTACT, HOME, GIVEN, BIRTHDAY = 1, 2, 4, 8
"""What two customers agree on. A unique number says as much as a number and a name."""

_AGREES: Mapping[str, int] = {
    "unique.same": CONTACT | GIVEN,
    **dict.fromkeys(("email.verified", "email.same", "mobile.same", "phone.verified"), CONTACT),
    **dict.fromkeys(("landline.same", "number.same", "number.tail", "number.weak"), CONTACT),
    **dict.fromkeys(("given.same", "given.reading", "given.sound", "names.turned"), GIVEN),
    **dict.fromkeys(("birthday.same", "birthday.twins"), BIRTHDAY),
    **dict.fromkeys(("address.same", "address.near"), HOME),
}


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
    family, stranger, agrees = alone, 0, 0
    for code, against_family, against_stranger in terms:
        family += against_family
        stranger += against_stranger
        agrees |= _AGREES.get(code, 0)
    evidence = min(family, stranger)
    return Judgement(_together(family, stranger + prior), evidence, agrees, tuple(terms))


def _together(family: int, stranger: int) -> int:
    """Odds against both rivals at once."""
    low, high = (family, stranger) if family < stranger else (stranger, family)
    return low - round(1000 * math.log1p(math.exp(max(low - high, -20000) / 1000)))


def _terms(left: Features, right: Features, shared: Collection[str]) -> list[Term]:
    terms = _names(left, right)
    if left.birthday and right.birthday:
        same = birthdays(left.birthday, right.birthday)
        twins = same == "birthday.same" and terms and terms[0].code in _OTHER_NAMES
        terms.append(_TERMS["birthday.twins" if twins else same])
    theirs = right.numbers
    for series, mine in left.numbers.items():
        if series in theirs and (said := _numbers(series, mine, theirs[series], shared)):
            terms.append(said)
    if left.places and right.places and (near := _places(left.places, right.places)):
        terms.append(near)
    return terms


def _names(left: Features, right: Features) -> list[Term]:
    one, other = left.names, right.names
    given = _given(one.given, other.given)
    if given in _CLASHES and _turned(one, other):
        return [_TERMS["names.turned"]]
    terms = [given] if given else list(_nameless(left, right))
    family = _family(one.family, other.family)
    return [*terms, family] if family else terms


_OTHER_NAMES = {f"given.{each}" for each in ("near", "part", "character", "unlike", "differ")}
"""Twins share a birthday, and as often as not a character or the sound of their names."""

_CLASHES = (_TERMS["given.differ"], _TERMS["given.unlike"])


@lru_cache(20_000)
def _given(one: Part, other: Part) -> Term | None:
    likeness = parts(one, other)
    return _TERMS[f"given.{likeness}"] if likeness else None


def _nameless(left: Features, right: Features) -> Iterator[Term]:
    """What is left to go by where one has no given name."""
    one, other = left.names, right.names
    nick, given = (one.nick, other.given) if one.nick else (other.nick, one.given)
    if nick and (likeness := nicknames(nick, given)):
        yield _TERMS[f"nick.{likeness}"]
    if _in_mailbox(left, right) or _in_mailbox(right, left):
        yield _TERMS["mailbox.given"]


def _turned(one: Names, other: Names) -> bool:
    """Did one of the sources take the family name for the given name?"""
    crossed = ((one.given, other.family), (one.family, other.given))
    return all(parts(*pair) in (*_AGREEING, "near") for pair in crossed)


def _in_mailbox(nameless: Features, named: Features) -> bool:
    """Does the one without a given name write the other's into its e-mail address?"""
    if not nameless.mailbox or nameless.names.given.sound or not named.names.given.sound:
        return False
    if nameless.mailbox == named.mailbox:
        return False  # the same address says it already
    return any(len(each) >= 4 and each in nameless.mailbox for each in named.names.given.sound)


_AGREEING = ("same", "reading", "sound")


@lru_cache(20_000)
def _family(one: Part, other: Part) -> Term | None:
    """佐藤 proves little, 小鳥遊 much."""
    likeness = parts(one, other)
    if likeness in _AGREEING:
        share = max(surname_share(one), surname_share(other))
        rarity = min(10_000, round(-1000 * math.log(share)))
        return Term("family.same", 0, rarity * (10 if likeness == "same" else 9) // 10)
    if likeness in ("near", "part", "character"):
        return _TERMS["family.near"]
    return _TERMS["family.differ"] if likeness else None


def _numbers(
    series: str, left: Mapping[str, str], right: Mapping[str, str], shared: Collection[str]
) -> Term | None:
    kind = series.partition(":")[0]
    common = [key for key in left if key in right]
    if common:
        found = [_same(series, kind, key, left, right, shared) for key in common]
        return found[0] if len(found) == 1 else max(found, key=_weight)
    if kind not in ("email", "phone") and any(
        _tails(one, other) for one, other in product(left, right)
    ):
        return _TERMS["number.tail"]
    return _differ(kind, left, right)


def _weight(term: Term) -> int:
    return term.family + term.stranger


def _same(
    series: str,
    kind: str,
    key: str,
    left: Mapping[str, str],
    right: Mapping[str, str],
    shared: Collection[str],
) -> Term:
    strength = left[key]
    if strength != right[key]:
        strength = min(strength, right[key], key=STRENGTHS.index)
    if strength == "unique":
        return _TERMS["unique.same"]
    if f"{series}:{key}" in shared:
        return _TERMS["shared.same"]
    if kind == "email":
        return _TERMS["email.same" if strength == "shareable" else "email.verified"]
    if kind == "phone":
        weak = "mobile.same" if _is_mobile(key) else "landline.same"
        return _TERMS[weak if strength == "shareable" else "phone.verified"]
    return _TERMS["number.weak" if strength == "shareable" else "number.same"]


STRENGTHS = ("shareable", "strong", "sole", "unique")
"""The weakest first; what two share is worth what the weaker says. `sole`: a verified value of a kind
that a person has one of."""


def _tails(one: str, other: str) -> bool:
    """Is one of them the end of the other?"""
    long, short = (one, other) if len(one) > len(other) else (other, one)
    return TAIL <= len(short) < len(long) and long.endswith(short)


def _differ(kind: str, left: Mapping[str, str], right: Mapping[str, str]) -> Term | None:
    worth = {*left.values(), *right.values()}
    if worth == {"sole"}:
        return _TERMS["sole.differ"]
    if worth == {"unique"}:
        slip = any(slipped(one, other) for one, other in product(left, right))
        return _TERMS["unique.near" if slip else "unique.differ"]
    if kind == "email":
        return _TERMS["email.differ"]
    if kind != "phone":
        return _TERMS["number.differ"]
    mobile = all(map(_is_mobile, left)) and all(map(_is_mobile, right))
    return _TERMS["mobile.differ"] if mobile else None


@lru_cache(20_000)
def _is_mobile(key: str) -> bool:
    """Rings in a person's pocket; 0800 begins toll-free numbers and mobile ones alike."""
    return phone_type(key) != "landline"


def _places(left: Sequence[Place], right: Sequence[Place]) -> Term | None:
    best = _NEAREST.index(None)
    for one, other in product(left, right):
        best = min(best, _NEAREST.index(towns(one, other)))
        if best == 0:
            break
    nearest = _NEAREST[best]
    return _TERMS[nearest] if nearest else None


_NEAREST = ("address.same", "address.near", "postal.same", "address.differ", None)
