"""When evidence is enough: the thresholds, and what forbids that two groups of customers are one person."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tokui.identity.match import Judgement, judge, prior
from tokui.identity.person import Person
from tokui.identity.terms import BIRTHDAY, GIVEN, Term

Duplicates: TypeAlias = Literal["likely", "evidence", "review", "never"]
Answer: TypeAlias = Literal["same", "different"]
Objection: TypeAlias = Literal[
    "answer", "conflict", "average", "duplicates", "duplicates.review", "duplicates.never"
]
Votes: TypeAlias = Callable[[Person, Person, Judgement], Judgement]
"""What the `tokui_match` hooks make of a judgement."""

DECIDED = 8000
"""No pair counts for more than this in an average: one strong agreement does not outvote conflicts."""


@dataclass(frozen=True, slots=True)
class Policy:
    """
    How much evidence is enough.

    Attributes:
        merge: Score from which two customers are linked, in thousandths of a natural logarithm.
        review: Score from which people are asked.
        veto: Evidence of one pair at or below which its two groups are never joined.
        average: Evidence that the pairs across two groups must have on average.
        alone: How much likelier two records at one address are one person than two of a family, before
            anything else is compared; thousandths of a natural logarithm.
        duplicates: By connection: when two of its own customers are joined: as `likely` as others,
            on `evidence` of two kinds (the default), after a `review`, or `never`.
        max_records: Bearers beyond which an identifier is shared; those of one given name are one.
        max_readings: Different given names beyond which (this many and more) it is shared.
    """

    merge: int = 1400
    review: int = 0
    veto: int = -6000
    average: int = 500
    alone: int = 0
    duplicates: Mapping[str, Duplicates] = field(default_factory=dict)
    max_records: int = 10
    max_readings: int = 3

    @property
    def floor(self) -> int:
        """Score from which a pair is worth a second look."""
        return min(self.review, self.merge)


DEFAULT = Policy()


class Scales:
    """
    Weighs pairs, each once, and groups of them.

    Args:
        policy: The thresholds.
        customers: How many there are in all.
        shared: Identifiers (tokens) that are shared.
        answers: (lower customer id, higher) → what people, or the source itself, said.
        votes: What the hooks say; None when there are none.
    """

    def __init__(
        self,
        policy: Policy,
        customers: int,
        shared: Collection[str] = (),
        answers: Mapping[tuple[int, int], Answer] | None = None,
        votes: Votes | None = None,
    ) -> None:
        self.policy = policy
        self.shared = shared
        self.answers = {} if answers is None else answers
        self.prior = prior(customers)
        self._votes = votes
        self._memo: dict[tuple[int, int], Judgement] = {}
        self._known: Mapping[tuple[int, int], Judgement] = {}

    def of(
        self,
        answers: Mapping[tuple[int, int], Answer],
        known: Mapping[tuple[int, int], Judgement],
    ) -> "Scales":
        """The same for people of whom these things were said, and this is known, if not the reasons."""
        same = Scales(self.policy, 0, self.shared, answers, self._votes)
        same.prior = self.prior
        same._known = known
        return same

    def weigh(self, one: Person, other: Person) -> Judgement:
        """Judge a pair."""
        pair = _pair(one, other)
        known = self._known.get(pair)
        if known and known.terms:
            return known
        known = self._memo.get(pair)
        if known is None:
            features = (one.features, other.features)
            known = judge(*features, self.shared, self.prior, self.policy.alone)
            if self._votes:
                known = self._votes(one, other, known)
            self._memo[pair] = known
        return known

    def glance(self, one: Person, other: Person) -> Judgement:
        """The same, and without the reasons where they are not known."""
        return self._known.get(_pair(one, other)) or self.weigh(one, other)

    def forget(self) -> None:
        """Drop what was weighed, to keep memory flat over many groups."""
        self._memo.clear()

    def answer(self, one: Person, other: Person) -> Answer | None:
        """What was said of a pair."""
        return self.answers.get(_pair(one, other))

    def answered_apart(self, ours: Sequence[Person], theirs: Sequence[Person]) -> bool:
        """Did anybody say of any two across that they are different people?"""
        return bool(self.answers) and any(
            self.answer(one, other) == "different" for one in ours for other in theirs
        )

    def objection(self, ours: Sequence[Person], theirs: Sequence[Person]) -> Objection | None:
        """Why two groups must not be one person; None when they may."""
        if self.answered_apart(ours, theirs):
            return "answer"
        pairs, total, agrees, doubled = 0, 0, 0, set()
        living = [each for each in theirs if not each.gone]
        for one in ours:
            for other in living if not one.gone else ():
                judged = self.glance(one, other)
                if judged.evidence <= self.policy.veto:
                    return "conflict"
                pairs += 1
                total += max(-DECIDED, min(judged.evidence, DECIDED))
                agrees |= judged.agrees
                if one.connection == other.connection and self.answer(one, other) != "same":
                    doubled.add(one.connection)
        if total < self.policy.average * pairs:
            return "average"
        return self._duplicates(doubled, agrees) if doubled else None

    def _duplicates(self, doubled: Collection[str], agrees: int) -> Objection | None:
        """
        Two customers of one of these connections need two agreements that do not depend on each other.

        One of them must tell the members of a family apart.
        """
        rules = {self.policy.duplicates.get(name, "evidence") for name in doubled} - {"likely"}
        if not rules:
            return None
        if "never" in rules:
            return "duplicates.never"
        if not (agrees & (GIVEN | BIRTHDAY) and agrees.bit_count() > 1):
            return "duplicates"
        return "duplicates.review" if "review" in rules else None


def _pair(one: Person, other: Person) -> tuple[int, int]:
    return (one.id, other.id) if one.id < other.id else (other.id, one.id)


def voted(judgement: Judgement, verdicts: Collection[str], policy: Policy) -> Judgement:
    """Let votes of hooks count: any *different* forbids, then any *ask* leaves it to people, *same* adds."""
    if "different" in verdicts:
        against = Term("vote.different", -30_000, -30_000)
        return _with(judgement, against, score=-30_000, evidence=-30_000)
    if "ask" in verdicts:
        return _with(
            judgement, Term("vote.ask", 0, 0), score=min(judgement.score, policy.merge - 1)
        )
    if "same" in verdicts:
        support = Term("vote.same", 2600, 2600)
        return _with(judgement, support, score=judgement.score + support.family)
    return judgement


def _with(
    judgement: Judgement, term: Term, *, score: int, evidence: int | None = None
) -> Judgement:
    known = judgement.evidence if evidence is None else evidence
    return judgement._replace(score=score, evidence=known, terms=(*judgement.terms, term))
