"""`tokui customer history`: what was decided on a person, by whom and why."""

from collections.abc import Mapping
from pathlib import Path

import click
from pydantic import JsonValue

from tokui.cli import people
from tokui.cli.amended import Places, actor_named, decided, moves_data, named
from tokui.cli.desk import Desk
from tokui.cli.meant import WHO, lang_option, meant
from tokui.cli.output import emit, json_option, local, or_none, table
from tokui.cli.words import Lang, word
from tokui.identity.explain import spoken
from tokui.store import decisions, profiles
from tokui.store.decisions import Decision


@click.command(epilog=WHO)
@click.argument("profile")
@lang_option
@json_option
@click.pass_obj
def history(path: Path | None, profile: str, lang: str | None, as_json: bool) -> None:
    """List what was decided on a person, and why."""
    chosen = people.language(lang)
    with Desk(path).store() as store, store.read() as tx:
        number = meant(tx, profile).profile_id
        log = decisions.of_profile(tx, number)
        places = profiles.places_of(tx, {end for each in log for end in _ends(each)})
    back = decisions.taken_back(log)
    rows = table(
        word("decision", chosen), word("at", chosen), word("what", chosen), word("who", chosen)
    )
    rows.add_column(word("why", chosen), overflow="fold")
    for each in log:
        why = "\n".join(spoken(each.evidence, chosen))
        rows.add_row(
            str(each.id),
            local(each.at),
            _what(each, places, back, chosen),
            actor_named(each.actor, chosen),
            why,
        )
    listed: list[JsonValue] = [_decision_data(each, places, back, chosen) for each in log]
    data: dict[str, JsonValue] = {"profile_id": number, "decisions": listed}
    emit("customer.history", data, as_json, or_none(rows, "nothing was ever decided"))


def _what(each: Decision, places: Places, back: Mapping[int, int], lang: Lang) -> str:
    lines = [decided(each, lang)]
    if each.id in back:
        lines.append(word("taken_back", lang).format(number=back[each.id]))
    moved = [move.customer_id for move in each.moves]
    return "\n".join([*lines, *(named(places, end) for end in moved or each.between or ())])


def _ends(each: Decision) -> list[int]:
    """The customers that it moved, and the pair that it is about."""
    return [*(move.customer_id for move in each.moves), *(each.between or ())]


def _decision_data(
    each: Decision, places: Places, back: Mapping[int, int], lang: Lang
) -> JsonValue:
    return {
        "decision_id": each.id,
        "at": each.at.isoformat(),
        "kind": each.kind,
        "actor": each.actor,
        "rule": each.rule,
        "moves": moves_data(each.moves, places),
        "between": [named(places, end) for end in each.between or ()],
        "reverts": each.reverts,
        "reverted_by": back.get(each.id),
        "reasons": list(spoken(each.evidence, lang)),
    }
