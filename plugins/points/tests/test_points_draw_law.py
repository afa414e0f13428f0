"""A draw for those who buy is held to the limits of 景品表示法, in both languages."""

import pytest
from tokui_points.gacha import law
from tokui_points.gacha.terms import Draw


def linked(for_each=1_000, value=20_000, stock=3, thanks=None, **more):
    return Draw.model_validate(
        {
            "since": "2026-11-01",
            "until": "2026-12-31",
            "secret_file": "spring.secret",
            "cost": {"kind": "purchase", "connections": ["shop"], "for_each": for_each},
            "prizes": [
                {"name": "bag", "odds": "1%", "stock": stock, "value_minor": value},
                {"name": "thanks", "odds": "99%", "value_minor": 5, "stock": thanks},
            ],
            "sales_minor": 10_000_000,
            **more,
        }
    )


@pytest.mark.parametrize(
    ("for_each", "joint", "most"),
    [
        (1, False, 20),
        (4_999, False, 99_980),
        (5_000, False, 100_000),
        (50_000, False, 100_000),
        (100, True, 300_000),
    ],
)
def test_a_prize_may_be_worth_what_the_notice_says(for_each, joint, most):
    draw = linked(for_each, most, stock=0, thanks=0, joint=joint)
    dearer = linked(for_each, most + 1, stock=0, thanks=0, joint=joint)

    assert law.dearest(draw) == most
    assert {each.level for each in law.findings(draw, "en")} == {"ok"}
    assert "problem" in {each.level for each in law.findings(dearer, "en")}


def test_all_prizes_together_keep_their_share_of_the_sales():
    """10,000 draws at most: ¥50,000 of thanks, and 7 bags of ¥20,000 are within 2 % of ¥10,000,000."""
    assert law.worth(linked(stock=7), 10_000_000) == 190_000
    levels = [[each.level for each in law.findings(linked(stock=n), "ja")] for n in (7, 8)]

    assert levels == [["ok", "ok", "ok"], ["ok", "problem", "ok"]]
    assert {each.level for each in law.findings(linked(stock=12, joint=True), "ja")} == {"ok"}


def test_what_cannot_be_computed_is_said():
    missing = linked(value=0, sales_minor=None)
    daily = linked(cost={"kind": "daily"})

    assert [each.level for each in law.findings(missing, "en")] == [
        "warning",
        "ok",
        "warning",
        "ok",
    ]
    assert [each.level for each in law.findings(daily, "en")] == ["warning"]
    assert law.duty(daily, "en") == []


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_duty_is_printed_with_its_source(lang):
    said = "\n".join(law.duty(linked(), lang))

    assert "20,000" in said
    assert "2%" in said.replace(" ", "")
    assert "コンプガチャ" in said
    assert "消費者庁" in said
