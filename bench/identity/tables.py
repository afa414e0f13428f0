"""
Names and towns to draw from.

A folder holds `family.csv` (written, hiragana, Latin, people), `given.csv` (m or f, hiragana,
Latin, spellings by `|`) and `towns.csv` (postal code, prefecture, city, town, reading, 1 where
blocks have a 丁目). Without a folder, names are those of the distribution
japanese-personal-name-dataset and towns those of `tokui_contracts.town`.
"""

import csv
from collections.abc import Iterator, Sequence
from importlib import resources
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple


class Family(NamedTuple):
    """A family name."""

    written: str
    kana: str
    latin: str
    people: int


class Given(NamedTuple):
    """A reading, with all its spellings."""

    kana: str
    latin: str
    spellings: Sequence[str]


class Town(NamedTuple):
    """A place with a postal code; `blocks` where it is divided into 丁目."""

    postal: str
    prefecture: str
    city: str
    town: str
    blocks: bool


class Tables(NamedTuple):
    """All there is to draw from; `weights` are the families' cumulated people."""

    families: Sequence[Family]
    weights: Sequence[int]
    given: dict[str, Sequence[Given]]
    towns: Sequence[Town]


def load(folder: Path | None) -> Tables:
    """Read the tables of a folder, or the ones that are installed."""
    given: dict[str, Sequence[Given]]
    if folder:
        families = [Family(a, b, c, int(d)) for a, b, c, d in _rows(folder / "family.csv")]
        rows = list(_rows(folder / "given.csv"))
        given = {sex: [_given(*row[1:]) for row in rows if row[0] == sex] for sex in "mf"}
        towns = [Town(p, q, r, s, t == "1") for p, q, r, s, _, t in _rows(folder / "towns.csv")]
    else:
        families, given, towns = _installed_families(), _installed_given(), _installed_towns()
    return Tables(families, list(accumulate(each.people for each in families)), given, towns)


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def _given(kana: str, latin: str, spellings: str) -> Given:
    return Given(kana, latin, spellings.split("|"))


def _dataset(name: str) -> Iterator[list[str]]:
    file = resources.files("japanese_personal_name_dataset") / "dataset" / name
    yield from csv.reader(file.read_text(encoding="utf-8").splitlines())


def _installed_families() -> list[Family]:
    return [
        Family(written, kana, latin, int(people))
        for written, people, kana, latin in _dataset("last_name_org.csv")
    ]


def _installed_given() -> dict[str, Sequence[Given]]:
    files = {"m": "first_name_man_opti.csv", "f": "first_name_woman_opti.csv"}
    return {
        sex: [Given(row[0], row[1], row[2:]) for row in _dataset(name)]
        for sex, name in files.items()
    }


def _installed_towns() -> list[Town]:
    from tokui_contracts.town.places import QUARTERS

    return [Town(q.postal, q.prefecture, q.city, q.street, True) for q in QUARTERS]
