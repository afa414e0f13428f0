"""Carrying out what a pass decided: one write transaction for some regions, whole or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tokui.failpoint import failpoint
from tokui.identity import steps
from tokui.identity.labels import labels
from tokui.identity.past import Past
from tokui.identity.person import Person
from tokui.identity.questions import questions
from tokui.identity.region import CERTAIN, Region
from tokui.store import answers, decisions, dirty, reviews, sweep
from tokui.store.answers import Pair, Verdict
from tokui.store.decisions import Decided, Move
from tokui.store.engine import Store, Transaction
from tokui.store.feed import Changes
from tokui.store.lease import Lease
from tokui.store.reviews import Question
from tokui.store.sweep import Watch
from tokui.store.tables import AliasRow

PLANNED = 10_000
"""Changes that a plan lists; of more of them the figures say enough."""


class Planned(NamedTuple):
    """
    A change that would be made.

    Attributes:
        kind: `merge` or `split`.
        moves: Who would go where; a profile below zero is a new one that is not given out yet.
        between: The pair that decides.
        margin: How far beyond the threshold it is, in thousandths; None where it is certain.
    """

    kind: str
    moves: Sequence[Move]
    between: Pair | None
    margin: int | None


@dataclass(slots=True)
class Done:
    """
    What was carried out.

    Attributes:
        merges: Profiles that joined another one.
        splits: Times that customers left a profile.
        moved: Customers that changed their profile.
        asked: Questions to people.
        held: Splits that were not sure enough.
        waiting: Customers that changed in the meantime; the next pass looks at them.
        planned: The changes themselves, where nothing is written.
    """

    merges: int = 0
    splits: int = 0
    moved: int = 0
    asked: int = 0
    held: int = 0
    waiting: set[int] = field(default_factory=set)
    planned: list[Planned] = field(default_factory=list)


def carry_out(
    store: Store,
    lease: Lease | None,
    watch: Watch,
    regions: Sequence[Region],
    said: Mapping[Pair, Verdict],
    done: Done,
) -> None:
    """
    Write what was decided on these regions, but for those that changed in the meantime.

    Args:
        store: The database.
        lease: The right to do so; None plans only.
        watch: Knows what changed since the regions were read, or before.
        regions: As they shall be.
        said: The answers that hold in them, as they were read.
        done: Takes what becomes of them.
    """
    with store.write(durable=False, dry_run=lease is None) as tx:
        if lease:
            lease.check(tx)
        still = _unchanged(tx, watch, regions, said, done)
        given_out = tx.allocated("profile")
        log = _move(tx, still)
        _tell(tx, log)
        done.asked += _ask(tx, still)
        done.held += sum(region.held for region in still)
        if lease:
            watch.passed(tx)
        elif len(done.planned) < PLANNED:
            done.planned += _planned(still, log, given_out)
        failpoint("identity.apply")
    for each in log:
        done.merges += each.kind == "merge"
        done.splits += each.kind == "split"
        done.moved += len(each.moves)
    failpoint("identity.applied")


def _planned(
    regions: Iterable[Region], log: Iterable[Decided], given_out: int
) -> Iterator[Planned]:
    ties = (link for region in regions for link in (*region.links, *region.partings))
    margins = {answers.pair(link.one.id, link.other.id): link.margin for link in ties}
    for each in log:
        margin = margins.get(each.between, CERTAIN) if each.between else CERTAIN
        moves = [m._replace(to_id=m.to_id if m.to_id <= given_out else -1) for m in each.moves]
        yield Planned(each.kind, moves, each.between, None if margin == CERTAIN else margin)


def _unchanged(
    tx: Transaction,
    watch: Watch,
    regions: Sequence[Region],
    said: Mapping[Pair, Verdict],
    done: Done,
) -> list[Region]:
    touched = watch.look(tx)
    others = _answered_since(tx, regions, said)
    still: list[Region] = []
    late: set[int] = set()
    for region in regions:
        people = list(region.people)
        if others.isdisjoint(each.id for each in people) and touched.isdisjoint(
            each.profile_id for each in people
        ):
            still.append(region)
        else:
            late.update(each.id for each in people)
    dirty.mark(tx, late)  # all of them, as what they hang on may be gone
    done.waiting |= late
    return still


def _answered_since(
    tx: Transaction, regions: Sequence[Region], said: Mapping[Pair, Verdict]
) -> set[int]:
    """Customers of whom something else is said than what was read."""
    now = answers.within(tx, [each.id for region in regions for each in region.people])
    return {end for pair, _ in now.items() ^ said.items() for end in pair}


def _move(tx: Transaction, regions: Sequence[Region]) -> list[Decided]:
    """Let everybody be where they shall be, and write it down; the decisions."""
    parting = [region for region in regions if region.partings]
    parted: Sequence[Decided] = ()
    if parting:
        label = _parted(tx, parting)
        parted = _write(tx, [each for region in parting for each in _placed(region, label)])
    joining = (region for region in regions if region.links and not region.partings)
    merged = [each for region in joining for each in _placed(region, _joined(region))]
    _write(tx, merged)
    sweep.rename(tx, {m.from_id or 0: m.to_id for each in merged for m in each.moves})
    return [*parted, *merged]


def _write(tx: Transaction, log: Sequence[Decided]) -> Sequence[Decided]:
    decisions.append(tx, log)
    sweep.place(tx, (move for each in log for move in each.moves))
    return log


def _placed(region: Region, label: Mapping[int, int]) -> list[Decided]:
    log = steps.decisions(region, label)
    for person in region.people:
        person.profile_id = label[person.id]
    return log


def _joined(region: Region) -> Mapping[int, int]:
    """Customer → profile, where nobody is parted: what most of a group have."""
    now = {person.id: person.profile_id for person in region.people}
    return labels([{each.id for each in group} for group in region.groups], now, now, {})


def _parted(tx: Transaction, regions: Sequence[Region]) -> Mapping[int, int]:
    """
    Customer → profile, where some leave a profile: they get back what they had before, if it is free.
    """
    mine = [{each.id for each in group} for region in regions for group in region.groups]
    past = Past.of(tx, set().union(*mine))
    here = set().union(*mine)
    others = [group for group in past.groups() if group.isdisjoint(here)]
    label = labels([*mine, *others], past.now, past.now, past.held)
    new = sorted({profile for profile in label.values() if profile < 0}, reverse=True)
    real = dict(zip(new, tx.allocate("profile", len(new)), strict=True))
    label = {each: real.get(profile, profile) for each, profile in label.items()}
    plan = past.plan(label)
    tx.delete(AliasRow, "profile_id", plan.revived)
    tx.upsert(AliasRow, list(plan.aliases.items()))
    return label


def _tell(tx: Transaction, log: Iterable[Decided]) -> None:
    changes = Changes()
    for each in log:
        for move in each.moves:
            changes.add(move.to_id, "merged" if each.kind == "merge" else "split")
            if move.from_id is not None:
                changes.add(move.from_id, "merged" if each.kind == "merge" else "split")
    changes.write(tx)


def _ask(tx: Transaction, regions: Sequence[Region]) -> int:
    """Put the open questions in the place of the earlier ones on these people."""
    fresh = [each for region in regions for each in _questions(region)]
    reviews.replace(tx, {each.id for region in regions for each in region.people}, fresh)
    return len(fresh)


def _questions(region: Region) -> list[Question]:
    profiles: dict[int, list[Person]] = {}
    for person in region.people:
        profiles.setdefault(person.profile_id or 0, []).append(person)
    living = [each for each in region.doubts if not (each.one.gone or each.other.gone)]
    return questions(living, profiles)
