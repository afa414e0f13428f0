"""`tokui consent set`: what a person said to staff."""

from datetime import UTC, datetime
from pathlib import Path

import click
from pydantic import JsonValue

from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.cli.meant import as_option, meant
from tokui.cli.moments import Moment
from tokui.cli.output import count, emit, json_option
from tokui.errors import SkipItem
from tokui.model import Consent
from tokui.outreach.declare import say
from tokui.outreach.points import KINDS
from tokui.store.consents import ANY, checked

PROOF = """\
WHO is a profile (17, or profile:17) or a customer (ginza-till:0012). A yes needs its evidence: form,
receipt, double_opt_in, staff, …; --reference says where the proof is kept."""

PURPOSES = click.Choice(["marketing", "service", "transactional"])


@click.command("set", epilog=PROOF)
@click.argument("who")
@click.option("--contact", type=click.Choice([*KINDS, "post", ANY]), required=True)
@click.option("--state", type=click.Choice(["granted", "denied", "revoked"]), required=True)
@click.option("--value", help="One of their addresses; else all that they have.")
@click.option("--purpose", type=PURPOSES, default="marketing", show_default=True)
@click.option("--topic", help="A narrower subject, such as new_arrivals.")
@click.option("--evidence", help="What proves it: form, receipt, double_opt_in, staff, …")
@click.option("--reference", help="Where the proof is kept: number of the form, of the receipt.")
@click.option("--notice", help="Version of the privacy notice that was shown.")
@click.option("--stated-purpose", help="What was said it is used for (利用目的).")
@click.option("--at", "occurred_at", type=Moment(), default="now", help="When it was said.")
@as_option()
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@json_option
@click.pass_obj
def set_(
    path: Path | None, /, who: str, staff: str, dry_run: bool, as_json: bool, **words: object
) -> None:
    """Write down what a person said."""
    consent = _consent(words)
    with Desk(path).store() as store, store.write(dry_run=dry_run) as tx:
        profile_id, named = meant(tx, who)
        heard = say(tx, profile_id, consent, staff, named)
        if heard is None:
            raise Unknown("they have no such contact point; `tokui consent show` lists theirs")
    data: dict[str, JsonValue] = {
        "profile_id": profile_id,
        "customer": heard.customer,
        "state": consent.state,
        "points": list(heard.points),
        "dry_run": dry_run,
    }
    done = "would be written" if dry_run else "written"
    points = count(len(heard.points), "contact point")
    emit("consent.set", data, as_json, f"{done} for profile {profile_id}: {points}")


def _consent(words: dict[str, object]) -> Consent:
    if words["state"] == "granted" and not words["evidence"]:
        raise click.UsageError("A yes needs --evidence.")
    if words["contact"] == ANY and words["value"]:
        raise click.UsageError("`any` contact has no --value.")
    at = words["occurred_at"]
    if isinstance(at, datetime) and at > datetime.now(UTC):
        raise click.UsageError("--at is in the future.")
    try:
        return checked(Consent.model_validate({"external_id": "-", "customer": "-", **words}))
    except SkipItem as error:
        raise click.UsageError(str(error)) from None
