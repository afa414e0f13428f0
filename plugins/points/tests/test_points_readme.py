"""The README lists every setting as it is; `TOKUI_WRITE_EXAMPLES=1` writes the tables anew."""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel
from tokui_points.asking import Asking
from tokui_points.gacha.terms import Cost, Draw, Prize
from tokui_points.offers.settings import Benefit, Birthday, Offer
from tokui_points.rules import Rule
from tokui_points.settings import PointsSettings, Programme
from tokui_points.terms import Basis, Expiry, Reach, Tier, Window
from tokui_points.voucherify.settings import VoucherifySettings

README = Path(__file__).parents[1] / "README.md"
TABLES = {
    "[plugins.points]": PointsSettings,
    "[plugins.points.programmes.NAME]": Programme,
    "[plugins.points.offers.NAME]": Offer,
    "[….benefit]": Benefit,
    "[….birthday]": Birthday,
    "[[….tiers]]": Tier,
    "[[….rules]]": Rule,
    "[….window]": Window,
    "[….expiry]": Expiry,
    "[….basis]": Basis,
    "[….reach]": Reach,
    "[….mirror]": Asking,
    '[connections.NAME] use = "voucherify"': VoucherifySettings,
    "[plugins.points.draws.NAME]": Draw,
    "[….cost]": Cost,
    "[[….prizes]]": Prize,
}


def row(model, name):
    field = model.model_fields[name]
    default = "required" if field.is_required() else shown(field.default)
    return f"| `{name}` | {default} | {field.description} |"


def shown(value):
    if value is None or value in ((), {}) or isinstance(value, BaseModel | tuple):
        return "none" if value in (None, (), {}) else "see below"
    if isinstance(value, str | Decimal):
        return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"
    return f"`{str(value).lower()}`"


@pytest.mark.parametrize("title", TABLES)
def test_the_readme_lists_every_setting_as_it_is(title):
    text = README.read_text("utf-8")
    part = re.compile(
        re.escape(f"### `{title}`\n\n") + r"(?:[^|#].*\n\n?)*((?:\|.*\n)+)", re.MULTILINE
    )
    head = "| setting | default | what it is |\n|---|---|---|\n"
    rows = (row(TABLES[title], name) for name in TABLES[title].model_fields)
    table = head + "".join(f"{each}\n" for each in rows)
    found = part.search(text)
    assert found
    if os.environ.get("TOKUI_WRITE_EXAMPLES"):
        README.write_text(text[: found.start(1)] + table + text[found.end(1) :], "utf-8")
    else:
        assert found[1] == table
