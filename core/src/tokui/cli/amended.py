"""What people decide on profiles, as it is shown before and after."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from pydantic import JsonValue
from rich.console import Group, RenderableType

from tokui.cli.output import local, plain, table
from tokui.cli.words import Lang, word
from tokui.identity.amend import STAFF, Plan
from tokui.store import decisions, profiles
from tokui.store.decisions import Decision, Move
from tokui.store.engine import Transaction

Places: TypeAlias = Mapping[int, tuple[str, str, int]]
"""Customer id → connection, external id and profile."""


class Draft(NamedTuple):
    """A plan, with who they are whom it moves, and the decision that it takes back."""

    plan: Plan
    places: Places
    back: Decision | None


def drafted(tx: Transaction, plan: Plan) -> Draft:
    """All that there is to show of a plan."""
    places = profiles.places_of(tx, [move.customer_id for move in plan.moves])
    return Draft(plan, places, decisions.one(tx, plan.reverts) if plan.reverts else None)


def preview(draft: Draft, lang: Lang) -> RenderableType:
    """What is taken back, who would go where, and what to think of."""
    plan, places, back = draft
    head, more = [], [*overruled(plan, lang), *meanwhile(plan, lang)]
    if back:
        who, at = actor_named(back.actor, lang), local(back.at)
        said = word("decision_was", lang)
        head = [said.format(number=back.id, what=decided(back, lang), who=who, at=at)]
    if not plan.moves:
        return Group(*head, word("nobody_moves", lang), *more)
    rows = table(word("customer", lang), word("from", lang), word("to", lang))
    for move in plan.moves:
        to = word("new", lang) if move.to_id < 0 else str(move.to_id)
        rows.add_row(named(places, move.customer_id), str(move.from_id), to)
    return Group(*head, rows, *more)


def decided(decision: Decision, lang: Lang) -> str:
    """What a decision was."""
    if decision.reverts:
        return word("takes_back", lang).format(number=decision.reverts)
    return word(f"decided.{decision.kind}", lang)


def overruled(plan: Plan, lang: Lang) -> list[str]:
    """Whose earlier word holds no more, a line for each decision but the one that is taken back."""
    said = {each.decision_id: each.actor for each in plan.lifted}
    return [
        word("overruled", lang).format(who=actor_named(who, lang), number=number)
        for number, who in sorted(said.items())
        if number != plan.reverts
    ]


def actor_named(actor: str, lang: Lang) -> str:
    """Who decided: a person's name, or what it is instead of one."""
    name = actor.removeprefix(STAFF)
    return plain(name) if name != actor else word(f"actor.{name}", lang)


def meanwhile(plan: Plan, lang: Lang) -> list[str]:
    """What somebody should look through, a line for each side and kind."""
    lines = []
    for each in plan.meanwhile:
        days = dict.fromkeys(local(at)[:10] for at in (each.first, each.last))
        what = f"{word(f'fact.{each.kind}', lang)}: {each.count:,}"
        lines.append(f"  {_to(each.profile_id, lang)} · {what} · {' – '.join(days)}")
    return [word("meanwhile", lang), *lines] if lines else []


def _to(profile_id: int, lang: Lang) -> str:
    number = word("new", lang) if profile_id < 0 else str(profile_id)
    return f"{word('profile', lang)} {number}"


def named(places: Places, customer_id: int) -> str:
    """A customer, as it is named on the command line."""
    place = places.get(customer_id)
    return plain(f"{place[0]}:{place[1]}") if place else "–"


def as_data(draft: Draft, number: int | None) -> dict[str, JsonValue]:
    """For `--json`; `number` is the decision's, once it is made."""
    plan, places, _ = draft
    return {
        "decision_id": number,
        "moves": moves_data(plan.moves, places),
        "answers": len(plan.said) + len(plan.restored),
        "meanwhile": [
            {
                "profile_id": each.profile_id if each.profile_id > 0 else None,
                "kind": each.kind,
                "count": each.count,
                "first": each.first.isoformat(),
                "last": each.last.isoformat(),
            }
            for each in plan.meanwhile
        ],
    }


def moves_data(moves: Sequence[Move], places: Places) -> JsonValue:
    """For `--json`; a profile that is new has no number yet."""
    return [
        {
            "customer": named(places, move.customer_id),
            "from": move.from_id,
            "to": move.to_id if move.to_id > 0 else None,
        }
        for move in moves
    ]
