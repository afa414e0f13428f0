"""The card's section of offers: what the person can use today."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from tokui.cli.output import plain
from tokui.cli.parts import MONEY, QUIET, section
from tokui.cli.words import Lang
from tokui.connector.programme import OpenOffer, Said


def offers(open_: Sequence[OpenOffer], lang: Lang) -> RenderableType:
    """One line for each."""
    table = section("offers", lang, "", "", "", "offers.until", "offers.left", "")
    for each in open_:
        table.add_row(
            Text(_in(each.title, lang)),
            Text(_in(each.benefit, lang), MONEY),
            Text(_in(each.reason, lang), QUIET),
            Text(str(each.until or "")),
            Text("" if each.left is None else f"{each.left:,}"),
            Text(each.name, QUIET),
        )
    return table


def _in(said: Said, lang: Lang) -> str:
    return plain(said.in_language(lang))
