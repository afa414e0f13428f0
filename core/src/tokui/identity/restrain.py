"""Leaving undone what is not sure enough. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tokui.identity.joined import Joined
from tokui.identity.person import Person
from tokui.identity.place import Doubt
from tokui.identity.region import CERTAIN, Fragment, Link, Numbers, Region
from tokui.identity.weigh import Scales


def restrained(region: Region, scales: Scales, margin: int) -> Region:
    """
    The region with only those changes that are `margin` beyond the threshold.

    Customers of one profile whom a close decision would part stay together, and who would join a
    part of them waits, unless an answer says so. Joins that wait become doubts.
    """
    of = Numbers(region.groups)
    whole = _Whole(of, _apart(region, scales))
    held = [each for each in region.partings if each.margin < margin and whole.join(each)]
    frozen = {of(person) for one, other, *_ in held for person in (one, other)}
    done: list[Link] = []
    waiting: list[Link] = []
    for link in region.links:
        loose = not {of(link.one), of(link.other)} & frozen
        sure = link.margin == CERTAIN or (link.margin >= margin and loose)
        (done if sure and whole.join(link) else waiting).append(link)
    groups: dict[Fragment, list[Person]] = defaultdict(list)
    for person in region.people:
        groups[whole.joined.root(of(person))].append(person)
    return Region(
        groups=list(groups.values()),
        links=done,
        partings=[each for each in region.partings if each not in held],
        doubts=[*region.doubts, *_doubts(waiting, scales)],
        held=len(held),
    )


def _apart(region: Region, scales: Scales) -> Iterator[tuple[Person, Person]]:
    """Who must not be together, whatever the margin."""
    people = {person.id: person for person in region.people}
    for (one, other), verdict in scales.answers.items():
        if verdict == "different":
            yield people[one], people[other]
    for parting in region.partings:
        if parting.margin == CERTAIN:
            yield parting.one, parting.other


class _Whole:
    """Fragments on their way to groups, minding who must stay apart."""

    def __init__(self, of: Numbers, apart: Iterable[tuple[Person, Person]]) -> None:
        self.of = of
        self.joined: Joined[Fragment] = Joined()
        self._apart = [(of(one), of(other)) for one, other in apart]

    def join(self, link: Link) -> bool:
        """Join two, unless that brings together who must be apart."""
        root = self.joined.root
        sides = {root(self.of(link.one)), root(self.of(link.other))}
        if any({root(one), root(other)} == sides for one, other in self._apart):
            return False
        self.joined.join(self.of(link.one), self.of(link.other))
        return True


def _doubts(links: Iterable[Link], scales: Scales) -> list[Doubt]:
    return [Doubt(one, other, scales.weigh(one, other), None) for one, other, *_ in links]
