"""`tokui identity`: who is who, why, and what people say of it."""

from pathlib import Path

import click
from pydantic import JsonValue
from rich.console import Group

from tokui.cli import evidence, people
from tokui.cli.amended import overruled
from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.cli.in_force import check, rules, stats
from tokui.cli.meant import WHO, as_asked, as_option, customer, lang_option, meant
from tokui.cli.output import emit, json_option
from tokui.cli.passes import rebuild, run
from tokui.cli.review import review
from tokui.cli.words import word
from tokui.identity import undo
from tokui.identity.settings import policy
from tokui.identity.weighing import weigh
from tokui.store.answers import pair
from tokui.sync.compose import votes


@click.group()
def identity() -> None:
    """Who is who: why, what is open, and what is in force."""


@identity.command(epilog=WHO)
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@lang_option
@json_option
@click.pass_obj
def explain(path: Path | None, one: str, other: str, lang: str | None, as_json: bool) -> None:
    """
    Say why two are one person, or are not.

    Of two profiles, the closest pair of customers is shown.
    """
    desk = Desk(path)
    hub, chosen, enough = desk.hub_for_reading(), people.language(lang), policy(desk.config)
    with desk.store() as store, store.read() as tx:
        said = votes(hub, store, enough)
        weighed = weigh(tx, enough, meant(tx, one), meant(tx, other), said)
    if weighed is None:
        raise Unknown("that is one profile; name two customers of it, as CONNECTION:ID")
    shown = evidence.as_text(weighed, enough, chosen)
    data = evidence.as_data(weighed, enough, chosen)
    emit("identity.explain", data, as_json, shown, widest=people.CARD_WIDTH)


@identity.command(epilog=WHO)
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.argument("verdict", type=click.Choice(["same", "different"]))
@as_option()
@lang_option
@json_option
@click.pass_obj
def answer(
    path: Path | None,
    one: str,
    other: str,
    verdict: str,
    staff: str,
    lang: str | None,
    as_json: bool,
) -> None:
    """Say of two customers: same, or different."""
    with Desk(path).store() as store, store.write() as tx, as_asked():
        both = pair(customer(tx, one), customer(tx, other))
        done = undo.answer(tx, both, "same" if verdict == "same" else "different", staff)
    data: dict[str, JsonValue] = {"verdict": verdict, "decision_id": done.decision_id}
    chosen = people.language(lang)
    said = word("answered", chosen).format(verdict=word(verdict, chosen), number=done.decision_id)
    emit("identity.answer", data, as_json, Group(said, *overruled(done.plan, chosen)))


for command in (review, run, rebuild, rules, check, stats):
    identity.add_command(command)
