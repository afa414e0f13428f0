"""What was said about reaching a person, and what was sent: one list in time order."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from tokui.card import CardContact
from tokui.cli.consent_words import said, scope
from tokui.cli.message_words import state_of, told
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
            told(f"contacts.{each.what}", lang),
            Text(_state(each, lang), STYLES.get(each.state, "")),
            Text(plain(_what(each, lang))),
            Text(plain(_where(each, lang)), QUIET),
        )
    if len(found) > limit:
        table.add_row("", "", Text(word("more", lang).format(count=len(found) - limit), QUIET))
    return table


def _state(each: CardContact, lang: Lang) -> str:
    if each.what == "message":
        return state_of(each.state, each.connection, lang)
    if each.what == "consent":
        return said(each.state, lang)
    lifted = each.state == "lifted"
    return told("contacts.lifted", lang) if lifted else said(f"stops.{each.state}", lang)


def _what(each: CardContact, lang: Lang) -> str:
    """What was sent or said, and why it stands so."""
    evidence = told(f"evidence.{each.evidence}", lang) if each.evidence else None
    about = each.template or (scope(each.purpose, each.topic, lang) if each.purpose else None)
    why = sentence(each.rule, each.reason, lang) if each.reason else None
    return " · ".join(part for part in (about, evidence, why) if part)


def _where(each: CardContact, lang: Lang) -> str:
    number = f"#{each.message_id}" if each.message_id else None
    actor = each.actor or ""
    who = actor.removeprefix(STAFF) if actor.startswith(STAFF) else None
    kind = said(each.contact, lang)
    return " · ".join(part for part in (kind, each.connection, number, who) if part)
