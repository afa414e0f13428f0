"""
What a pass makes of people who hang together: who shall be with whom, and by which evidence. Pure.

A region has everybody whom a likely pair, an answer or a present profile holds together, so what is
decided in one concerns no other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple

from tokui.identity.cluster import Clusters, Edge, cluster, surest_first
from tokui.identity.joined import Joined
from tokui.identity.person import Person
from tokui.identity.place import Doubt
from tokui.identity.remain import with_gone
from tokui.identity.terms import Term
from tokui.identity.weigh import Objection, Scales

Fragment = tuple[int, int | None]
"""Customers of one present profile who shall be in one group: number of the group, profile id."""

ANSWERED = {verdict: Term(f"answer.{verdict}", 0, 0) for verdict in ("same", "different")}

CERTAIN = 1_000_000
"""Margin of what an answer, or the rule on duplicates, decided."""


class Link(NamedTuple):
    """
    A pair that brings customers of two profiles together, or keeps those of one apart.

    Attributes:
        margin: How far from the threshold, in thousandths.
        terms: The reasons.
    """

    one: Person
    other: Person
    margin: int
    terms: Sequence[Term] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """
    A region as it shall be.

    Attributes:
        groups: Everybody, in groups.
        links: What brings the customers of several present profiles together: a tree of them for
            each group, the surest first.
        partings: What keeps customers of one present profile apart.
        doubts: What people should look at.
        held: Partings that are not sure enough to be carried out.
    """

    groups: Sequence[Sequence[Person]]
    links: Sequence[Link] = ()
    partings: Sequence[Link] = ()
    doubts: Sequence[Doubt] = ()
    held: int = 0

    @property
    def people(self) -> Iterator[Person]:
        """Everybody."""
        return (person for group in self.groups for person in group)

    @property
    def changes(self) -> bool:
        """Does anybody move?"""
        return bool(self.links or self.partings)


def decide(people: Sequence[Person], edges: Sequence[Edge], scales: Scales) -> Region:
    """
    Group a region's people anew.

    Args:
        people: All of them.
        edges: Their likely pairs.
        scales: Weighs, and knows what was answered of these people.
    """
    found = cluster(people, edges, scales)
    groups = found.groups
    if any(person.gone for person in people):
        groups = with_gone(people, groups, scales)
    doubts = list(_doubts(found, scales))
    if _as_now(groups):
        return Region(groups, doubts=doubts)
    return Region(
        groups=groups,
        links=list(_links(_said(people, "same", scales), edges, Numbers(groups), scales)),
        partings=list(_partings(groups, scales)),
        doubts=doubts,
    )


def _as_now(groups: Sequence[Sequence[Person]]) -> bool:
    """Is each group a profile of its own already?"""
    profiles = {person.profile_id for group in groups for person in group}
    return len(profiles) == len(groups) == len(set(_fragments(groups)))


def _fragments(groups: Sequence[Sequence[Person]]) -> Iterator[Fragment]:
    return ((n, each.profile_id) for n, group in enumerate(groups) for each in group)


class Numbers:
    """Which fragment a customer is of."""

    def __init__(self, groups: Iterable[Sequence[Person]]) -> None:
        self._group = {each.id: n for n, group in enumerate(groups) for each in group}

    def __call__(self, person: Person) -> Fragment:
        """The customer's fragment."""
        return self._group[person.id], person.profile_id


def _said(people: Iterable[Person], verdict: str, scales: Scales) -> list[Edge]:
    known = {person.id: person for person in people}
    said = (pair for pair, answer in scales.answers.items() if answer == verdict)
    edges = [Edge.between(0, known[one], known[other]) for one, other in said]
    return sorted(edges, key=surest_first)


def _links(
    said: Iterable[Edge], likely: Iterable[Edge], of: Numbers, scales: Scales
) -> Iterator[Link]:
    """The strongest pairs that hold the profiles of each group together: a spanning tree."""
    tree: Joined[Fragment] = Joined()
    for _, one, other in said:
        if of(one)[0] == of(other)[0] and tree.join(of(one), of(other)):
            yield Link(one, other, CERTAIN, [ANSWERED["same"]])
    for score, one, other in sorted(likely, key=surest_first):
        if of(one)[0] == of(other)[0] and tree.join(of(one), of(other)):
            terms = scales.weigh(one, other).terms
            yield Link(one, other, score - scales.policy.merge, terms)


def _partings(groups: Sequence[Sequence[Person]], scales: Scales) -> Iterator[Link]:
    """For each two parts of a profile, what stands between them."""
    homes: dict[int | None, dict[int, list[Person]]] = defaultdict(lambda: defaultdict(list))
    for number, group in enumerate(groups):
        for person in group:
            homes[person.profile_id][number].append(person)
    for parts in homes.values():
        for one, other in combinations(parts.values(), 2):
            yield _parting(one, other, scales)


def _parting(ours: Sequence[Person], theirs: Sequence[Person], scales: Scales) -> Link:
    """The pair that speaks most against it; its margin: how far the best one falls short."""
    pairs = sorted(product(ours, theirs), key=lambda pair: (pair[0].key, pair[1].key))
    if answered := [pair for pair in pairs if scales.answer(*pair) == "different"]:
        return Link(*answered[0], CERTAIN, [ANSWERED["different"]])
    judged = [(scales.glance(*pair), pair) for pair in pairs]
    worst, (one, other) = min(judged, key=lambda each: each[0].evidence)
    terms = scales.weigh(one, other).terms
    why = scales.objection(ours, theirs)
    if why and why.startswith("duplicates"):
        return Link(one, other, CERTAIN, terms)
    best = worst.score if why == "conflict" else max(each.score for each, _ in judged)
    return Link(one, other, max(0, scales.policy.merge - best), terms)


def _doubts(found: Clusters, scales: Scales) -> Iterator[Doubt]:
    """What was not followed, unless an answer says why."""
    at = {person.id: group for group in found.groups for person in group}
    open_: list[tuple[Edge, Objection | None]] = [(edge, None) for edge in found.likely]
    for edge, why in (*open_, *found.objected):
        if not scales.answered_apart(at[edge.one.id], at[edge.other.id]):
            yield Doubt(edge.one, edge.other, scales.weigh(edge.one, edge.other), why)
