"""Giving each person a profile: a new one, or that of whom they are judged to be the same as."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tokui.identity.match import RULE, Judgement
from tokui.identity.people import Neighbours
from tokui.identity.person import Person
from tokui.identity.weigh import Objection, Scales
from tokui.store.decisions import Decided, Move


class Doubt(NamedTuple):
    """Two customers who may be one person, and why they are not linked."""

    one: Person
    other: Person
    judgement: Judgement
    why: Objection | None


class Placement:
    """
    Decides on links in memory; `link` writes them.

    Attributes:
        decisions: In order.
        merged: Profile that went → profile that it joined.
        linked: Customers that joined another one's profile.
        doubts: What people should look at, unless the two come together after all.
    """

    def __init__(self, around: Neighbours, scales: Scales) -> None:
        self.around = around
        self.scales = scales
        self.decisions: list[Decided] = []
        self.merged: dict[int, int] = {}
        self.linked = 0
        self.doubts: list[Doubt] = []

    def place(self, person: Person, new_profile: Callable[[], int]) -> None:
        """Give the person a profile, and merge the profiles of all whom they are the same as."""
        for other, judgement in self._ranked(person):
            if other.profile_id is None:
                continue  # one who comes later in the page finds this one
            why = None
            if judgement.score >= self.scales.policy.merge:
                why = self._follow(person, other, judgement)
            if person.profile_id != other.profile_id:
                self.doubts.append(Doubt(person, other, judgement, why))
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

    @property
    def joined(self) -> set[int]:
        """Profiles that anybody came to."""
        return {each.profile_id for each in self.decisions if each.moves and each.profile_id}

    def _ranked(self, person: Person) -> list[tuple[Person, Judgement]]:
        """Whom the person may be: the surest first, then by connection and id."""
        scales, review = self.scales, self.scales.policy.review
        near = self.around.near(person)
        if not near:
            return []
        judged = [(other, scales.weigh(person, other)) for other in near]
        worth = [each for each in judged if each[1].score >= review]
        if len(worth) > 1:
            worth.sort(key=lambda each: (-each[1].score, each[0].key))
        return worth

    def _follow(self, person: Person, other: Person, judgement: Judgement) -> Objection | None:
        assert other.profile_id is not None  # noqa: S101 - narrows the type
        if person.profile_id == other.profile_id:
            return None
        theirs = self.around.profiles[other.profile_id]
        ours = self.around.profiles[person.profile_id] if person.profile_id else [person]
        if why := self.scales.objection(ours, theirs):
            return why
        if person.profile_id is None:
            self._attach(person, other, judgement)
        else:
            keep, drop = sorted((person.profile_id, other.profile_id))
            between = (person.id, other.id)
            decided = Decided("merge", "rule", RULE, keep, judgement.reasons, between=between)
            self.merge(keep, drop, decided)
        return None

    def _attach(self, person: Person, other: Person, judgement: Judgement) -> None:
        assert other.profile_id is not None  # noqa: S101 - narrows the type
        person.profile_id = other.profile_id
        self.around.profiles[other.profile_id].append(person)
        self.linked += 1
        moves: Sequence[Move] = [Move(person.id, None, other.profile_id)]
        between, reasons = (person.id, other.id), judgement.reasons
        self.decisions.append(
            Decided("link", "rule", RULE, other.profile_id, reasons, moves, between)
        )
