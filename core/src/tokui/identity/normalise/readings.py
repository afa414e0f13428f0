"""
How names are read, and how many people have them.

The tables are made by `core/tools/build_name_tables.py`. They stay one text each, searched by
bisection: a dictionary of 70,000 names would take ten times the memory and the time to load.
"""

import gzip
from functools import cache, lru_cache
from importlib.resources import files

from tokui.identity.normalise.kanji import fold_kana, fold_kanji

PEOPLE = 125_000_000
"""Of the country whose names these are; the table counts in absolute numbers."""

UNKNOWN_SHARE = 5e-6
"""Of people with a family name that the table does not hold."""

MAX_READINGS = 4


@cache
def _table(name: str) -> str:
    packed = (files(__package__) / f"data/{name}.tsv.gz").read_bytes()
    return "\n" + gzip.decompress(packed).decode()


@lru_cache(maxsize=8192)
def _row(table: str, key: str) -> list[str] | None:
    """What stands after the key on its line."""
    text, wanted = _table(table), key + "\t"
    low, high = 0, len(text) - 1
    while low < high:
        start = text.rfind("\n", low, (low + high) // 2 + 1)
        end = text.find("\n", start + 1)
        if text.startswith(wanted, start + 1):
            return text[start + 1 + len(wanted) : end].split("\t")
        if text[start + 1 : end] < wanted:
            low = end
        else:
            high = start
    return None


def fold(text: str) -> str:
    """A written name as the tables hold it: common kanji, hiragana, lower case, no blanks."""
    plain = "".join(fold_kanji(text).lower().split())
    return plain if plain.isascii() else fold_kana(fold_kanji(plain))


def given_readings(written: str) -> tuple[str, ...]:
    """Readings of a folded given name, the likeliest first; empty when it is not in the table."""
    row = _row("given", written)
    return tuple(row[0].split(" ")[:MAX_READINGS]) if row else ()


def family_readings(written: str) -> tuple[str, ...]:
    """Readings of a folded family name, the commonest first; empty when it is not in the table."""
    row = _row("family", written)
    return tuple(row[1].split(" ")[:MAX_READINGS]) if row else ()


def family_share(written: str) -> float | None:
    """Share of people with this folded family name; None when it is not in the table."""
    row = _row("family", written)
    return (int(row[0]) / PEOPLE or UNKNOWN_SHARE) if row else None


def sounds_family(sound: str) -> float:
    """Share of people whose family name sounds so; 0 when the table knows none."""
    row = _row("sounds", sound)
    return int(row[0]) * 1000 / PEOPLE if row else 0.0


def sounds_given(sound: str) -> int:
    """In how many ways a given name of this sound is written; 0 when the table knows none."""
    row = _row("sounds", sound)
    return int(row[1]) if row else 0
