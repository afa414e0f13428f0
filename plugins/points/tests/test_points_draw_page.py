"""
docs/explanation/draws.md tells the truth: its draw, its lines and its verifier.

`TOKUI_WRITE_EXAMPLES=1 pytest plugins/points/tests/test_points_draw_page.py` writes them anew.
"""

import os
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from tokui.connector import Earn, Member
from tokui.store import chains
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui_contracts.context import NOON
from tokui_points.gacha import publication
from tokui_points.gacha.claims import Player
from tokui_points.gacha.game import Game
from tokui_points.gacha.playing import begin, end, play
from tokui_points.gacha.terms import Draw

PAGE = Path(__file__).parents[3] / "docs/explanation/draws.md"
MORI = Member("club", "2900123456783")
LONGEST = 30
"""Lines of the verifier."""


def hold(name, language, told):
    """Hold the page's block of that name to what is told."""
    text = PAGE.read_text("utf-8")
    block = re.compile(rf"(<!-- {name} -->\n```{language}\n)(.*?)(```)", re.DOTALL)
    if os.environ.get("TOKUI_WRITE_EXAMPLES"):
        PAGE.write_text(block.sub(lambda found: found[1] + told + found[3], text), "utf-8")
    else:
        found = block.search(text)
        assert found
        assert found[2] == told


@pytest.fixture
def game(sqlite_template, tmp_path):
    """The page's draw."""
    block = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0]
    settings = tomllib.loads(block)["plugins"]["points"]["draws"]["spring"]
    shutil.copy(sqlite_template, tmp_path / "tokui.sqlite3")
    store = Store.open(f"sqlite:///{tmp_path}/tokui.sqlite3", lambda: NOON)
    secret = tmp_path / "spring.secret"
    yield Game("spring", Draw.model_validate({**settings, "secret_file": secret}), store)
    store.close()


def test_the_page_shows_what_is_published(game):
    Books(game.store).post(Earn("opening", MORI, 10, "opening"))
    begin(game, bytes(range(64)), "staff:Mori")
    play(game, Player([("shop", "c1")], MORI), "k1", "staff:Mori")
    end(game, "staff:Mori")

    with game.store.read() as tx:
        lines = [publication.line(line) for line in chains.lines(tx, game.chain)]
    hold("lines", "text", "".join(f"{line}\n" for line in lines))


def test_the_page_shows_the_verifier_and_it_is_short():
    code = publication.VERIFIER.read_text("utf-8")

    assert code.count("\n") <= LONGEST
    hold("verifier", "python", code)
