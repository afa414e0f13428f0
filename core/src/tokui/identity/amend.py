"""What people decide on profiles, written down: a plan, and the one writer that carries it out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple, cast

from pydantic import JsonValue

from tokui.failpoint import failpoint
from tokui.store import answers, decisions, dirty, profiles, reviews
from tokui.store.answers import Answer
from tokui.store.decisions import Decided, Move
from tokui.store.engine import Transaction
from tokui.store.feed import Changes
from tokui.store.tables import AliasRow, CustomerRow

STAFF = "staff:"
"""How the actor of a person's own word begins; the name follows."""

Given = tuple[answers.Pair, answers.Verdict]


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """
    Facts written while people were together who will be apart, on one side.

    Attributes:
        profile_id: The profile that they will be on, with their customers.
        kind: `order`, `event` (a note or visit written here), `consent`, `message` or `points` (a
            transfer on a number that a customer of that side bears).
    """

    profile_id: int
    kind: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What would be done. Profile ids below zero are new ones that are not given out yet.

    Attributes:
        kind: Of the decision.
        profile_id: The profile that stays, or that others leave; None where nobody moves.
        moves: Who goes from where to where.
        aliases: Profile ids that will mean another one → that one.
        revived: Profile ids that will be in use again.
        said: What is answered by it.
        restored: Earlier answers that hold again.
        lifted: Answers that hold no more.
        meanwhile: What people should look through, as it may be on the wrong side.
        between: The pair that decides.
        reverts: The decision that is taken back.
    """

    kind: str
    profile_id: int | None
    moves: tuple[Move, ...] = ()
    aliases: Mapping[int, int] = field(default_factory=dict)
    revived: tuple[int, ...] = ()
    said: tuple[Given, ...] = ()
    restored: tuple[Answer, ...] = ()
    lifted: tuple[Answer, ...] = ()
    meanwhile: tuple[Meanwhile, ...] = ()
    between: answers.Pair | None = None
    reverts: int | None = None


class Done(NamedTuple):
    """The decision's number, and the plan with the ids that were given out."""

    decision_id: int
    plan: Plan


def apply(tx: Transaction, plan: Plan, actor: str) -> Done:
    """
    Carry out a plan that was made in the same transaction.

    Args:
        tx: A write transaction.
        plan: Made by `tokui.identity.undo`.
        actor: `staff:NAME`.
    """
    plan = _numbered(tx, plan)
    (number,) = decisions.append(tx, [_decided(plan, actor)])
    answers.lift(tx, [each.pair for each in plan.lifted])
    said = [Answer(both, verdict, actor, number) for both, verdict in plan.said]
    answers.put(tx, [*plan.restored, *said])
    tx.update(CustomerRow, ("profile_id",), [(move.to_id, move.customer_id) for move in plan.moves])
    tx.delete(AliasRow, "profile_id", plan.revived)
    tx.upsert(AliasRow, list(plan.aliases.items()))
    _settle(tx, plan)
    _tell(tx, plan, _open_again(tx, plan))
    failpoint("identity.amend")
    return Done(number, plan)


def _numbered(tx: Transaction, plan: Plan) -> Plan:
    """Give out the new profiles' ids."""
    new = sorted({move.to_id for move in plan.moves if move.to_id < 0}, reverse=True)
    real = dict(zip(new, tx.allocate("profile", len(new)), strict=True))
    return replace(
        plan,
        profile_id=real.get(plan.profile_id or 0, plan.profile_id),
        moves=tuple(move._replace(to_id=real.get(move.to_id, move.to_id)) for move in plan.moves),
        aliases={old: real.get(into, into) for old, into in plan.aliases.items()},
        meanwhile=tuple(
            replace(each, profile_id=real.get(each.profile_id, each.profile_id))
            for each in plan.meanwhile
        ),
    )


def _decided(plan: Plan, actor: str) -> Decided:
    evidence: dict[str, JsonValue] = {
        name: [[*each.pair, each.verdict, each.actor, each.decision_id] for each in said]
        for name, said in (("lifted", plan.lifted), ("restored", plan.restored))
        if said
    }
    return Decided(
        plan.kind,
        actor,
        None,
        plan.profile_id,
        evidence=evidence,
        moves=plan.moves,
        between=plan.between,
        reverts=plan.reverts,
    )


def named(evidence: JsonValue, what: Literal["lifted", "restored"]) -> list[Answer]:
    """The earlier answers that a decision took away or brought back, as its evidence says."""
    rows = evidence.get(what, []) if isinstance(evidence, dict) else []
    return [
        Answer((left, right), verdict, actor, number)
        for left, right, verdict, actor, number in cast("list[Any]", rows)
    ]


def _settle(tx: Transaction, plan: Plan) -> None:
    """Ask no more about what is answered, nor about those who are together now."""
    reviews.drop(tx, [*(both for both, _ in plan.said), *(each.pair for each in plan.restored)])
    reviews.drop_within(tx, {move.to_id for move in plan.moves})


def _open_again(tx: Transaction, plan: Plan) -> set[int]:
    """
    Let the next pass look at those of whom an answer holds no more; their profiles.

    And at all whom others left or joined: they may be somebody else's match now.
    """
    free = {end for each in plan.lifted for end in each.pair}
    dirty.mark(tx, free)
    ends = {end for move in plan.moves for end in (move.from_id, move.to_id)}
    dirty.mark_profiles(tx, [profile for profile in ends if profile is not None])
    return {profile for *_, profile in profiles.places_of(tx, free).values()}


def _tell(tx: Transaction, plan: Plan, opened: Collection[int]) -> None:
    changes, what = Changes(), "split" if plan.kind == "split" else "merged"
    for number in opened:
        changes.add(number, "answer")
    for move in plan.moves:
        for profile in (move.from_id, move.to_id):
            if profile is not None:
                changes.add(profile, what)
    changes.write(tx)
