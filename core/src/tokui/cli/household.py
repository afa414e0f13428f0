"""`tokui household`: who lives together, by rule and by people's word."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import click
from pydantic import JsonValue
from rich.console import Group, RenderableType

from tokui.card import KnownAs, Profile
from tokui.cli import people
from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.cli.meant import WHO, as_asked, as_option, lang_option, meant
from tokui.cli.moments import Moment
from tokui.cli.output import emit, json_option, local, plain, table
from tokui.cli.words import Lang, word
from tokui.identity.amend import STAFF
from tokui.identity.rules import Trust
from tokui.identity.view import profile
from tokui.store import households, profiles
from tokui.store.engine import Transaction
from tokui.store.households import MEMBER, RULE, Household, Member
from tokui.sync.compose import trust

Golden: TypeAlias = Mapping[int, Profile]
"""Profile → who that is."""

_which = click.option(
    "--household", "which", type=int, help="Which one, where a person belongs to several."
)


def _role(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("say what they are, or leave it out", ctx, param)
    return value.strip()


@click.group()
def household() -> None:
    """
    Who lives together.

    `tokui identity run` finds people of one family name at one home. What people say here stays.
    """


@household.command(epilog=WHO)
@click.argument("person")
@lang_option
@json_option
@click.pass_obj
def show(path: Path | None, person: str, lang: str | None, as_json: bool) -> None:
    """Show whom a person lives with, and what they have in common."""
    desk, chosen = Desk(path), people.language(lang)
    whose = trust(desk.config, desk.hub_for_reading())
    with desk.store() as store, store.read() as tx:
        found = households.of_profile(tx, meant(tx, person).profile_id)
        homes = [(each, _golden(tx, each, whose)) for each in found]
    data: list[JsonValue] = [_as_data(*each) for each in homes]
    shown = Group(*(part for each in homes for part in _shown(*each, chosen)))
    said = shown if homes else word("lives_alone", chosen)
    emit("household.show", {"households": data}, as_json, said)


@household.command(epilog=WHO)
@click.argument("person")
@click.argument("member")
@as_option()
@click.option("--role", default=MEMBER, callback=_role, help="spouse, child, …")
@click.option("--since", type=Moment(), help="When it began: 2020-04-01.")
@_which
@lang_option
@json_option
@click.pass_obj
def add(
    path: Path | None,
    person: str,
    member: str,
    staff: str,
    role: str,
    since: datetime | None,
    which: int | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Let MEMBER belong to the household of PERSON."""
    with Desk(path).store() as store, store.write() as tx:
        whose, who = meant(tx, person).profile_id, meant(tx, member).profile_id
        if whose == who:
            raise Unknown("that is one person; name two")
        home = _current(tx, whose, which)
        if home is None:
            home = households.create(tx)
            households.add(tx, home, _speaker(tx, person), staff, since=since)
        households.add(tx, home, _speaker(tx, member), staff, role, since)
    data: dict[str, JsonValue] = {"household_id": home, "profile_id": who}
    said = word("household.joined", people.language(lang)).format(household=home, profile=who)
    emit("household.add", data, as_json, said)


@household.command(epilog=WHO)
@click.argument("member")
@as_option()
@click.option("--until", type=Moment(), help="When it ended; now, if it is not said.")
@_which
@lang_option
@json_option
@click.pass_obj
def remove(
    path: Path | None,
    member: str,
    staff: str,
    until: datetime | None,
    which: int | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Let MEMBER belong to the present household no more."""
    with Desk(path).store() as store, store.write() as tx, as_asked():
        who = meant(tx, member).profile_id
        home = _current(tx, who, which)
        if home is None:
            raise Unknown("nobody is known to live with them")
        for row_id, *_ in profiles.members(tx, who):
            households.remove(tx, home, row_id, staff, until)
    data: dict[str, JsonValue] = {"household_id": home, "profile_id": who}
    said = word("household.left", people.language(lang)).format(household=home, profile=who)
    emit("household.remove", data, as_json, said)


def _current(tx: Transaction, profile_id: int, which: int | None) -> int | None:
    """
    The household that the person belongs to now.

    Raises:
        Unknown: They belong to several, or not to that one.
    """
    found = [
        each.id
        for each in households.of_profile(tx, profile_id)
        if any(one.profile_id == profile_id and one.until is None for one in each.members)
    ]
    if which is not None and which not in found:
        raise Unknown(f"profile {profile_id} does not belong to household {which}")
    if which is None and len(found) > 1:
        numbers = ", ".join(map(str, found))
        raise Unknown(f"they belong to households {numbers}; name one of them, by --household")
    return which or next(iter(found), None)


def _speaker(tx: Transaction, word: str) -> int:
    """The customer by whom a person belongs to a household."""
    found = meant(tx, word)
    speaker = found.customer_id or profiles.first_customer(tx, found.profile_id)
    assert speaker is not None  # noqa: S101 - the profile was just found
    return speaker


def _golden(tx: Transaction, home: Household, whose: Trust) -> Golden:
    return {
        one.profile_id: person
        for one in home.members
        if (person := profile(tx, one.profile_id, whose))
    }


def _shared(home: Household, golden: Golden) -> list[KnownAs]:
    """Phones and e-mail addresses of several who belong to it now: they are the household's."""
    lasting = [golden[one.profile_id] for one in home.members if one.until is None]
    borne = [
        each for person in lasting for each in person.identifiers if each.kind in ("phone", "email")
    ]
    bearers = Counter((each.kind, each.key) for each in borne if each.key)
    first = {(each.kind, each.key): each for each in reversed(borne)}
    return [first[key] for key, many in bearers.items() if many > 1]


def _shown(home: Household, golden: Golden, lang: Lang) -> Iterator[RenderableType]:
    heads = ("household.number", "profile", "field.name", "role", "began", "ended", "who")
    rows = table(*(word(head, lang) for head in heads))
    for one in home.members:
        dates = (local(at)[:10] for at in (one.since, one.until))
        known = golden[one.profile_id].name
        name = plain(str(known.value) or known.value.kana or "") if known else "–"
        by = word("household.rule", lang) if one.actor == RULE else one.actor.removeprefix(STAFF)
        role = plain(word(f"role.{one.role}", lang))
        rows.add_row(str(home.id), str(one.profile_id), name, role, *dates, plain(by))
    yield rows
    if shared := _shared(home, golden):
        values = ", ".join(f"{word(f'id.{each.kind}', lang)} {plain(each.raw)}" for each in shared)
        yield word("household.shared", lang).format(values=values)


def _as_data(home: Household, golden: Golden) -> JsonValue:
    return {
        "household_id": home.id,
        "members": [_member(one, golden[one.profile_id]) for one in home.members],
        "shared": [{"kind": each.kind, "value": each.raw} for each in _shared(home, golden)],
    }


def _member(one: Member, person: Profile) -> JsonValue:
    name = person.name.value.model_dump(mode="json", exclude_none=True) if person.name else None
    return {
        "profile_id": one.profile_id,
        "name": name,
        "role": one.role,
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "actor": one.actor,
    }
