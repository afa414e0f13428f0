"""A judgement in words that shop staff understand, in Japanese and English. Names no values. Pure."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias, TypeGuard

from pydantic import JsonValue

from tokui.identity.match import Judgement
from tokui.identity.sentences import (
    NOTHING,
    OBJECTIONS,
    RIVALS,
    SAID,
    SENTENCES,
    VERDICTS,
    Lang,
    Rival,
    Verdict,
)
from tokui.identity.terms import Term
from tokui.identity.weigh import DEFAULT, Answer, Objection, Policy

Strength: TypeAlias = Literal["strong", "some", "little", "against", "strongly against"]

STRONG: Mapping[Rival, int] = {"family": 3000, "stranger": 6000}
"""Weight against a rival from which a reason is a strong one. There are many strangers, so it takes more."""

STRONGLY_AGAINST = -3000

COMMON, RARE = 5500, 7500
"""Weights of a family name that one in two hundred and fifty bears, and one in two thousand."""

MOST = 10_000
"""Odds beyond which another digit tells nobody anything."""


class Standing(NamedTuple):
    """
    How two customers stand to each other by now.

    Attributes:
        together: One profile has both.
        answer: What was said of the two.
        objection: Why their profiles must not be joined.
    """

    together: bool = False
    answer: Answer | None = None
    objection: Objection | None = None


class Reason(NamedTuple):
    """
    One reason.

    Attributes:
        code: As in `Term`.
        strength: What it says of the closest rival.
        text: The sentence.
    """

    code: str
    strength: Strength
    text: str


class Explanation(NamedTuple):
    """
    A judgement in words.

    Attributes:
        verdict: What becomes of the two.
        rival: Who it is most likely if it is not one person.
        summary: The verdict in one sentence, then the rival or what forbids it.
        reasons: The strongest first, those against at the end.
    """

    verdict: Verdict
    rival: Rival
    summary: Sequence[str]
    reasons: Sequence[Reason]


def explain(
    judgement: Judgement,
    lang: Lang,
    policy: Policy = DEFAULT,
    standing: Standing | None = None,
) -> Explanation:
    """
    Say why.

    Args:
        judgement: What was weighed.
        lang: In which language.
        policy: How much is enough.
        standing: How the two stand to each other by now.
    """
    standing = standing or Standing()
    key, rival = _verdict(judgement, policy, standing), closest(judgement, policy)
    said = [VERDICTS[key][lang == "en"].format(odds=odds(judgement.score, lang))]
    if standing.objection and key in ("asked", "apart") and judgement.score >= policy.merge:
        said.append(OBJECTIONS[standing.objection][lang == "en"])
    if not key.startswith("said."):
        said.append((RIVALS[rival] if judgement.terms else NOTHING)[lang == "en"])
    ranked = sorted(judgement.terms, key=lambda term: -getattr(term, rival))
    reasons = [
        Reason(e.code, _strength(getattr(e, rival), rival), sentence(e, lang)) for e in ranked
    ]
    return Explanation(_OUTCOME[key], rival, said, reasons)


def sentence(term: Term, lang: Lang) -> str:
    """What a term says; a code of another version stands for itself."""
    code = term.code
    if code == "family.same" and not COMMON < term.stranger < RARE:
        code = "family.same.rare" if term.stranger >= RARE else "family.same.common"
    pair = SENTENCES.get(code) or SAID.get(code)
    return pair[lang == "en"] if pair else code


def closest(judgement: Judgement, policy: Policy = DEFAULT) -> Rival:
    """The likelier rival: the family, if it alone leaves at least half of the doubt."""
    against_family = policy.alone + sum(term.family for term in judgement.terms)
    return "family" if against_family <= judgement.score + 1000 * math.log(2) else "stranger"


def odds(score: int, lang: Lang) -> str:
    """`40 to 1`, `1対2.5`."""
    exact = min(MOST, math.exp(min(abs(score) / 1000, 20)))
    size = f"{exact:.1f}".removesuffix(".0") if exact < 10 else f"{round(exact):,}"
    one, other = (size, "1") if score >= 0 else ("1", size)
    return f"{one}対{other}" if lang == "ja" else f"{one} to {other}"


def _verdict(judgement: Judgement, policy: Policy, standing: Standing) -> str:
    if standing.answer == "different" or standing.objection == "answer":
        return "said.different"
    if standing.answer == "same":
        return "said.same"
    if standing.together:
        return "same" if judgement.score >= policy.merge else "through"
    if judgement.score < policy.review or standing.objection == "duplicates.never":
        return "apart"
    return "asked" if standing.objection or judgement.score < policy.merge else "same"


_OUTCOME: Mapping[str, Verdict] = {
    "same": "same",
    "asked": "asked",
    "apart": "apart",
    "said.same": "same",
    "said.different": "apart",
    "through": "same",
}


def _strength(weight: int, rival: Rival) -> Strength:
    if weight > 0:
        return "strong" if weight >= STRONG[rival] else "some"
    if weight < 0:
        return "strongly against" if weight <= STRONGLY_AGAINST else "against"
    return "little"


def spoken(evidence: JsonValue, lang: Lang) -> list[str]:
    """What a decision's evidence says, as the log keeps it; nothing where people just said so."""
    rows = evidence if isinstance(evidence, list) else []
    terms = [Term(*row) for row in rows if isinstance(row, list) and _is_term(row)]
    ranked = sorted(terms, key=lambda term: -min(term.family, term.stranger))
    plain = [sentence(Term(row, 0, 0), lang) for row in rows if isinstance(row, str)]
    return [*(sentence(term, lang) for term in ranked), *plain]


def _is_term(row: list[Any]) -> TypeGuard[tuple[str, int, int]]:
    return [type(part) for part in row] == [str, int, int]
