"""The processes that follow the change feed with a points programme: killed, or several at a time."""

import importlib
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path

from club import CLUB
from tokui import failpoint
from tokui.config import read
from tokui.connector import Change, Transfer
from tokui.hooks import View
from tokui.hub import Hub
from tokui.identity.rules import Trust
from tokui.identity.view import snapshot
from tokui.store.engine import Store
from tokui.sync import follow
from tokui.sync.earn import followers
from tokui_points.hooks import Points

TRUST = Trust({}, {("shop", "member_no"): "card"})
PRELOADED = (snapshot, Points)
"""Imported before a child is born, so that none of them spends its life on it."""


def club(folder: Path) -> Hub:
    """A hub with the programme, and no connection that could be read."""
    file = folder / "tokui.toml"
    file.write_text(CLUB, encoding="utf-8")
    return Hub.load(read(file), connections=())


def catch_up(url: str, folder: Path, dies_at: str = "") -> None:
    """Follow to the end of the feed, in small steps and portions."""
    os.environ["TOKUI_FAILPOINT"] = dies_at
    importlib.reload(failpoint)
    (follower,) = _followers(url, folder)
    follower.start()
    follower.finish(60)
    os._exit(1 if follower.failure else 0)


def keep_up(url: str, folder: Path, over: Path) -> None:
    """Follow until the file `over` is there, then to the end."""
    follow.POLL_S = 0.002
    (follower,) = _followers(url, folder)
    follower.hear = _dawdling(follower.hear)
    follower.start()
    while not over.exists():
        time.sleep(0.01)
    follower.finish(60)
    os._exit(1 if follower.failure else 0)


def _dawdling(hear: follow.Hear) -> follow.Hear:
    """Takes its time before what it made of a snapshot is posted, now and then."""
    rng = random.Random(os.getpid())

    def heard(changes: Sequence[Change], view: View) -> Sequence[Transfer] | None:
        owed = hear(changes, view)
        time.sleep(rng.choice([0, 0, 0.05]))
        return owed

    return heard


def _followers(url: str, folder: Path) -> list[follow.Follower]:
    follow.BATCH, follow.PORTION = 8, 5
    hears = followers(club(folder)).items()
    return [follow.Follower(Store.open(url), name, hear, TRUST) for name, hear in hears]
