"""Whom their source has no more: they keep their place, as nobody is found by them any longer. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tokui.identity.person import Person
from tokui.identity.weigh import Scales

Groups = Sequence[Sequence[Person]]


def with_gone(people: Iterable[Person], groups: Groups, scales: Scales) -> Groups:
    """
    The groups, each of those who are gone with somebody of the present profile.

    Nothing is kept that they could be found by, so they may have no likely pair left. Of several
    who are in different groups now it is the one they are likest to; an answer forbids it.
    """
    at: dict[int, list[Person]] = {}
    for group in groups:
        mine = list(group)
        at.update((person.id, mine) for person in group)
    homes: dict[int | None, list[Person]] = defaultdict(list)
    for person in people:
        homes[person.profile_id].append(person)
    for person in sorted(people, key=lambda each: each.key):
        mates = [each for each in homes[person.profile_id] if each is not person]
        if not person.gone or any(at[each.id] is at[person.id] for each in mates):
            continue
        for mate in sorted(mates, key=lambda each: (-scales.glance(person, each).score, each.key)):
            ours, theirs = at[person.id], at[mate.id]
            if not scales.answered_apart(ours, theirs):
                theirs.extend(ours)
                at.update((each.id, theirs) for each in ours)
                break
    return list({id(group): group for group in at.values()}.values())
