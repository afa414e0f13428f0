"""Asking once for each two values, however many pairs of customers have them; half of it elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from pydantic_core import from_json

from tokui.identity import match
from tokui.identity.bulk.column import Codes, Ids
from tokui.identity.bulk.pairs import both, halves
from tokui.identity.bulk.reasons import Reasons
from tokui.identity.features import NAMELESS, part
from tokui.identity.hands import Hands
from tokui.identity.normalise.names import Part
from tokui.identity.normalise.place import Place
from tokui.identity.terms import TERMS, Term
from tokui.identity.weigh import Scales
from tokui.store.engine import Transaction

TURNED = TERMS["names.turned"]

FEW, SHARE = 5_000, 0.5
"""Questions that are not worth sending away; of more, the share that is asked here, beside other work."""


class About(NamedTuple):
    """How the values on either side are read, and what two of them say."""

    left: Callable[[Any], Any]
    right: Callable[[Any], Any]
    say: Callable[[Any, Any], Term | None]


def _crossed(family: Part, given: Part) -> Term | None:
    return TURNED if match.crossed(given, family) else None


def _birthdays(one: str, other: str) -> Term | None:
    return match.birthday(one, other, None)


def _places(text: bytes) -> Sequence[Place]:
    return [Place(*each) for each in from_json(text)]


def _mailbox(mailbox: str, given: Part) -> Term | None:
    return match.MAILBOX if match.in_mailbox(mailbox, NAMELESS.given, given) else None


ABOUT: Mapping[str, About] = {
    "given": About(part, part, match.given),
    "family": About(part, part, match.family),
    "crossed": About(part, part, _crossed),
    "nick": About(str, part, match.nicked),
    "mailbox": About(str, part, _mailbox),
    "birthday": About(str, str, _birthdays),
    "places": About(_places, _places, match.places),
}


Answers = tuple[Codes, Reasons]
"""The reason of each pair by its number, and what the numbers mean."""


class Questions(NamedTuple):
    """
    Some of a kind.

    Attributes:
        about: What, as in `ABOUT`.
        left: Values on the one side.
        right: Those on the other.
        pairs: Places in these, each pair once.
    """

    about: str
    left: Sequence[Any]
    right: Sequence[Any]
    pairs: tuple[Codes, Codes]


def answers(asked: Questions) -> Answers:
    """What two values say, pair after pair."""
    about = ABOUT[asked.about]
    left, right = list(map(about.left, asked.left)), list(map(about.right, asked.right))
    reasons, pairs = Reasons(), zip(*(each.tolist() for each in asked.pairs), strict=True)
    say, code = about.say, reasons.code
    codes = [code(say(left[one], right[other])) for one, other in pairs]
    return np.array(codes, np.int32), reasons


def _elsewhere(_: Transaction, __: Scales, asked: Questions) -> Answers:
    return answers(asked)


Later = Callable[[], Codes]
"""Waits for the reasons of pairs; whoever is to find them elsewhere has begun."""


class Asking:
    """Asks the questions that two columns of codes give rise to."""

    def __init__(self, hands: Hands, reasons: Reasons) -> None:
        self.hands = hands
        self.reasons = reasons

    def alike(self, about: str, values: Sequence[Any], one: Codes, other: Codes) -> Later:
        """What is said of each pair, whichever comes first; nothing, where one is unknown."""
        known = np.flatnonzero((one != 0) & (other != 0))
        mine, theirs = one[known], other[known]
        sides = np.minimum(mine, theirs), np.maximum(mine, theirs)
        said = self.each(about, values, values, *sides)

        def found() -> Codes:
            codes = np.zeros(len(one), np.int32)
            codes[known] = said()
            return codes

        return found

    def each(
        self, about: str, left: Sequence[Any], right: Sequence[Any], one: Codes, other: Codes
    ) -> Later:
        """What is said of each pair."""
        distinct, back = np.unique(both(one, other), return_inverse=True)
        here = int(len(distinct) * SHARE) if len(distinct) > FEW else len(distinct)
        mine, rest = (_questions(about, left, right, n) for n in np.split(distinct, [here]))
        later = self.hands.soon(_elsewhere, rest) if here < len(distinct) else None

        def found() -> Codes:
            said = [answers(mine), *([later()] if later else [])]
            return np.concatenate([each.into(self.reasons)[codes] for codes, each in said])[back]

        return found


def _questions(about: str, left: Sequence[Any], right: Sequence[Any], pairs: Ids) -> Questions:
    """With only the values that occur."""
    (ones, one), (others, other) = (np.unique(each, return_inverse=True) for each in halves(pairs))
    values = [left[each] for each in ones.tolist()], [right[each] for each in others.tolist()]
    return Questions(about, *values, (one.astype(np.int32), other.astype(np.int32)))
