"""
docs/explanation/offers.md tells the truth: what it shows is what comes out.

`TOKUI_WRITE_EXAMPLES=1 pytest plugins/points/tests/test_points_offers_page.py` writes it anew.
"""

import os
import re
import tomllib
from pathlib import Path

import pytest
from rich.console import Console
from tokui.model import PartialDate
from tokui_points.cli.shown import benefits
from tokui_points.facts import Person
from tokui_points.offers import door
from tokui_points.offers.audience import Facts
from tokui_points.offers.basket import Basket
from tokui_points.offers.earning import earnings
from tokui_points.offers.now import benefits_now
from tokui_points.settings import PointsSettings
from tokui_points.story import play

PAGE = Path(__file__).parents[3] / "docs/explanation/offers.md"


def block(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0]


@pytest.fixture
def told(made):
    """What is said of the page's basket."""
    settings = PointsSettings.model_validate(tomllib.loads(block("toml"))["plugins"]["points"])
    basket = Basket.model_validate_json(block("json"))
    now, bought = made.on("2026-11-26"), made.bought("2026-05-10", 120_000)
    story = play(settings.programmes["club"], Person("1", (bought,)), now)
    club = settings.programmes["club"]
    facts = Facts(
        tiers={"club": story.tier},
        joined={"club": made.on("2026-05-10").date()},
        birthday=PartialDate(month=11, day=3),
        called={"club": {tier.name: club.called(tier.name) for tier in club.tiers}},
    )
    found = benefits_now(settings.offers, facts, basket, now, door.worth(settings))
    earned = earnings({"club": story}, basket, found.applied, now)
    return found.model_copy(update={"earns": tuple(earned)})


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_shows_what_is_said_of_its_basket(told, lang):
    console = Console(record=True, width=100, file=open(os.devnull, "w"), color_system=None)  # noqa: SIM115, PTH123
    with console.file:
        console.print(benefits(told, "JPY", lang))
    shown = "".join(f"{line.rstrip()}\n" for line in console.export_text().splitlines())

    text = PAGE.read_text("utf-8")
    part = re.compile(rf"(<!-- {lang} -->\n```text\n)(.*?)(```)", re.DOTALL)
    if os.environ.get("TOKUI_WRITE_EXAMPLES"):
        PAGE.write_text(part.sub(lambda found: found[1] + shown + found[3], text), "utf-8")
    else:
        found = part.search(text)
        assert found
        assert found[2] == shown
