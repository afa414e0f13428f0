"""Deciding on some regions of a pass at a time: reads them, writes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tokui.identity.cluster import Edge
from tokui.identity.edges import Group, load
from tokui.identity.features import NONE
from tokui.identity.match import Judgement
from tokui.identity.person import Person
from tokui.identity.region import Region, decide
from tokui.identity.restrain import restrained
from tokui.identity.weigh import Scales
from tokui.store import answers
from tokui.store.answers import Pair, Verdict
from tokui.store.engine import Transaction


class Portion(NamedTuple):
    """
    Regions to decide on.

    Attributes:
        groups: Each of them whole.
        margin: How far beyond the threshold a change must be, in thousandths.
    """

    groups: Sequence[Group]
    margin: int

    @property
    def customers(self) -> list[int]:
        """All of them."""
        return [row_id for group, *_ in self.groups for row_id in group]


class Verdicts(NamedTuple):
    """
    What was decided on a portion.

    Attributes:
        regions: As they shall be; of the people only who they are, not what they are like.
        said: The answers that held when they were read.
    """

    regions: Sequence[Region]
    said: Mapping[Pair, Verdict]


def parted(groups: Iterable[Group], size: int, margin: int) -> Iterator[Portion]:
    """Groups in portions of so many customers."""
    some: list[Group] = []
    people = 0
    for each in groups:
        some.append(each)
        people += len(each[0])
        if people >= size:
            yield Portion(some, margin)
            some, people = [], 0
    if some:
        yield Portion(some, margin)


def judged(tx: Transaction, scales: Scales, portion: Portion) -> Verdicts:
    """Read a portion's people, and decide on each region."""
    people = load(tx, portion.customers)
    said = answers.within(tx, portion.customers)
    regions = list(_regions(portion, people, said, scales))
    for person in people.values():
        person.features = NONE
    return Verdicts(regions, said)


def _regions(
    portion: Portion,
    people: Mapping[int, Person],
    said: Mapping[Pair, Verdict],
    scales: Scales,
) -> Iterator[Region]:
    here = {row_id: n for n, (group, *_) in enumerate(portion.groups) for row_id in group}
    answered: dict[int, dict[Pair, Verdict]] = {}
    for (low, high), verdict in said.items():
        if here[low] == here[high]:
            answered.setdefault(here[low], {})[low, high] = verdict
    for number, (group, likely, others) in enumerate(portion.groups):
        known = {each[:2]: Judgement(*each[2:]) for each in (*likely, *others)}
        mine = scales.of(answered.get(number, {}), known)
        edges = [Edge.between(score, people[low], people[high]) for low, high, score, *_ in likely]
        region = decide([people[row_id] for row_id in group], edges, mine)
        yield restrained(region, mine, portion.margin) if portion.margin > 0 else region
