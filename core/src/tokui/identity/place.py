"""Giving each person a profile: a new one, or that of whom they are judged to be the same as."""

from collections.abc import Callable, Collection, Sequence

from pydantic import JsonValue

from tokui.identity.match import RULE, Judge, Judgement
from tokui.identity.people import Neighbours, Person
from tokui.store.decisions import Decided, Move


class Placement:
    """
    Decides on links in memory; `link` writes them.

    Attributes:
        decisions: In order.
        merged: Profile that went → profile that it joined.
        linked: Customers that joined another one's profile.
    """

    def __init__(self, around: Neighbours, judge: Judge) -> None:
        self.around = around
        self.judge = judge
        self.decisions: list[Decided] = []
        self.merged: dict[int, int] = {}
        self.linked = 0

    def place(self, person: Person, new_profile: Callable[[], int]) -> None:
        """Give the person a profile, and merge the profiles of all whom they are the same as."""
        for other, judgement in self._matches(person):
            if person.profile_id is None:
                self._attach(person, other, judgement)
            elif person.profile_id != other.profile_id:
                self._unite(person, other, judgement)
        if person.profile_id is None:
            person.profile_id = new_profile()
            self.around.profiles[person.profile_id] = [person]

    def merge(self, keep: int, drop: int, decided: Decided) -> None:
        """Let profile `drop` join profile `keep`, as was decided."""
        moved = self.around.profiles.pop(drop)
        for person in moved:
            person.profile_id = keep
        self.around.profiles[keep].extend(moved)
        self.merged[drop] = keep
        self.linked += len(moved)
        moves = [Move(person.id, drop, keep) for person in moved]
        self.decisions.append(decided._replace(profile_id=keep, moves=moves))

    def current(self, profile_id: int) -> int:
        """The profile that this one is now."""
        while profile_id in self.merged:
            profile_id = self.merged[profile_id]
        return profile_id

    def _matches(self, person: Person) -> list[tuple[Person, Judgement]]:
        """Whom the person is the same as: most evidence first, then the oldest."""
        found = []
        for other, evidence in self.around.shared(person):
            judgement = self.judge(person.known, other.known, evidence)
            if judgement.verdict == "same":
                found.append((other, judgement))
        return sorted(found, key=lambda match: (-len(match[1].reasons), match[0].id))

    def _attach(self, person: Person, other: Person, judgement: Judgement) -> None:
        profile_id = other.profile_id
        if profile_id is None:
            return
        theirs = self.around.profiles[profile_id]
        if not self._compatible([person], theirs, besides={person.id, other.id}):
            return
        person.profile_id = profile_id
        self.around.profiles[profile_id].append(person)
        self.linked += 1
        decided = _decided("link", person, other, judgement)
        moves = [Move(person.id, None, profile_id)]
        self.decisions.append(decided._replace(profile_id=profile_id, moves=moves))

    def _unite(self, person: Person, other: Person, judgement: Judgement) -> None:
        if person.profile_id is None or other.profile_id is None:
            return
        ours, theirs = (
            self.around.profiles[each.profile_id] for each in (person, other) if each.profile_id
        )
        if self._compatible(ours, theirs, besides={person.id, other.id}):
            keep, drop = sorted((person.profile_id, other.profile_id))
            self.merge(keep, drop, _decided("merge", person, other, judgement))

    def _compatible(
        self, ours: Sequence[Person], theirs: Sequence[Person], besides: Collection[int]
    ) -> bool:
        """Would no two people of the joined profile be judged different, but the pair just judged?"""
        return not self.around.forbidden(ours, theirs) and not any(
            self.judge(one.known, other.known, ()).verdict == "different"
            for one in ours
            for other in theirs
            if not (one.gone or other.gone or (one.id in besides and other.id in besides))
        )


def _decided(kind: str, person: Person, other: Person, judgement: Judgement) -> Decided:
    evidence: list[JsonValue] = list(judgement.reasons)
    return Decided(kind, "rule", RULE, None, evidence, between=(person.id, other.id))
