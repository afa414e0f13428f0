"""The processes that play a draw: a crowd at one wheel, and one that is killed."""

import importlib
import os
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from tokui import failpoint
from tokui.connector import Earn, Member
from tokui.errors import PolicyRefusal
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui_contracts.context import NOON
from tokui_points.gacha.claims import Player
from tokui_points.gacha.game import Game
from tokui_points.gacha.playing import begin, end, play
from tokui_points.gacha.terms import Draw

PROCESSES, TRIES = 8, 6
FUNDS, STOCK = 33, 4
MORI = Member("club", "1")


def game(store: Store, folder: Path) -> Game:
    """The draw."""
    day = NOON.date()
    draw = Draw.model_validate(
        {
            "since": day,
            "until": day + timedelta(days=1),
            "secret_file": folder / "spring.secret",
            "cost": {"kind": "points", "programme": "club", "points": 1},
            "per_person": FUNDS,
            "prizes": [
                {"name": "bag", "odds": "1/2", "stock": STOCK},
                {"name": "thanks", "odds": "1/2"},
            ],
        }
    )
    return Game("spring", draw, store)


def prepare(of: Game) -> None:
    """Open it, and give the member points."""
    Books(of.store).post(Earn("funds", MORI, FUNDS, "opening"))
    begin(of, bytes(range(64)), "staff:Mori")


def storm(url: str, folder: Path, place: int, line: Barrier, tell: Connection) -> None:
    """One of the crowd: it draws, and asks again for what its neighbour asks for at that moment."""
    mine = game(Store.open(url, lambda: NOON), folder)
    line.wait()
    told = []
    for nth in range(TRIES):
        for seat in (place, (place + 1) % PROCESSES):
            key = f"{seat}:{nth}"
            told.append((key, _try(mine, key)))
    tell.send(told)


def _try(mine: Game, key: str) -> str | None:
    try:
        return play(mine, Player([("shop", "c1")], MORI), key, "staff:Mori").hash
    except PolicyRefusal:
        return None


def live(url: str, folder: Path, dies_at: str = "") -> None:
    """Live through a draw from its opening to its end, however much of it is written already."""
    os.environ["TOKUI_FAILPOINT"] = dies_at
    importlib.reload(failpoint)
    mine = game(Store.open(url, lambda: NOON), folder)
    prepare(mine)
    for n in range(3):
        _try(mine, f"k{n}")
    end(mine, "staff:Mori")
    os._exit(0)
