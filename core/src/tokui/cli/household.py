"""`tokui household`: who lives together, by rule and by people's word."""

from datetime import datetime
from pathlib import Path

import click
from pydantic import JsonValue
from rich.table import Table

from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.cli.meant import WHO, as_option, meant
from tokui.cli.moments import Moment
from tokui.cli.output import emit, json_option, local, or_none, plain, table
from tokui.identity.amend import STAFF
from tokui.store import households, profiles
from tokui.store.engine import Transaction
from tokui.store.households import MEMBER, Household, Member


@click.group()
def household() -> None:
    """
    Who lives together.

    `tokui identity run` finds people of one family name at one home. What people say here stays.
    """


@household.command(epilog=WHO)
@click.argument("person")
@json_option
@click.pass_obj
def show(path: Path | None, person: str, as_json: bool) -> None:
    """Show whom a person lives with."""
    with Desk(path).store() as store, store.read() as tx:
        found = households.of_profile(tx, meant(tx, person).profile_id)
    data: list[JsonValue] = [_as_data(each) for each in found]
    shown = or_none(_listed(found), "nobody is known to live with them")
    emit("household.show", {"households": data}, as_json, shown)


@household.command(epilog=WHO)
@click.argument("person")
@click.argument("member")
@as_option()
@click.option("--role", default=MEMBER, help="spouse, child, …")
@click.option("--since", type=Moment(), help="When it began: 2020-04-01.")
@json_option
@click.pass_obj
def add(
    path: Path | None,
    person: str,
    member: str,
    staff: str,
    role: str,
    since: datetime | None,
    as_json: bool,
) -> None:
    """Let MEMBER belong to the household of PERSON."""
    with Desk(path).store() as store, store.write() as tx:
        whose = meant(tx, person).profile_id
        if meant(tx, member).profile_id == whose:
            raise Unknown("that is one person; name two")
        home = _current(tx, whose)
        if home is None:
            home = households.create(tx)
            households.add(tx, home, _speaker(tx, person), staff, since=since)
        households.add(tx, home, _speaker(tx, member), staff, role, since)
    emit("household.add", {"household_id": home}, as_json, f"household {home} has {member}")


@household.command(epilog=WHO)
@click.argument("member")
@as_option()
@click.option("--until", type=Moment(), help="When it ended; now, if it is not said.")
@json_option
@click.pass_obj
def remove(
    path: Path | None, member: str, staff: str, until: datetime | None, as_json: bool
) -> None:
    """Let MEMBER belong to the present household no more."""
    with Desk(path).store() as store, store.write() as tx:
        profile_id = meant(tx, member).profile_id
        home = _current(tx, profile_id)
        if home is None:
            raise Unknown("nobody is known to live with them")
        for row_id, *_ in profiles.members(tx, profile_id):
            households.remove(tx, home, row_id, staff, until)
    emit(
        "household.remove", {"household_id": home}, as_json, f"household {home} is without {member}"
    )


def _current(tx: Transaction, profile_id: int) -> int | None:
    """The household that the person belongs to now."""
    for each in households.of_profile(tx, profile_id):
        if any(one.profile_id == profile_id and one.until is None for one in each.members):
            return each.id
    return None


def _speaker(tx: Transaction, word: str) -> int:
    """The customer by whom a person belongs to a household."""
    found = meant(tx, word)
    speaker = found.customer_id or profiles.first_customer(tx, found.profile_id)
    assert speaker is not None  # noqa: S101 - the profile was just found
    return speaker


def _listed(found: list[Household]) -> Table:
    rows = table("household", "profile", "role", "since", "until", "by")
    for each in found:
        for one in each.members:
            dates = (local(at)[:10] for at in (one.since, one.until))
            by = plain(one.actor.removeprefix(STAFF))
            rows.add_row(str(each.id), str(one.profile_id), plain(one.role), *dates, by)
    return rows


def _as_data(each: Household) -> JsonValue:
    return {"household_id": each.id, "members": [_member(one) for one in each.members]}


def _member(one: Member) -> JsonValue:
    return {
        "profile_id": one.profile_id,
        "role": one.role,
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "actor": one.actor,
    }
