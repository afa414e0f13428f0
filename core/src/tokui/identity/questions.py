"""Which doubts are worth a person's time: pure."""

import math
from collections.abc import Iterable, Mapping, Sequence

from tokui.identity.person import Person
from tokui.identity.place import Doubt
from tokui.store.answers import pair
from tokui.store.reviews import Question

REASONS: Mapping[str | None, str] = {
    None: "likely",
    "conflict": "vetoed",
    "average": "vetoed",
    "duplicates": "duplicates",
    "duplicates.review": "duplicates",
}
"""What stood against a link → why people are asked; not where an answer, or `never`, decided."""


def questions(doubts: Iterable[Doubt], profiles: Mapping[int, Sequence[Person]]) -> list[Question]:
    """
    Turn doubts about two customers of two profiles into questions, each pair once.

    Args:
        doubts: What was weighed and not followed.
        profiles: The members of each profile, to say how much an answer would bring together.
    """
    found = {}
    for one, other, judgement, why in doubts:
        if one.profile_id == other.profile_id or why not in REASONS:
            continue
        sizes = len(profiles[one.profile_id or 0]) * len(profiles[other.profile_id or 0])
        asked = any(term.code == "vote.ask" for term in judgement.terms)
        reason = "asked" if asked else REASONS[why]
        key = pair(one.id, other.id)
        worth = gain(judgement.score, sizes)
        found[key] = Question(key, judgement.score, worth, reason, judgement.reasons)
    return list(found.values())


def gain(score: int, pairs: int) -> int:
    """Expected gain of an answer: how open the question is, times the pairs of customers it settles."""
    chance = 1 / (1 + math.exp(-score / 1000))
    return round(4000 * chance * (1 - chance) * pairs)
