"""`tokui message draft`: what to say, to whom, and what every rule says of it."""

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, TextIO, cast, get_args

import click
from pydantic import JsonValue
from pydantic_core import from_json
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from tokui.cli import allowed, people
from tokui.cli.channels import channels, now, templates
from tokui.cli.desk import Desk
from tokui.cli.meant import WHO, as_option, lang_option, meant
from tokui.cli.message_bulk import Bulk, draft_for_many
from tokui.cli.message_words import told
from tokui.cli.output import emit, json_option, note, plain
from tokui.cli.words import Lang
from tokui.config import Config
from tokui.identity.rules import Trust
from tokui.identity.view import snapshot
from tokui.model import Purpose
from tokui.outreach.compose import Wish
from tokui.outreach.draft import Drafted, Drafting, LeftOut, keep
from tokui.outreach.reach import in_order
from tokui.outreach.render import check
from tokui.outreach.template import read_template
from tokui.store.engine import Store
from tokui.sync.compose import trust

REFUSED = 7
AUTHOR = "command line"
"""Who drafts where nobody is named."""


class Said(NamedTuple):
    """What is to be said, as the command line has it."""

    template: str | None
    text: str | None
    subject: str | None
    purpose: str | None
    topic: str | None
    language: str | None
    tone: str | None


def _saying(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `Said`, given as one."""
    purposes = click.Choice(get_args(Purpose))

    @wraps(command)
    def run(**given: Any) -> Any:
        said = Said(*(given.pop(name) for name in Said._fields))
        return command(said=said, **given)

    for option in (
        click.option("--tone", help="Variant of the template's words."),
        click.option("--language", help="Of the message; else the person's."),
        click.option("--topic", help="The narrower subject, where consent has one."),
        click.option(
            "--purpose", type=purposes, help="Of words of your own.  [default: marketing]"
        ),
        click.option("--subject", help="Of words of your own, for an e-mail."),
        click.option("--text", help="Words of your own."),
        click.option("--template", metavar="NAME", help="A file of the templates' folder."),
    ):
        run = option(run)
    return run


@click.command(epilog=WHO)
@click.argument("profile", required=False)
@_saying
@click.option("--on", metavar="CONNECTION", help="Send by this one; else by the preferred one.")
@click.option(
    "--to",
    "many",
    type=click.File(encoding="utf-8-sig"),
    metavar="FILE",
    help="To all profiles of a file, one number a line.",
)
@click.option("--campaign", metavar="NAME", help="Of what goes to many: nobody gets it twice.")
@as_option(required=False)
@click.option("--dry-run", is_flag=True, help="Show what would be kept, and keep nothing.")
@lang_option
@json_option
@click.pass_obj
def draft(
    path: Path | None,
    said: Said,
    profile: str | None,
    on: str | None,
    many: TextIO | None,
    campaign: str | None,
    staff: str | None,
    dry_run: bool,
    lang: str | None,
    as_json: bool,
) -> int:
    """
    Write a message to one person, or to many.

    Nothing is sent: somebody approves it first. Says what every rule says of it; where one refuses it,
    the refusal is kept, and the exit code is 7.
    """
    if (profile is None) is (many is None):
        raise click.UsageError("Name one profile, or a file of them by --to.")
    desk, chosen, at = Desk(path), people.language(lang), now()
    hub = desk.hub()
    by = in_order(desk.config, channels(hub), on)
    if many:
        campaign = campaign or f"{said.template or 'words'}-{at.date()}"
    drafting = Drafting(hub, by, wish(desk, said), staff or AUTHOR, at, campaign)
    drafting.check()
    whose = trust(desk.config, hub)
    with desk.store() as store:
        if many:
            return draft_for_many(Bulk(store, drafting, whose, dry_run, chosen, as_json), many)
        made, number = _draft_one(store, drafting, whose, str(profile), dry_run)
    for failure in made.failures:
        note(f"warning: {failure}")
    data = {"dry_run": dry_run, **as_data(made, number, chosen)}
    emit("message.draft", data, as_json, _shown(made, number, chosen, desk.config))
    return REFUSED if made.refusal else 0


def wish(desk: Desk, said: Said) -> Wish:
    """
    What is to be said.

    Raises:
        click.UsageError: The options do not go together.
    """
    if (said.template is None) is (said.text is None):
        raise click.UsageError("Say --template NAME, or --text with words of your own.")
    if said.template:
        own = ("subject", "purpose", "topic")
        if given := [name for name in own if getattr(said, name)]:
            raise click.UsageError(f"--{given[0]} is the template's.")
        template = read_template(templates(desk.config), said.template)
        check(template)
        return Wish(template, language=said.language, tone=said.tone)
    if said.tone:
        raise click.UsageError("--tone is of templates only.")
    words = {"text": said.text, "subject": said.subject}
    own_words: Mapping[str, JsonValue] = {key: value for key, value in words.items() if value}
    purpose = cast("Purpose", said.purpose or "marketing")
    return Wish(own=own_words, purpose=purpose, topic=said.topic, language=said.language)


def _draft_one(
    store: Store, drafting: Drafting, whose: Trust, who: str, dry_run: bool
) -> tuple[Drafted, int | None]:
    with snapshot(store, whose) as (view, tx):
        (made,) = drafting.plan(tx, view, [meant(tx, who).profile_id])
    if isinstance(made, LeftOut):
        raise made.why
    if dry_run:
        return made, None
    with store.write() as tx:
        return made, keep(tx, [made])[0]


def _shown(made: Drafted, number: int | None, lang: Lang, config: Config) -> RenderableType:
    refused = made.refusal is not None
    head = told(
        "to" if number else "planned",
        lang,
        number=number,
        state=told("state.refused" if refused else "state.draft", lang),
        profile=made.profile_id,
        connection=made.way.connection,
    )
    text = Padding(
        Text("\n".join(plain(line) for line in made.text.splitlines())), (1, 4), expand=False
    )
    zone = config.outreach.quiet.timezone
    parts: list[RenderableType] = [head, text, allowed.as_table(made.answers, lang, zone)]
    if number and not refused:
        by_rule = made.new.purpose in config.outreach.approve
        hint = told("next_by_rule" if by_rule else "next", lang, number=number)
        parts.append(Text(f"\n{hint}"))
    return Group(*parts)


def as_data(made: Drafted, number: int | None, lang: Lang) -> dict[str, JsonValue]:
    """For `--json`."""
    new = made.new
    return {
        "message_id": number,
        "state": "refused" if made.refusal else "draft",
        "profile_id": made.profile_id,
        "connection": new.connection,
        "address": new.address,
        "purpose": new.purpose,
        "topic": new.topic,
        "language": new.language,
        "template": new.template,
        "campaign": new.campaign,
        "text": made.text,
        "content": from_json(new.content),
        "denied": allowed.denied_data(made.denied, lang),
        "answers": allowed.as_data(made.answers, lang),
    }
