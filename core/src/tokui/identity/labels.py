"""Which profile id each group of customers gets, so that as few as may be change. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from tokui.identity.history import Group, State


def labels(
    groups: Sequence[Group], before: State, now: State, held: Mapping[int, Collection[int]]
) -> dict[int, int]:
    """
    Customer id → profile id; below zero stands for an id that is yet to be given out.

    A group gets the id that most of it had `before` what is undone, else most of it has `now` (of
    several, the oldest), else the oldest that any of it ever `held` and nobody has.
    """
    chosen = _claimed(groups, before, now)
    taken = set(chosen.values())
    for number in sorted(set(range(len(groups))) - chosen.keys(), key=lambda n: min(groups[n])):
        free = {profile for each in groups[number] for profile in held[each]} - taken
        chosen[number] = min(free) if free else -1 - len(taken)
        taken.add(chosen[number])
    return {each: chosen[number] for number, group in enumerate(groups) for each in group}


def _claimed(groups: Sequence[Group], before: State, now: State) -> dict[int, int]:
    """Group's number → id, those with the strongest claim first."""
    claims = []
    for number, group in enumerate(groups):
        had, has = _count(before, group), _count(now, group)
        claims += [
            (-had[profile], -has[profile], profile, min(group), number)
            for profile in had.keys() | has.keys()
        ]
    chosen: dict[int, int] = {}
    taken = set()
    for *_, profile, _, number in sorted(claims):
        if number not in chosen and profile not in taken:
            chosen[number] = profile
            taken.add(profile)
    return chosen


def heirs(
    names: Iterable[int], label: Mapping[int, int], base: State, held: Mapping[int, Collection[int]]
) -> dict[int, int]:
    """What each of these profile ids means, given who is where; itself where it is in use."""
    used = set(label.values())
    found = {}
    for name in names:
        if name in used:
            found[name] = name
        elif bearers := _bearers(name, label, base, held):
            shares = Counter(label[each] for each in bearers)
            found[name] = min(shares, key=lambda profile: (-shares[profile], profile))
    return found


def _bearers(
    name: int, label: Mapping[int, int], base: State, held: Mapping[int, Collection[int]]
) -> Collection[int]:
    """Whoever founded the profile, else whoever was ever in it."""
    founders = [each for each in label if base[each] == name]
    return founders or [each for each in label if name in held[each]]


def _count(state: State, group: Group) -> Counter[int]:
    known = (state.get(each) for each in group)
    return Counter(profile for profile in known if profile is not None)
