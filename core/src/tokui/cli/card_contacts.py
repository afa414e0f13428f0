"""What was said about reaching a person, and what was sent: one list in time order."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from tokui.card import CardContact
from tokui.cli.output import plain
from tokui.cli.parts import QUIET, day, section
from tokui.cli.words import Lang, word
from tokui.identity.amend import STAFF
from tokui.outreach.sentences import sentence

STYLES = {
    "sent": "green",
    "delivered": "green",
    "granted": "green",
    "refused": "yellow",
    "unknown": "yellow",
    "deferred": "yellow",
    "bounced": "red",
    "failed": "red",
    "denied": "red",
    "revoked": "red",
    "all": "red",
    "marketing": "red",
}


def contacts(found: Sequence[CardContact], lang: Lang, tz: ZoneInfo, limit: int) -> Table:
    """The section of the card."""
    table = section("contacts", lang, "", "", "", "", "")
    for each in found[:limit]:
        table.add_row(
            Text(day(each.at, tz), QUIET),
            word(f"contacts.{each.what}", lang),
            Text(_state(each, lang), STYLES.get(each.state, "")),
            Text(plain(_what(each, lang))),
            Text(plain(_where(each, lang)), QUIET),
        )
    if len(found) > limit:
        table.add_row("", "", Text(word("more", lang).format(count=len(found) - limit), QUIET))
    return table


def _state(each: CardContact, lang: Lang) -> str:
    kind = {"message": "message", "consent": "consent"}.get(each.what, "suppression")
    return plain(word(f"{kind}.{each.state}", lang).format(connection=each.connection))


def _what(each: CardContact, lang: Lang) -> str:
    """What was sent or said, and why it stands so."""
    evidence = word(f"evidence.{each.evidence}", lang) if each.evidence else None
    purpose = word(f"purpose.{each.purpose}", lang) if each.purpose else None
    why = sentence(each.rule, each.reason, lang) if each.reason else None
    parts = (each.template, None if each.template else purpose, each.topic, evidence, why)
    return " · ".join(part for part in parts if part)


def _where(each: CardContact, lang: Lang) -> str:
    kind = word(f"contact.{each.contact}", lang)
    number = f"#{each.message_id}" if each.message_id else None
    actor = each.actor or ""
    who = actor.removeprefix(STAFF) if actor.startswith(STAFF) else None
    return " · ".join(part for part in (kind, each.connection, number, who) if part)
