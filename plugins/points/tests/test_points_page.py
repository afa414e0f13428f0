"""
docs/explanation/programmes.md tells the truth: its story, its table and its picture are what comes out.

`TOKUI_WRITE_EXAMPLES=1 pytest plugins/points/tests/test_points_page.py` writes them anew.
"""

import os
import random
import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from tokui.model import LineRef, OrderLine
from tokui_points import outlook
from tokui_points.cli.simulate import summary
from tokui_points.facts import Person
from tokui_points.offers.basket import Basket, BasketLine
from tokui_points.offers.earning import earning
from tokui_points.plot import draw
from tokui_points.settings import PointsSettings
from tokui_points.simulate import differences, simulate

PAGE = Path(__file__).parents[3] / "docs/explanation/programmes.md"
WINDOW = date(2025, 11, 1), date(2026, 10, 31)


def toml(number):
    block = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[number]
    read = tomllib.loads(block)
    settings = read["plugins"]["points"] if "plugins" in read else read
    return PointsSettings.model_validate(settings).programmes["club"]


def hold(name, told):
    """Hold the page's block of that name to what is told."""
    text = PAGE.read_text("utf-8")
    block = re.compile(rf"(<!-- {name} -->\n```text\n)(.*?)(```)", re.DOTALL)
    if os.environ.get("TOKUI_WRITE_EXAMPLES"):
        PAGE.write_text(block.sub(lambda found: found[1] + told + found[3], text), "utf-8")
    else:
        found = block.search(text)
        assert found
        assert found[2] == told


def test_the_story_of_a_rank(made):
    shirts = made.bought("2026-06-20", made.line(19_800, 3), name="shirts")
    facts = [
        made.bought("2025-05-10", 120_000),
        made.bought("2025-10-01", 200_000),
        made.bought("2026-01-20", 50_000),
        shirts,
        made.returned("2026-07-01", shirts, 19_800),
    ]
    story = made.story(toml(0), *facts, until="2026-11-26")
    drop = outlook.drop(story)
    basket = Basket(connection="shop", lines=(BasketLine(amount_minor=30_000),))
    ahead = earning("club", story, basket, (), made.on("2026-11-26"))

    told = [
        (each.day, 0, f"buys for ¥{each.base:,} as {each.tier}: +{each.points:,}")
        for each in story.earned
    ]
    told += [(e.day, 1, f"brings back ¥{e.base:,}: -{e.points:,}") for e in story.taken_back]
    told += [(e.day, 2, f"is {e.tier} ({e.why})") for e in story.steps]
    lines = [f"{day}  {what}" for day, _, what in sorted(told)]
    assert drop
    lines += [
        "",
        f"On 2026-11-26: {story.points:,} points, {story.tier}.",
        f"From {drop.day} on {drop.to}; said from {drop.notice} on.",
        f"¥{drop.keep.spend:,} more by {drop.keep.by} keeps {drop.tier}.",
        f"A purchase of ¥30,000 today brings {ahead.points:,} points.",
    ]
    assert [each.points for each in story.taken_back] == [594]
    assert (drop.tier, drop.to, drop.day) == ("gold", "regular", date(2027, 1, 1))
    hold("story", "".join(f"{line}\n" for line in lines))


@pytest.fixture(scope="module")
def town(made):
    """Four hundred people who buy over three years, some often and some seldom."""
    dice = random.Random(7)
    return [Person(f"{number}", tuple(_life(made, dice, number))) for number in range(400)]


def _life(made, dice, number):
    day, each = date(2023, 11, 1) + timedelta(days=dice.randrange(400)), dice.expovariate(1 / 60)
    while day < date(2026, 11, 1):
        name = f"{number}-{day}"
        amount = dice.randrange(20, 400) * 100
        yield made.bought(str(day), amount, name=name)
        if dice.random() < 0.07:
            back = OrderLine(
                line_id="1",
                quantity=-1,
                unit_price_minor=amount,
                returns_line=LineRef(order=name, line="1"),
            )
            later = str(day + timedelta(days=9))
            yield made.bought(later, back, name=f"{name}-r", kind="return")
        day += timedelta(days=1 + int(each) + dice.randrange(20))


def test_a_what_if_over_last_year(made, town, tmp_path):
    now, then = (simulate(toml(number), town, *WINDOW) for number in (0, 1))
    outcomes = [("as it is", now), ("what if", then)]

    console = Console(record=True, width=70, file=open(os.devnull, "w"), color_system=None)  # noqa: SIM115, PTH123
    with console.file:
        console.print(summary(outcomes))
        console.print(f"\n{len(differences(now, then))} would have another tier on the last day")
    table = "".join(f"{line.rstrip()}\n" for line in console.export_text().splitlines())

    assert then.points > now.points
    hold("what-if", table)
    pytest.importorskip("matplotlib")
    picture = PAGE.with_name("programmes.png")
    image = picture if os.environ.get("TOKUI_WRITE_EXAMPLES") else tmp_path / "points.png"
    draw(outcomes, image)
    assert image.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_what_if_of_the_same_programme_differs_in_nothing(made, town):
    one, other = (simulate(made.programme(), town, *WINDOW) for _ in range(2))

    assert differences(one, other) == []
    assert sum(each.earned for each in one.fates) == sum(each.earned for each in one.months)
    assert sum(one.members().values()) == len(town)
