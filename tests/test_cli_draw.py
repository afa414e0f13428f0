"""A draw from its opening to its proof, at the command line."""

import json
import subprocess
import sys

import pytest
from club import CLUB, Club, member, order

DRAW = """
[plugins.points.draws.spring]
title = { ja = "春の福引", en = "Spring draw" }
since = 2026-01-01
until = 2099-12-31
secret_file = "secrets/spring.secret"
cost = { kind = "points", programme = "club", points = 10 }
per_person = 2
prizes = [
    { name = "bag", title = { ja = "鞄", en = "Bag" }, odds = "0.5%", stock = 3, value_minor = 30000 },
    { name = "thanks", odds = "99.5%", value_minor = 10 },
]
"""
LINKED = DRAW.replace(
    'kind = "points", programme = "club", points = 10',
    'kind = "purchase", connections = ["shop"], for_each = 1000',
)


@pytest.fixture
def club(shop):
    shop.configure(CLUB + DRAW)
    made = Club(shop)
    made.write("shop", member(), order(1, 10_000))
    shop.run("points", "earn")
    yield made
    made.store.close()


def test_a_draw_is_opened_played_closed_published_and_proved(club):
    run, told = club.shop.json, []
    told.append(run("draw", "open", "spring", "--as", "Mori")["hash"])
    first = run("draw", "play", "spring", "0001", "--as", "Mori", "--key", "k1")
    again = run("draw", "play", "spring", "0001", "--as", "Mori", "--key", "k1")
    run("draw", "close", "spring", "--as", "Mori")
    file = run("draw", "publish", "spring", "public")["file"]

    assert first == again
    assert club.points() == 90
    command = [sys.executable, "public/verify_draw.py", file, *told, first["hash"]]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert run("draw", "check", "spring")["findings"][-1]["level"] == "ok"
    assert (club.shop.folder / "secrets" / "spring.secret").stat().st_mode & 0o777 == 0o600


def test_a_draw_beyond_what_one_person_may_is_refused_by_a_rule(club):
    club.shop.run("draw", "open", "spring", "--as", "Mori")
    for _ in range(2):
        club.shop.run("draw", "play", "spring", "0001", "--as", "Mori")

    refused = club.shop.run("draw", "play", "spring", "0001", "--as", "Mori", code=7)
    assert "all 2 draws that one person may" in refused.output
    assert club.points() == 80


def test_staff_see_odds_and_what_is_left_in_their_language(club):
    club.shop.run("draw", "open", "spring", "--as", "Mori")

    words = {"ja": ("春の福引: 実施中", "鞄", "0.5%"), "en": ("Spring draw: open", "Bag", "0.5%")}
    for lang, wanted in words.items():
        shown = club.shop.run("draw", "show", "spring", "--lang", lang).output
        assert [word for word in wanted if word not in shown] == []


def test_a_draw_for_those_who_buy_prints_its_duty_and_is_held_to_it(club):
    club.shop.configure(CLUB + LINKED)

    opened = club.shop.run("draw", "open", "spring", "--as", "Mori", "--lang", "ja").output
    assert "最高額は20,000円" in opened
    assert "コンプガチャ" in opened
    checked = club.shop.run("draw", "check", "spring", "--lang", "en", code=8).output
    assert "Bag is worth ¥30,000, more than ¥20,000" in checked
    assert "the sales expected are not stated" in checked
    club.shop.run("draw", "play", "spring", "0001", "--as", "Mori")


def test_a_draw_that_nobody_configured_is_a_mistake_of_usage(club):
    refused = club.shop.run("draw", "show", "autumn", code=2)

    assert "NAME is one of spring" in refused.output
    assert json.loads(club.shop.run("draw", "show", "spring", "--json").stdout)["state"] == "fresh"


def test_a_shop_without_draws_is_told_where_to_write_one(club):
    club.shop.configure(CLUB)

    refused = club.shop.run("draw", "show", "spring", code=2)

    assert "There is no draw; add [plugins.points.draws.NAME]" in refused.output
