"""What every rule says of a message, for staff."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from pydantic import JsonValue
from rich.table import Table
from rich.text import Text

from tokui.cli.message_words import told
from tokui.cli.output import plain, table
from tokui.cli.words import Lang
from tokui.outreach.allow import Answer
from tokui.outreach.sentences import held, sentence, until
from tokui.store.messages import Denied


def as_table(answers: Iterable[Answer], lang: Lang, zone: str) -> Table:
    """One line for each rule."""
    rows = table("", "", "")
    rows.show_header = False
    for rule, denied in answers:
        name, _, plugin = rule.partition(":")
        mark, style = _mark(denied)
        said = plain(spoken(denied, lang, zone)) if denied else ""
        head = " ".join(part for part in (told(f"allow.{name}", lang), plugin) if part)
        rows.add_row(plain(head), Text(told(mark, lang), style), said)
    return rows


def spoken(denied: Denied, lang: Lang, zone: str) -> str:
    """Why, and from when on it may go out."""
    said = sentence(denied.rule, denied.reason, lang)
    if denied.held:
        return f"{held(lang)} ({said})"
    if denied.until is None:
        return said
    at = denied.until.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    return f"{said} {until(at, lang)}"


def denied_data(denied: Denied | None, lang: Lang) -> JsonValue:
    """For `--json`."""
    if denied is None:
        return None
    return {
        "rule": denied.rule,
        "reason": denied.reason,
        "until": denied.until.isoformat() if denied.until else None,
        "held": denied.held,
        "says": sentence(denied.rule, denied.reason, lang),
    }


def as_data(answers: Iterable[Answer], lang: Lang) -> JsonValue:
    """For `--json`."""
    return [{"rule": rule, "denied": denied_data(denied, lang)} for rule, denied in answers]


def _mark(denied: Denied | None) -> tuple[str, str]:
    if denied is None:
        return "allow.ok", "green"
    return ("allow.waits", "yellow") if denied.until or denied.held else ("allow.no", "bold red")
