"""`tokui suppression`: contact points that cannot or must not be reached."""

from collections.abc import Sequence
from pathlib import Path

import click
from pydantic import JsonValue
from rich.table import Table

from tokui.cli.consent_words import said, where
from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.cli.meant import WHO, as_option, lang_option, meant
from tokui.cli.output import emit, json_option, local, or_none, plain, table
from tokui.cli.people import language
from tokui.cli.words import Lang
from tokui.model import moment
from tokui.outreach.points import KINDS
from tokui.outreach.record import lift as lifted
from tokui.store import suppressions
from tokui.store.suppressions import Suppressed

REASONS = click.Choice(["bounce", "complaint", "unsubscribe", "block", "manual"])


@click.group()
def suppression() -> None:
    """
    Contact points that cannot or must not be reached.

    A bounce stops all that would be sent there, a complaint or an unsubscribe marketing, a block one
    account. It concerns the address, not the person.
    """


@suppression.command("list", epilog=WHO)
@click.argument("who", required=False)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@lang_option
@json_option
@click.pass_obj
def list_(path: Path | None, who: str | None, limit: int, lang: str | None, as_json: bool) -> None:
    """List what is in force, of one person or the latest of all."""
    with Desk(path).store() as store, store.read() as tx:
        if who is None:
            found = suppressions.latest(tx, limit)
        else:
            found = suppressions.of_profile(tx, meant(tx, who).profile_id)
    data: list[JsonValue] = [_data(each) for each in found]
    shown = or_none(_listed(found, language(lang)), said("no_stop", language(lang)))
    emit("suppression.list", {"suppressions": data}, as_json, shown)


@suppression.command(epilog=WHO)
@click.argument("who")
@click.option("--contact", type=click.Choice(KINDS), help="Only those of this kind.")
@click.option("--reason", type=REASONS, help="Only these.")
@as_option()
@click.option("--dry-run", is_flag=True, help="Show what would be lifted, and lift nothing.")
@lang_option
@json_option
@click.pass_obj
def lift(
    path: Path | None,
    who: str,
    contact: str | None,
    reason: str | None,
    staff: str,
    dry_run: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """
    Let a person's contact points be written to again. What they never agreed to stays closed.

    A complaint or an unsubscribe is lifted only after a newer yes of theirs (`tokui consent set`).
    """
    with Desk(path).store() as store, store.write(dry_run=dry_run) as tx:
        profile_id = meant(tx, who).profile_id
        held = [
            each
            for each in suppressions.of_profile(tx, profile_id)
            if contact in (None, each.point.partition(":")[0]) and reason in (None, each.reason)
        ]
        if not held:
            raise Unknown("nothing of theirs is suppressed that way")
        lifted(tx, profile_id, held, staff)
    data: list[JsonValue] = [_data(each) for each in held]
    shown = _listed(held, language(lang))
    emit("suppression.lift", {"lifted": data, "dry_run": dry_run}, as_json, shown)


def _listed(found: Sequence[Suppressed], lang: Lang) -> Table:
    rows = table(*(said(name, lang) for name in ("point", "stops", "why", "source", "since")))
    for each in found:
        account = f" ({said('one_account', lang)})" if each.account_only else ""
        rows.add_row(
            plain(where(each.point, lang)),
            said(f"stops.{each.stops}", lang),
            said(each.reason, lang),
            plain(each.connection) + account,
            local(moment(each.since_us))[:16],
        )
    return rows


def _data(each: Suppressed) -> JsonValue:
    return {
        "point": each.point,
        "stops": each.stops,
        "reason": each.reason,
        "connection": each.connection,
        "account_only": each.account_only,
        "since": moment(each.since_us).isoformat(),
    }
