"""
Writes customer records of five systems with the truth about whose they are.

    python bench/identity/people.py DIR --records 10000 --seed 7 --rates clean|public|harsh
        [--tables FOLDER]

DIR gets `records.csv` and `truth.csv`. No real person is in them. Records of one person lie
scattered over the file; a million of them take as little memory as a thousand.
"""

import argparse
import csv
import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from person import People, Person
from rates import RATES, Rates
from sources import FIELDS, SHARES, Desk
from tables import Tables, load

RECORDS_EACH = (30, 25, 20, 13, 8, 4)
PER_HEAP = 20_000
TRUTH = ("person_id", "household_id", "linkable")
EVIDENCE = ("email", "phone", "member_card", "birth_date", "address")


def rows(rng: random.Random, tables: Tables, rates: Rates) -> Iterator[list[str]]:
    """Records with their truth, person after person, for ever."""
    desk = Desk(rng, rates)
    for household in People(rng, tables, rates).households():
        for one in household:
            number = rng.choices(range(1, 7), RECORDS_EACH)[0]
            for source in rng.choices(list(SHARES), list(SHARES.values()), k=number):
                yield row(one, desk.record(one, source))


def row(one: Person, record: dict[str, str]) -> list[str]:
    """A record's fields, then its truth."""
    linkable = "1" if any(record[name] for name in EVIDENCE) else "0"
    return [*record.values(), str(one.number), str(one.household), linkable]


def scattered(rng: random.Random, source: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    """The first `count` rows in any order, by way of heaps on disk that fit into memory."""
    with tempfile.TemporaryDirectory() as folder:
        heaps = [Path(folder, str(number)) for number in range(count // PER_HEAP + 1)]
        _deal(rng, source, count, heaps)
        for heap in heaps:
            with heap.open(encoding="utf-8", newline="") as file:
                cards = list(csv.reader(file))
            rng.shuffle(cards)
            yield from cards


def _deal(rng: random.Random, source: Iterator[list[str]], count: int, heaps: list[Path]) -> None:
    files = [heap.open("w", encoding="utf-8", newline="") for heap in heaps]
    writers = [csv.writer(file) for file in files]
    for _, each in zip(range(count), source, strict=False):
        rng.choice(writers).writerow(each)
    for file in files:
        file.close()


def write(folder: Path, count: int, seed: int, rates: Rates, tables: Tables) -> None:
    """Write both files of a set."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "records.csv").open("w", encoding="utf-8", newline="") as records_file,
        (folder / "truth.csv").open("w", encoding="utf-8", newline="") as truth_file,
    ):
        records = csv.writer(records_file, lineterminator="\n")
        truth = csv.writer(truth_file, lineterminator="\n")
        records.writerow(FIELDS)
        truth.writerow(("record_id", *TRUTH))
        for number, each in enumerate(scattered(rng, rows(rng, tables, rates), count), 1):
            records.writerow([number, *each[1 : len(FIELDS)]])
            truth.writerow([number, *each[len(FIELDS) :]])


def main() -> None:
    """Write a set."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--records", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--rates", choices=list(RATES), default="public")
    options.add_argument("--tables", type=Path, default=os.environ.get("TOKUI_BENCH_TABLES"))
    given = options.parse_args()
    tables = load(given.tables)
    write(given.folder, given.records, given.seed, RATES[given.rates], tables)


if __name__ == "__main__":
    main()
