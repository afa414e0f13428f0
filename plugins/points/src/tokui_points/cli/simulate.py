"""`tokui points simulate`: what a programme would have made of the past."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click
from pydantic import JsonValue, ValidationError
from rich.console import Group, RenderableType
from rich.table import Table
from tokui.cli.output import emit, json_option, table
from tokui.connector import Member
from tokui.errors import ConfigError
from tokui.identity.view import snapshot
from tokui.store import purchases
from tokui.sync.earn import PROFILES

from tokui_points import plot as picture
from tokui_points.accounts import accounts
from tokui_points.calendar import YEARS
from tokui_points.cli.counter import Counter, counter
from tokui_points.facts import Person
from tokui_points.settings import PointsSettings, Programme
from tokui_points.simulate import Outcome, differences, last_year
from tokui_points.simulate import simulate as simulated

DAYS = click.DateTime(["%Y-%m-%d"])
SHOWN = 20


@click.command()
@click.option("--programme", "name", help="Which, where several are configured.")
@click.option(
    "--program",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with [programmes.NAME]: what if it had been so?",
)
@click.option("--from", "since", type=DAYS, help="First day; else twelve months before --to.")
@click.option("--to", "until", type=DAYS, help="Last day; else today.")
@click.option("--plot", "image", type=click.Path(path_type=Path), help="Draw it into this file.")
@json_option
@click.pass_obj
def simulate(
    path: Path | None,
    name: str | None,
    file: Path | None,
    since: datetime | None,
    until: datetime | None,
    image: Path | None,
    as_json: bool,
) -> None:
    """
    Run a past window again, as it is and as FILE has it.

    Says who would have another tier, and what it would cost. Nothing is written.
    """
    with counter(path) as desk:
        name, now = _chosen(desk.settings, name)
        people = list(_people(desk, name, now))
    programmes = [("as it is", now)]
    if file:
        programmes.append(("what if", _chosen(_read(file), name)[1]))
    first, last = _window(now, since, until)
    outcomes = [
        (title, simulated(each.model_copy(update={"since": None}), people, first, last))
        for title, each in programmes
    ]
    if image:
        picture.draw(outcomes, image)
    emit("points.simulate", _data(name, outcomes), as_json, Group(*_shown(outcomes)))


def _window(
    programme: Programme, since: datetime | None, until: datetime | None
) -> tuple[date, date]:
    last = until.date() if until else datetime.now(programme.zone).date()
    first = since.date() if since else last_year(last)[0]
    if first > last:
        raise click.UsageError("--from is after --to.")
    if first.year not in YEARS or last.year not in YEARS:
        raise click.UsageError(f"--from and --to lie in {YEARS[0]} to {YEARS[-1]}.")
    return first, last


def _chosen(settings: PointsSettings, name: str | None) -> tuple[str, Programme]:
    ours = {key: each for key, each in settings.programmes.items() if each.is_ours}
    if name is None and len(ours) == 1:
        return next(iter(ours.items()))
    if name not in ours:
        raise click.UsageError(f"--programme is one of {', '.join(ours) or 'none'}.")
    return name, ours[name]


def _read(file: Path) -> PointsSettings:
    try:
        return PointsSettings.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ConfigError("is not TOML", who=file.name) from None
    except ValidationError as error:
        what = "; ".join(
            f"{'.'.join(map(str, item['loc']))}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_input=False, include_url=False)
        )
        raise ConfigError(what, who=file.name, todo="correct the programme") from None


def _people(desk: Counter, name: str, programme: Programme) -> Iterator[Person]:
    """Everybody who is a member now; those who share a card are one."""
    families = set[Member]()
    with snapshot(desk.store, desk.trust) as (view, tx):
        everybody = list(purchases.everybody(tx))
        for nth, number in enumerate(everybody):
            if nth % PROFILES == 0:
                view.expect(everybody[nth : nth + PROFILES])
            profile = view.profile(number)
            held = accounts(name, programme, profile, view) if profile else []
            if programme.holder == "household":
                held = [each for each in held if each.member not in families]
                families.update(each.member for each in held)
            yield from {id(each.person): each.person for each in held}.values()


def _data(name: str, outcomes: list[tuple[str, Outcome]]) -> dict[str, JsonValue]:
    first, last = outcomes[0][1], outcomes[-1][1]
    changes: list[JsonValue] = [
        {"profile": each.person, "now": each.now, "then": each.then}
        for each in differences(first, last)
    ]
    return {
        "programme": name,
        "from": first.since.isoformat(),
        "to": first.until.isoformat(),
        "outcomes": [
            {
                "title": title,
                "points": each.points,
                "cost_minor": str(each.cost_minor),
                "members": dict(each.members()),
            }
            for title, each in outcomes
        ],
        "changes": changes,
    }


def _shown(outcomes: list[tuple[str, Outcome]]) -> Iterator[RenderableType]:
    yield summary(outcomes)
    if len(outcomes) > 1:
        found = differences(outcomes[0][1], outcomes[1][1])
        rows = table("profile", "as it is", "what if", right=("profile",))
        for each in found[:SHOWN]:
            rows.add_row(each.person, each.now, each.then)
        yield f"\n{len(found):,} would have another tier on the last day"
        if found:
            yield rows
        if len(found) > SHOWN:
            yield f"… and {len(found) - SHOWN:,} more; --json lists all"


def summary(outcomes: list[tuple[str, Outcome]]) -> Table:
    """One column for each outcome."""
    titles = [title for title, _ in outcomes]
    rows = table("", *titles, right=titles)
    rows.title = f"{outcomes[0][1].since} to {outcomes[0][1].until}"
    rows.title_justify = "left"
    given = [each for _, each in outcomes]
    rows.add_row("points", *(f"{each.points:,}" for each in given))
    rows.add_row("cost", *(f"{each.cost_minor:,.0f} {each.programme.currency}" for each in given))
    rows.add_row("tier changes", *(f"{len(each.movers()):,}" for each in given))
    names = dict.fromkeys(name for each in given for name in each.members())
    for name in names:
        rows.add_row(name, *(f"{each.members().get(name, 0):,}" for each in given))
    return rows
