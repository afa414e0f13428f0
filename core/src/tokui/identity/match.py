"""
Are two customers one person? A pure judgement with its reasons; writing it down is `link`'s work.

This judge follows exact identifiers only: a unique one always, a strong one unless the persons
contradict it, a shareable one when the given names or birthdays agree as well.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from tokui.hooks import Known, Vote
from tokui.identity.names import agree
from tokui.model import Customer

RULE = "exact-identifiers/1"
"""Name and version of the rule, kept with each decision."""

Pair = frozenset[tuple[str, str]]
"""Two customers by (connection, external id)."""

Votes = Mapping[Pair, Sequence[Vote]]
"""What the `tokui_match` hooks said of pairs, asked on a snapshot."""


class Shared(NamedTuple):
    """An identifier that two customers have in common; its kind and worth, not its value."""

    kind: str
    strength: str


class Judgement(NamedTuple):
    """
    What the evidence says.

    Attributes:
        verdict: `different` forbids that they ever share a profile; `unsure` links nothing.
        reasons: One clause each, without personal data.
    """

    verdict: Literal["same", "different", "unsure"]
    reasons: tuple[str, ...] = ()


class Judge(Protocol):
    """What matching is to the writer: a pure function."""

    def __call__(self, left: Known, right: Known, shared: Sequence[Shared]) -> Judgement:
        """Judge a pair by its records and the identifiers it shares."""


def judge(left: Known, right: Known, shared: Sequence[Shared]) -> Judgement:
    """The core's own judgement."""
    one, other = left.customer, right.customer
    names_agree = agree(one, other)
    if left.connection == right.connection:
        return _of_one_connection(one, other, shared, names_agree)
    if any(each.strength == "unique" for each in shared):
        return Judgement("same", tuple(f"same {each.kind}" for each in shared))
    against = _contradictions(one, other, names_agree)
    if against:
        return Judgement("different", against)
    return _by_strength(one, other, shared, names_agree)


def with_votes(judge: Judge, votes: Votes) -> Judge:
    """Let hooks vote: any *different* wins, then any *ask*; a pair not asked about waits."""

    def voted(left: Known, right: Known, shared: Sequence[Shared]) -> Judgement:
        own = judge(left, right, shared)
        found = votes.get(pair(left, right))
        if own.verdict == "different" or not (shared or found):
            return own
        if found is None:
            return Judgement("unsure", ("not voted on yet",))
        verdicts = {vote.verdict: vote.reason for vote in found}
        if "different" in verdicts:
            return Judgement("different", (verdicts["different"],))
        if "ask" in verdicts:
            return Judgement("unsure", (verdicts["ask"],))
        if "same" in verdicts and left.connection != right.connection:
            return Judgement("same", (*own.reasons, verdicts["same"]))
        return own

    return voted


def pair(left: Known, right: Known) -> Pair:
    """The key of a pair, whichever comes first."""
    sides = ((known.connection, known.customer.external_id) for known in (left, right))
    return frozenset(sides)


def _of_one_connection(
    one: Customer, other: Customer, shared: Sequence[Shared], names_agree: bool | None
) -> Judgement:
    """Only a guest joins, on the same e-mail address and an agreeing name."""
    if not (one.guest or other.guest):
        return Judgement("different", ("two customers of one connection",))
    if names_agree is False:
        return Judgement("different", ("given names differ",))
    if names_agree and any(each.kind == "email" for each in shared):
        return Judgement("same", ("guest with the same email", "given names agree"))
    return Judgement("unsure")


def _by_strength(
    one: Customer, other: Customer, shared: Sequence[Shared], names_agree: bool | None
) -> Judgement:
    reasons = tuple(f"same {each.kind}" for each in shared)
    if any(each.strength == "strong" for each in shared):
        return Judgement("same", reasons)
    if shared and names_agree:
        return Judgement("same", (*reasons, "given names agree"))
    if shared and one.birthday and one.birthday == other.birthday and one.birthday.day:
        return Judgement("same", (*reasons, "birthdays agree"))
    return Judgement("unsure", reasons)


def _contradictions(one: Customer, other: Customer, names_agree: bool | None) -> tuple[str, ...]:
    found = []
    if names_agree is False:
        found.append("given names differ")
    if one.birthday and other.birthday and _differ(one, other):
        found.append("birthdays differ")
    return tuple(found)


def _differ(one: Customer, other: Customer) -> bool:
    """Do the parts of the birthdays that both state differ?"""
    left, right = one.birthday, other.birthday
    parts = ((getattr(left, part), getattr(right, part)) for part in ("year", "month", "day"))
    return any(a is not None and b is not None and a != b for a, b in parts)
