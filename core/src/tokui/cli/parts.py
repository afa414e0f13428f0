"""What the sections of a card are made of."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from tokui.cli.words import Lang, word
from tokui.model import Money, PersonName

BIRTHDAY, QUIET, HEAD, MONEY = "bold red", "dim", "bold blue", "bold"


def section(title: str, lang: Lang, *columns: str) -> Table:
    """Start a section; a column is named by a word's key, or has no head."""
    table = Table(
        title=Text(word(title, lang), HEAD),
        title_justify="left",
        box=None,
        show_header=any(columns),
        header_style=QUIET,
        padding=(0, 2, 0, 0),
        pad_edge=False,
    )
    for column in columns:
        table.add_column(word(column, lang) if column else "", overflow="fold")
    return table


def nothing(title: str, lang: Lang) -> Text:
    """A section that has nothing to show."""
    return Text.assemble((word(title, lang), HEAD), "\n", (word("none", lang), QUIET))


def amount(money: Money) -> str:
    """As shops write it."""
    return f"¥{money.amount_minor:,}" if money.currency == "JPY" else str(money)


def day(moment: datetime | None, tz: ZoneInfo) -> str:
    """The shop's day of a moment."""
    return moment.astimezone(tz).date().isoformat() if moment else "–"


def named(name: PersonName) -> str:
    """The name with its reading."""
    return f"{name} ({name.kana})" if str(name) and name.kana else str(name) or name.kana
