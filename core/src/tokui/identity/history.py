"""
The log, read again: who would be together if a decision had never been made.

A decision is replayed as what it means, not as the ids that it moved: it parts some customers from
the rest of their profile, joins the profiles of two customers, or both. So what came after a
decision that is left out still finds its people, wherever they are then. Pure.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from tokui.store.decisions import Decision, not_counting

Group = set[int]
"""Customers of one person."""

State = Mapping[int, int | None]
"""Customer id → profile id; None before it had one."""


class Step(NamedTuple):
    """
    What a decision means.

    Attributes:
        parts: Customers that leave, together, whomever else they are with.
        joins: Pairs of customers whose groups become one.
    """

    parts: Sequence[Collection[int]] = ()
    joins: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class History:
    """
    A component's past.

    Attributes:
        base: Where each customer was before anything was decided.
        states: Where each was just before each decision.
        end: Where each is in the end, as the log says.
        steps: What each decision means; one that takes back another means nothing of its own.
        reverts: Decision → the one that it takes back, the first one first.
    """

    base: State
    states: Mapping[int, State]
    end: State
    steps: Mapping[int, Step]
    reverts: Mapping[int, int]

    @classmethod
    def of(cls, now: Mapping[int, int], log: Sequence[Decision]) -> "History":
        """Read a log, the first decision first."""
        base = beginning(now, log)
        states, steps, state = {}, {}, dict(base)
        for each in log:
            states[each.id] = dict(state)
            steps[each.id] = Step() if each.reverts else _step(each, state, base)
            state.update((move.customer_id, move.to_id) for move in each.moves)
        return cls(
            base, states, state, steps, {each.id: each.reverts for each in log if each.reverts}
        )

    def taken_back(self, *, also: int | None = None) -> dict[int, int]:
        """Decisions that do not count → by which one; as if one more were taken `also`."""
        return not_counting(self.reverts, also)

    def partition(self, *, without: int | None = None) -> list[Group]:
        """Who is together by the log, as if one more decision were taken back."""
        skipped = self.taken_back(also=without)
        groups = _beginnings(self.base)
        for number, step in self.steps.items():
            if number not in skipped:
                _replay(groups, step)
        return list({id(group): group for group in groups.values()}.values())


def beginning(now: Mapping[int, int], log: Sequence[Decision]) -> State:
    """Where each customer was before anything was decided."""
    base: dict[int, int | None] = dict(now)
    for each in reversed(log):
        base.update((move.customer_id, move.from_id) for move in each.moves)
    return base


def _step(decision: Decision, state: State, base: State) -> Step:
    """
    What a decision meant when it was made.

    Which pair made two groups one is not always known; then it is their founders.
    """
    if not decision.moves:
        answered = decision.kind == "must_link" and decision.between
        return Step(joins=[decision.between] if answered and decision.between else ())
    members = _by_profile(state)
    moved = {move.customer_id for move in decision.moves}
    parts: list[Group] = []
    joins: list[tuple[int, int]] = []
    for to_id, leaving in _by_target(decision).items():
        parts += [group for was, group in leaving if members.get(was, group) - group]
        sides = list(leaving)
        if stayed := members.get(to_id, set()) - moved:
            sides.append((to_id, stayed))
        if len(sides) == 2 and _across(decision.between, *(group for _, group in sides)):
            joins += [decision.between] if decision.between else ()
        else:
            joins += pairwise(_founder(group, was, base) for was, group in sides)
    return Step(parts, joins)


def _across(between: tuple[int, int] | None, one: Group, other: Group) -> bool:
    """Is there one of the pair on each side?"""
    ends = set(between or ())
    return len(ends & one) == 1 and len(ends & other) == 1


def _by_target(decision: Decision) -> dict[int, list[tuple[int | None, Group]]]:
    """Target → those who go there together, with where from; who comes from nowhere comes alone."""
    sides: dict[tuple[int, int | None, int], Group] = defaultdict(set)
    for customer, was, to_id in decision.moves:
        sides[to_id, was, customer if was is None else 0].add(customer)
    found = defaultdict(list)
    for (to_id, was, _), group in sides.items():
        found[to_id].append((was, group))
    return found


def _by_profile(state: State) -> dict[int | None, Group]:
    members: dict[int | None, Group] = defaultdict(set)
    for customer, profile in state.items():
        if profile is not None:
            members[profile].add(customer)
    return members


def _founder(group: Group, profile: int | None, base: State) -> int:
    return min(group, key=lambda customer: (base[customer] != profile, customer))


def _beginnings(base: State) -> dict[int, Group]:
    alone: dict[int, Group] = {customer: {customer} for customer in base if base[customer] is None}
    for group in _by_profile(base).values():
        alone.update((customer, group) for customer in group)
    return alone


def _replay(groups: dict[int, Group], step: Step) -> None:
    for leaving in step.parts:
        for one, other in _parted(groups, leaving):
            groups.update((customer, one) for customer in one)
            groups.update((customer, other) for customer in other)
    for left, right in step.joins:
        if groups[left] is not groups[right]:
            joined = groups[left] | groups[right]
            groups.update((customer, joined) for customer in joined)


def _parted(groups: Mapping[int, Group], leaving: Collection[int]) -> Iterator[tuple[Group, Group]]:
    """Each group that only some leave, as the two groups that it becomes."""
    touched: Iterable[Group] = {id(groups[each]): groups[each] for each in leaving}.values()
    for group in list(touched):
        gone = group.intersection(leaving)
        if gone != group:
            yield gone, group - gone
