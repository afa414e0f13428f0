"""Which profile id each group of customers gets, so that as few as may be change. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from tokui.identity.history import Group, State


def labels(
    groups: Sequence[Group], before: State, now: State, held: Mapping[int, Collection[int]]
) -> dict[int, int]:
    """
    Customer id → profile id; below zero stands for an id that is yet to be given out.

    A group that has a profile to itself keeps its id. Another one gets the id that most of it had
    `before` what is undone, else most of it has `now` (of several, the oldest), else the oldest that
    any of it ever `held` and nobody has.
    """
    chosen = _kept(groups, now)
    _claim(chosen, groups, before, now)
    taken = set(chosen.values())
    for number in sorted(set(range(len(groups))) - chosen.keys(), key=lambda n: min(groups[n])):
        free = {profile for each in groups[number] for profile in held[each]} - taken
        chosen[number] = min(free) if free else -1 - len(taken)
        taken.add(chosen[number])
    return {each: chosen[number] for number, group in enumerate(groups) for each in group}


def _kept(groups: Sequence[Group], now: State) -> dict[int, int]:
    """Group's number → id, of those whom nobody leaves and nobody joins."""
    sizes = Counter(now.values())
    chosen = {}
    for number, group in enumerate(groups):
        homes = {now.get(each) for each in group}
        (home,) = homes if len(homes) == 1 else (None,)
        if home is not None and sizes[home] == len(group):
            chosen[number] = home
    return chosen


def _claim(chosen: dict[int, int], groups: Sequence[Group], before: State, now: State) -> None:
    """Give ids to the other groups that have a claim on one, those with the strongest first."""
    claims = []
    for number, group in enumerate(groups):
        had, has = _count(before, group), _count(now, group)
        claims += [
            (-had[profile], -has[profile], profile, min(group), number)
            for profile in had.keys() | has.keys()
        ]
    taken = set(chosen.values())
    for *_, profile, _, number in sorted(claims):
        if number not in chosen and profile not in taken:
            chosen[number] = profile
            taken.add(profile)


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
