"""
From scored pairs to persons. Pure.

Agglomerative: the surest pair first, and two groups are joined only if nothing in them objects. Plain
connected components would let one borrowed card or one family phone chain a whole household together.
The result depends on what is known of the customers, never on their ids or on who came first.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tokui.identity.person import Person
from tokui.identity.weigh import Objection, Scales


class Edge(NamedTuple):
    """
    Two customers who may be one person.

    Attributes:
        score: As judged.
        one: The customer whose (connection, external id) comes first.
        other: The other one.
    """

    score: int
    one: Person
    other: Person

    @classmethod
    def between(cls, score: int, left: Person, right: Person) -> "Edge":
        """In the order of their keys."""
        return cls(score, left, right) if left.key <= right.key else cls(score, right, left)


class Objected(NamedTuple):
    """An edge that was strong enough, and why it was not followed."""

    edge: Edge
    why: Objection


class Clusters(NamedTuple):
    """
    Persons, as groups of customers in the order of their keys, and what was not followed.

    Attributes:
        groups: Every person once.
        objected: Strong edges between two groups.
        likely: Edges between two groups that are for people to decide.
    """

    groups: Sequence[Sequence[Person]]
    objected: Sequence[Objected]
    likely: Sequence[Edge]


def cluster(people: Iterable[Person], edges: Iterable[Edge], scales: Scales) -> Clusters:
    """
    Put people into groups.

    Args:
        people: All of them.
        edges: Pairs of them that are worth a look, each once.
        scales: Weighs, and knows the answers that hold in any case.
    """
    at = {person.id: [person] for person in sorted(people, key=lambda person: person.key)}
    ranked = sorted(edges, key=surest_first)
    _follow_answers(at, scales)
    objected = []
    for edge in ranked:
        ours, theirs = at[edge.one.id], at[edge.other.id]
        if ours is theirs or edge.score < scales.policy.merge:
            continue
        if why := scales.objection(ours, theirs):
            objected.append(Objected(edge, why))
        else:
            _join(at, ours, theirs)
    apart = [edge for edge in ranked if at[edge.one.id] is not at[edge.other.id]]
    return Clusters(
        groups=list({id(group): group for group in at.values()}.values()),
        objected=[each for each in objected if at[each.edge.one.id] is not at[each.edge.other.id]],
        likely=[e for e in apart if scales.policy.review <= e.score < scales.policy.merge],
    )


def surest_first(edge: Edge) -> tuple[int, tuple[str, str], tuple[str, str]]:
    """Sorts edges alike, however they were found."""
    return -edge.score, edge.one.key, edge.other.key


def _follow_answers(at: dict[int, list[Person]], scales: Scales) -> None:
    """What people said is the same comes first, whatever the evidence says."""
    said = sorted(
        (
            sorted((at[left][0], at[right][0]), key=lambda person: person.key)
            for (left, right), answer in scales.answers.items()
            if answer == "same" and left in at and right in at
        ),
        key=lambda pair: (pair[0].key, pair[1].key),
    )
    for one, other in said:
        ours, theirs = at[one.id], at[other.id]
        if ours is not theirs and not scales.answered_apart(ours, theirs):
            _join(at, ours, theirs)


def _join(at: dict[int, list[Person]], ours: list[Person], theirs: list[Person]) -> None:
    small, large = sorted((ours, theirs), key=len)
    large.extend(small)
    for person in small:
        at[person.id] = large
