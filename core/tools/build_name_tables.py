"""
Make the tables of name readings from the japanese-personal-name-dataset (PyPI, MIT).

Run by hand, where that distribution and tokui are installed; the result is committed:

    python core/tools/build_name_tables.py

The data set orders readings by the alphabet. Here they are ordered by how often each kanji of the
name is read so in all names of the set, learnt by expectation maximisation over every way to
divide a reading among the kanji; readings of its list of common names get a bonus.
"""

import csv
import gzip
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from tokui.identity.normalise.kanji import fold_kana, fold_kanji
from tokui.identity.normalise.sounds import sound

HERE = Path(__file__).parent
OUT = HERE.parent / "src/tokui/identity/normalise/data"
DATASET = files("japanese_personal_name_dataset") / "dataset"
COMMON, ALL = ("man_opti", "woman_opti"), ("man_org", "woman_org")
COMMON_BONUS = math.log(4)
MOST_KANA = 6  # of one kanji
ROUNDS = 6

Pairs = dict[tuple[str, str], bool]  # (written, reading) → is in the list of common names
Chances = dict[str, Counter[str]]  # kanji → reading → how often


def rows(name: str) -> Iterator[list[str]]:
    """The lines of one file of the data set."""
    yield from csv.reader((DATASET / f"{name}.csv").read_text("utf-8").splitlines())


def given_pairs() -> Pairs:
    """Each spelling of a given name with each of its readings."""
    pairs: Pairs = {}
    for part in COMMON + ALL:
        for reading, _, *spellings in rows(f"first_name_{part}"):
            for spelling in spellings:
                pair = fold_kana(fold_kanji(spelling)), reading
                pairs[pair] = pairs.get(pair, False) or part in COMMON
    return pairs


def divisions(written: str, reading: str) -> Iterator[tuple[tuple[str, str], ...]]:
    """Every way to give each kanji a piece of the reading."""
    if len(written) == 1:
        yield ((written, reading),) if len(reading) <= MOST_KANA else ()
        return
    for end in range(1, min(MOST_KANA, len(reading) - len(written) + 1) + 1):
        for rest in divisions(written[1:], reading[end:]):
            if rest:
                yield ((written[0], reading[:end]), *rest)


def chance(division: tuple[tuple[str, str], ...], chances: Chances, totals: Counter[str]) -> float:
    """How likely one division is."""
    return math.prod(
        (chances[kanji][piece] + 0.05) / (totals[kanji] + 5) for kanji, piece in division
    )


def learn(pairs: Pairs) -> tuple[Chances, Counter[str]]:
    """How often each kanji is read how."""
    chances: Chances = defaultdict(Counter)
    totals: Counter[str] = Counter()
    for _ in range(ROUNDS):
        found: Chances = defaultdict(Counter)
        for written, reading in pairs:
            ways = [
                (way, chance(way, chances, totals)) for way in divisions(written, reading) if way
            ]
            whole = sum(weight for _, weight in ways)
            for way, weight in ways:
                for kanji, piece in way:
                    found[kanji][piece] += weight / whole  # type: ignore[assignment]
        chances = found
        totals = Counter({kanji: sum(pieces.values()) for kanji, pieces in found.items()})
    return chances, totals


def given_table(pairs: Pairs) -> dict[str, list[str]]:
    """Spelling → readings, the likeliest first."""
    chances, totals = learn(pairs)
    scored: dict[str, list[tuple[float, str]]] = defaultdict(list)
    alone = Counter(reading for written, reading in pairs if len(written) == 1)
    for (written, reading), common in pairs.items():
        ways = (chance(way, chances, totals) for way in divisions(written, reading) if way)
        score = math.log(sum(ways) or 1e-12) + COMMON_BONUS * common
        if (
            len(written) == 1
        ):  # a kanji that is a whole name is read otherwise: 正 is ただし, not まさ
            score = score / 3 + 0.5 * math.log(alone[reading])
        scored[written].append((-score, reading))
    table = {key: [reading for _, reading in sorted(each)] for key, each in scored.items()}
    for line in (HERE / "first_readings.tsv").read_text("utf-8").splitlines():
        written, first = line.split("\t")
        key = fold_kana(fold_kanji(written))
        table[key] = list(dict.fromkeys([*first.split(","), *table.get(key, [])]))
    return table


def family_table() -> tuple[dict[str, list[str]], Counter[str]]:
    """Family name → readings, the commonest first, and how many people have it."""
    readings: dict[str, list[str]] = defaultdict(list)
    people: Counter[str] = Counter()
    for written, count, reading, _ in rows("last_name_org"):
        key = fold_kana(fold_kanji(written))
        people[key] += int(count)
        readings[key].append(reading)
    for line in (HERE / "more_surnames.tsv").read_text("utf-8").splitlines():
        written, more = line.split("\t")
        readings[fold_kana(fold_kanji(written))] += more.split(",")
    return {key: list(dict.fromkeys(each)) for key, each in readings.items()}, people


def sounds(
    given: dict[str, list[str]], family: dict[str, list[str]], people: Counter[str]
) -> list[str]:
    """Sound → thousands of people with such a family name, spellings of such a given name."""
    as_family: Counter[str] = Counter()
    as_given: Counter[str] = Counter()
    for written, readings in family.items():
        as_family[sound(readings[0])] += people[written] or 1000
        for reading in readings[1:]:
            as_family[sound(reading)] += 1000
    for readings in given.values():
        as_given.update({sound(reading) for reading in readings})
    return [
        f"{key}\t{-(-as_family[key] // 1000)}\t{as_given[key]}"
        for key in as_family.keys() | as_given.keys()
    ]


def write(name: str, lines: list[str]) -> None:
    """Sorted, so that it can be searched by bisection; without a date, so that it is reproducible."""
    text = "\n".join(sorted(lines)) + "\n"
    (OUT / f"{name}.tsv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def main() -> None:
    """Write the tables and the licence of their source."""
    given = given_table(given_pairs())
    family, people = family_table()
    write("given", [f"{written}\t{' '.join(each)}" for written, each in given.items()])
    write("family", [f"{key}\t{people[key]}\t{' '.join(each)}" for key, each in family.items()])
    write("sounds", sounds(given, family, people))


if __name__ == "__main__":
    main()
