"""From a region as it shall be to decisions that make it so. Pure."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from tokui.identity.match import RULE
from tokui.identity.person import Person
from tokui.identity.region import Link, Region
from tokui.store.decisions import Decided, Move

ACTOR = "batch"

Profile = int | None


def decisions(region: Region, label: Mapping[int, int]) -> list[Decided]:
    """One for each profile's customers who go to another one; those who only leave come first."""
    stay = {label[each.id] for each in region.people if label[each.id] == each.profile_id}
    found = [each for group in region.groups for each in _of_group(group, region, label)]
    return sorted(found, key=lambda each: any(move.to_id in stay for move in each.moves))


def _of_group(
    group: Sequence[Person], region: Region, label: Mapping[int, int]
) -> Iterator[Decided]:
    parts: dict[Profile, list[Person]] = defaultdict(list)
    for person in group:
        parts[person.profile_id].append(person)
    to_id = label[group[0].id]
    here = {person.id for person in group}
    tree = [link for link in region.links if link.one.id in here]
    first = (
        to_id if to_id in parts else max(parts, key=lambda each: (len(parts[each]), -(each or 0)))
    )
    for profile, link in _outwards(first, tree):
        if profile != to_id:
            yield _decided(profile, to_id, parts[profile], link, region, label)


def _outwards(first: Profile, tree: Sequence[Link]) -> Iterator[tuple[Profile, Link | None]]:
    """The profiles of a group from one of them on, each with the link that leads there."""
    links: dict[Profile, list[tuple[Profile, Link]]] = defaultdict(list)
    for link in tree:
        one, other = link.one.profile_id, link.other.profile_id
        links[one].append((other, link))
        links[other].append((one, link))
    waiting: deque[tuple[Profile, Link | None]] = deque([(first, None)])
    seen = {first}
    while waiting:
        profile, found = waiting.popleft()
        yield profile, found
        waiting.extend(each for each in links[profile] if each[0] not in seen)
        seen.update(each for each, _ in links[profile])


def _decided(
    profile: Profile,
    to_id: int,
    people: Sequence[Person],
    link: Link | None,
    region: Region,
    label: Mapping[int, int],
) -> Decided:
    everybody = [each for each in region.people if each.profile_id == profile]
    whole = all(label[each.id] == to_id for each in everybody)
    why = link or _parting(profile, people, region)
    return Decided(
        kind="merge" if whole else "split",
        actor=ACTOR,
        rule=RULE,
        profile_id=to_id if whole else profile,
        evidence=_evidence(why),
        moves=[Move(person.id, profile, to_id) for person in people],
        between=_between(why),
    )


def _parting(profile: Profile, people: Sequence[Person], region: Region) -> Link | None:
    """What keeps these apart from the rest of their profile."""
    here = {person.id for person in people}
    mine = (each for each in region.partings if each.one.profile_id == profile)
    return next((each for each in mine if {each.one.id, each.other.id} & here), None)


def _evidence(link: Link | None) -> JsonValue:
    return [list(term) for term in link.terms] if link else []


def _between(link: Link | None) -> tuple[int, int] | None:
    if link is None:
        return None
    low, high = sorted((link.one.id, link.other.id))
    return low, high
