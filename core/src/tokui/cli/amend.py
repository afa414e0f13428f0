"""`tokui customer merge`, `unmerge` and `split`: what people decide."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar

import click
from pydantic import JsonValue
from rich.console import Group

from tokui.cli import amended, people
from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.cli.meant import WHO, as_asked, as_option, customer, lang_option, meant
from tokui.cli.output import confirm, console, emit, json_option, yes_option
from tokui.cli.words import word
from tokui.identity import undo
from tokui.identity.amend import Plan, apply
from tokui.store import decisions, profiles
from tokui.store.answers import pair
from tokui.store.engine import Transaction

DECISIONS = """\
A number is a decision's, as `tokui customer history` lists them; profile:NUMBER takes back the latest
merge of that profile."""

F = TypeVar("F", bound=Callable[..., object])


class How(NamedTuple):
    """The options of a command that shows what it would do, and asks."""

    staff: str
    dry_run: bool
    yes: bool
    lang: str | None
    as_json: bool


def _asking(command: F) -> F:
    options = (
        as_option(),
        click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing."),
        yes_option,
        lang_option,
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command(epilog=WHO)
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@as_option()
@lang_option
@json_option
@click.pass_obj
def merge(
    path: Path | None, one: str, other: str, staff: str, lang: str | None, as_json: bool
) -> None:
    """
    Let two people be one.

    It holds whatever rules say: of two profiles, all their customers stay together; of two customers,
    these two. The older profile's number stays, and the other one leads to it.
    """
    with Desk(path).store() as store, store.write() as tx, as_asked():
        left, right = meant(tx, one), meant(tx, other)
        if left.customer_id and right.customer_id:
            both = pair(left.customer_id, right.customer_id)
            done = undo.answer(tx, both, "same", staff)
        else:
            done = undo.merge(tx, left.profile_id, right.profile_id, staff)
    number, kept = done.decision_id, done.plan.profile_id
    data: dict[str, JsonValue] = {"decision_id": number, "profile_id": kept}
    chosen = people.language(lang)
    shown = word("one_person", chosen).format(profile=kept, number=number)
    emit("customer.merge", data, as_json, Group(shown, *amended.overruled(done.plan, chosen)))


@click.command(epilog=DECISIONS)
@click.argument("target", metavar="DECISION|profile:NUMBER")
@_asking
@click.pass_obj
def unmerge(
    path: Path | None,
    target: str,
    staff: str,
    dry_run: bool,
    yes: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """
    Take a merge, or any decision, back.

    Everybody goes where they would be without it, and no rule joins them again. Purchases, visits
    and notes stay with the customers they were written on.
    """
    how = How(staff, dry_run, yes, lang, as_json)
    _carry_out("unmerge", path, how, lambda tx: undo.plan_revert(tx, _decision(tx, target)))


@click.command(epilog=WHO)
@click.argument("profile")
@click.argument("customers", nargs=-1, required=True, metavar="CUSTOMER...")
@_asking
@click.pass_obj
def split(
    path: Path | None,
    profile: str,
    customers: tuple[str, ...],
    staff: str,
    dry_run: bool,
    yes: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """Let some customers of a profile be somebody else."""
    how = How(staff, dry_run, yes, lang, as_json)

    def plan(tx: Transaction) -> Plan:
        home, leaving = meant(tx, profile).profile_id, [customer(tx, each) for each in customers]
        if any(place[2] != home for place in profiles.places_of(tx, leaving).values()):
            raise Unknown(f"not all of them are of profile {home}")
        return undo.plan_extract(tx, leaving)

    _carry_out("split", path, how, plan)


def _carry_out(
    name: str, path: Path | None, how: How, plan_of: Callable[[Transaction], Plan]
) -> None:
    """Show a plan, ask, and do it if it still is what was shown."""
    lang, seen = people.language(how.lang), None
    with Desk(path).store() as store:
        if how.dry_run or not how.yes:
            with store.read() as tx, as_asked():
                draft = amended.drafted(tx, seen := plan_of(tx))
            shown = amended.preview(draft, lang)
            if how.dry_run:
                emit(f"customer.{name}", amended.as_data(draft, None), how.as_json, shown)
                return
            console(err=True).print(shown)
            confirm(word("do_it", lang), how.yes)
        with store.write() as tx, as_asked():
            draft = amended.drafted(tx, plan := plan_of(tx))
            if seen and replace(plan, meanwhile=seen.meanwhile) != seen:
                raise Unknown(word("decided_meanwhile", lang))
            number, done = apply(tx, plan, how.staff)
    told = () if seen and plan.meanwhile == seen.meanwhile else amended.meanwhile(done, lang)
    said = word("moved" if done.moves else "done", lang)
    shown = Group(said.format(count=len(done.moves), number=number), *told)
    data = amended.as_data(draft._replace(plan=done), number)
    emit(f"customer.{name}", data, how.as_json, shown)


def _decision(tx: Transaction, target: str) -> int:
    """The decision itself, or the latest merge of a profile that still holds."""
    if target.isdecimal():
        return int(target)
    log = decisions.of_profile(tx, meant(tx, target).profile_id)
    back = decisions.taken_back(log)
    merges = [each.id for each in log if each.kind in ("link", "merge") and not each.reverts]
    if not (holding := [each for each in merges if each not in back]):
        raise Unknown("nothing was merged into that profile")
    return holding[-1]
