"""Playing a draw: paid once, drawn once, and proved by what is published."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from hashlib import sha256

import pytest
from tokui.connector import Earn, Member
from tokui.errors import ConfigError, NotEnough, PolicyRefusal
from tokui.store import chains
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui_contracts.context import NOON
from tokui_points.gacha import publication
from tokui_points.gacha.claims import Player
from tokui_points.gacha.game import Game
from tokui_points.gacha.playing import begin, end, play
from tokui_points.gacha.terms import Draw

MORI = Member("club", "2900123456783")
DAY = NOON.date()
PRIZES = [
    {"name": "bag", "odds": "1/10", "stock": 2, "title": {"ja": "鞄"}},
    {"name": "towel", "odds": "3/10", "stock": 20},
    {"name": "thanks", "odds": "6/10"},
]
POINTS = {"kind": "points", "programme": "club", "points": 10}
PURCHASE = {"kind": "purchase", "connections": ["shop"], "for_each": 3_000}


class Fair:
    """A draw that is open, and a clock."""

    def __init__(self, store_url, folder):
        self.now = NOON
        self.store = Store.open(store_url, lambda: self.now)
        self.books, self.folder = Books(self.store), folder

    def game(self, **more):
        draw = Draw.model_validate(
            {
                "since": DAY,
                "until": DAY + timedelta(days=30),
                "secret_file": self.folder / "spring.secret",
                "cost": POINTS,
                "prizes": PRIZES,
                **more,
            }
        )
        return Game("spring", draw, self.store)

    def open(self, **more):
        game = self.game(**more)
        begin(game, bytes(range(64)), "staff:Mori")
        return game

    def lines(self):
        with self.store.read() as tx:
            return list(chains.lines(tx, "draw.spring"))

    def publish(self):
        return publication.write(self.lines(), self.folder / "public", "spring")


@pytest.fixture
def fair(store_url, tmp_path):
    made = Fair(store_url, tmp_path)
    made.books.post(Earn("opening", MORI, 1_000, "opening"))
    yield made
    assert made.books.check() == []
    made.store.close()


def player(*ids, member=MORI, **more):
    return Player([("shop", each) for each in ids or ("c1",)], member, **more)


def test_a_draw_takes_points_and_a_prize_and_is_written_down(fair):
    game = fair.open()

    made = play(game, player(), "k1", "staff:Mori")

    assert fair.books.balance(MORI).points == 990
    assert [each.body["kind"] for each in fair.lines()] == ["open", "draw"]
    left = fair.books.sums("draw.spring.stock")
    assert left.spent == (made.body["prize"] != "thanks")


def test_the_same_key_is_the_same_draw(fair):
    game = fair.open()

    first = play(game, player(), "k1", "staff:Mori")
    for n in range(3):
        play(game, player(), f"other{n}", "staff:Mori")

    assert play(game, player(), "k1", "staff:Sato") == first
    assert fair.books.balance(MORI).points == 960
    with pytest.raises(PolicyRefusal, match="somebody else"):
        play(game, player("c2"), "k1", "staff:Mori")


def test_who_cannot_pay_draws_nothing(fair):
    game = fair.open(cost={**POINTS, "points": 600})
    play(game, player(), "k1", "staff:Mori")

    with pytest.raises(NotEnough):
        play(game, player(), "k2", "staff:Mori")

    assert len(fair.lines()) == 2
    assert fair.books.balance(MORI).points == 400


def test_records_that_were_joined_have_the_draws_of_one_person(fair):
    game = fair.open(per_person=3)
    for n, who in enumerate(["c1", "c1", "c2"]):
        play(game, player(who), f"k{n}", "staff:Mori")

    with pytest.raises(PolicyRefusal, match="all 3 draws"):
        play(game, player("c2", "c1"), "k9", "staff:Mori")
    play(game, player("c2"), "apart again", "staff:Mori")


def test_a_daily_draw_is_there_again_the_next_day_of_the_shop(fair):
    game = fair.open(cost={"kind": "daily"})
    play(game, player(), "k1", "staff:Mori")
    with pytest.raises(PolicyRefusal, match="nothing gives them a draw"):
        play(game, player("c0", "c1"), "k2", "staff:Mori")

    fair.now += timedelta(days=1)

    assert play(game, player(), "k2", "staff:Mori").body["n"] == 2


def test_an_order_gives_a_draw_for_each_amount_that_was_kept(fair, made):
    game = fair.open(cost=PURCHASE)
    order = made.bought(DAY.isoformat(), 7_000)
    early = made.bought("2025-01-01", 9_000)
    back = made.returned(DAY.isoformat(), order, 3_500)
    play(game, player(purchases=[order, early]), "k1", "staff:Mori")

    with pytest.raises(PolicyRefusal, match="nothing gives them a draw"):
        play(game, player(purchases=[order, early, back]), "k2", "staff:Mori")
    play(game, player(purchases=[order, early]), "k2", "staff:Mori")
    with pytest.raises(PolicyRefusal, match="nothing gives them a draw"):
        play(game, player("c2", purchases=[order]), "k3", "staff:Mori")


@pytest.mark.parametrize("instead", ["thanks", None])
def test_what_is_gone_is_replaced_by_the_rule_that_was_published(fair, instead):
    prizes = [{**PRIZES[0], "odds": "99/100"}, {"name": "thanks", "odds": "1/100"}]
    game = fair.open(prizes=prizes, instead=instead)

    won = [play(game, player(), f"k{n}", "staff:Mori").body["prize"] for n in range(6)]

    assert won == ["bag", "bag", *["thanks"] * 4]


def test_where_nothing_is_left_nothing_is_paid(fair):
    game = fair.open(prizes=[{"name": "bag", "odds": "1/1", "stock": 1}])
    play(game, player(), "k1", "staff:Mori")

    with pytest.raises(PolicyRefusal, match="no prize is left"):
        play(game, player(), "k2", "staff:Mori")
    assert fair.books.balance(MORI).points == 990


def test_nobody_draws_before_it_is_open_out_of_its_days_or_after_its_end(fair):
    game = fair.game()
    with pytest.raises(PolicyRefusal, match="not open yet"):
        play(game, player(), "k", "staff:Mori")

    fair.open()
    fair.now += timedelta(days=31)
    with pytest.raises(PolicyRefusal, match="it is on from"):
        play(game, player(), "k", "staff:Mori")
    assert end(game, "staff:Mori") == end(game, "staff:Sato")
    with pytest.raises(PolicyRefusal, match="closed"):
        play(game, player(), "k", "staff:Mori")


def test_rules_and_secret_cannot_change_once_it_is_open(fair):
    game = fair.open()
    softer = [{**PRIZES[0], "odds": "2/10"}, {**PRIZES[1], "odds": "2/10"}, PRIZES[2]]
    with pytest.raises(ConfigError, match="rules have changed"):
        play(fair.game(prizes=softer), player(), "k", "staff:Mori")

    game.draw.secret_file.write_text("00" * 32 + "\n" + "11" * 32 + "\n")
    with pytest.raises(ConfigError, match="secret is not the one"):
        play(game, player(), "k", "staff:Mori")


def test_the_secret_is_for_its_owner_only_and_opening_again_makes_no_other(fair):
    game = fair.open()
    first = fair.lines()

    assert game.draw.secret_file.stat().st_mode & 0o777 == 0o600
    begin(game, bytes(64), "staff:Sato")
    assert fair.lines() == first


# --- what is published ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(sqlite_template, tmp_path_factory):
    """The lines of a draw that is over, and the hashes that people were told."""
    folder = tmp_path_factory.mktemp("published")
    shutil.copy(sqlite_template, folder / "tokui.sqlite3")
    fair = Fair(f"sqlite:///{folder}/tokui.sqlite3", folder)
    fair.books.post(Earn("opening", MORI, 1_000, "opening"))
    game = fair.open(instead="thanks")
    told = [line.hash for line in fair.lines()]
    told += [play(game, player(f"c{n % 5}"), f"k{n}", "staff:Mori").hash for n in range(40)]
    end(game, "staff:Mori")
    file = fair.publish()
    fair.store.close()
    return file, told


def verified(file, *told):
    command = [sys.executable, "-I", publication.VERIFIER, file, *told]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def forged(lines):
    """Seal changed lines anew, as the shop itself could."""
    seal = ""
    for n, line in enumerate(lines):
        line["entry"]["n"] = n
        text = json.dumps(line["entry"], sort_keys=True, separators=(",", ":"))
        seal = line["hash"] = sha256((seal + text).encode()).hexdigest()


def odds(lines):
    tickets = [each["tickets"] for each in lines[0]["entry"]["rules"]["prizes"]]
    lines[0]["entry"]["rules"]["prizes"][0]["tickets"] = tickets[0] + 1


def left_out(lines):
    del lines[next(n for n, line in enumerate(lines) if line["entry"].get("prize") == "towel")]


def outcome(lines):
    lines[7]["entry"]["prize"] = "bag" if lines[7]["entry"]["prize"] != "bag" else "thanks"


def seed(lines):
    lines[-1]["entry"]["seed"] = "ab" * 32


def order(lines):
    prizes = [line["entry"].get("prize") for line in lines]
    one, other = prizes.index("towel"), prizes.index("thanks")
    lines[one], lines[other] = lines[other], lines[one]


def player_changed(lines):
    lines[3]["entry"]["who"] = lines[4]["entry"]["who"]


def test_a_publication_is_proved_by_what_is_published_alone(published):
    file, told = published

    assert verified(file).stdout == "40 draws are as the rules and the seed say\n"
    assert verified(file, *told).returncode == 0


@pytest.mark.parametrize("tamper", [odds, left_out, outcome, seed, order, player_changed])
@pytest.mark.parametrize("by", ["anybody", "the shop"])
def test_the_verifier_refuses_what_was_tampered_with(published, tmp_path, tamper, by):
    file, told = tmp_path / "spring.jsonl", published[1]
    lines = [json.loads(line) for line in published[0].read_text("utf-8").splitlines()]
    tamper(lines)
    if by == "the shop":
        forged(lines)
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")

    refused = verified(file, *told if by == "the shop" else ())
    assert refused.returncode == 1
    assert refused.stderr.startswith("refused: ")


def test_what_is_published_says_nothing_of_anybody(published):
    text = published[0].read_text("utf-8")
    draws = [json.loads(line)["entry"] for line in text.splitlines()[1:-1]]

    assert not [word for word in (MORI.member_no, "shop", "Mori", "staff") if word in text]
    assert {*map(tuple, draws)} == {("day", "key", "kind", "n", "paid", "prize", "who")}
    assert {len(each["who"]) for each in draws} == {16}
