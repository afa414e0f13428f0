"""The bench's made people: the same for a seed, and each record with its truth."""

import csv
import itertools
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench" / "identity"
TABLES = {
    "family.csv": "佐藤,さとう,satou,1887000\n高橋,たかはし,takahashi,1421000\n大江,おおえ,ooe,9000\n",
    "given.csv": "m,ゆうた,yuuta,勇太|雄太\nm,けんじ,kenji,健二|賢治\nf,めぐ,megu,芽久|恵\n",
    "towns.csv": "1500001,東京都,渋谷区,神宮前,ジングウマエ,1\n3400001,埼玉県,草加市,柿木町,カキノキ,0\n",
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few names and towns."""
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def made(folder: Path, tables: Path, *options: str) -> Path:
    """A set of 400 records."""
    command = [sys.executable, str(BENCH / "people.py"), str(folder), "--records", "400"]
    subprocess.run([*command, "--tables", str(tables), *options], check=True)
    return folder


def rows(path: Path) -> Sequence[Mapping[str, str]]:
    """A file's rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_seed_makes_the_same_set_again(tmp_path: Path, tables: Path) -> None:
    one, same = (made(tmp_path / name, tables, "--seed", "5") for name in ("one", "same"))
    other = made(tmp_path / "other", tables, "--seed", "6")

    records = [(each / "records.csv").read_bytes() for each in (one, same, other)]

    assert records[0] == records[1] != records[2]


def test_every_record_has_a_person(tmp_path: Path, tables: Path) -> None:
    folder = made(tmp_path, tables)

    records, truth = rows(folder / "records.csv"), rows(folder / "truth.csv")

    assert [each["record_id"] for each in records] == [each["record_id"] for each in truth]
    assert len({(each["source"], each["source_id"]) for each in records}) == len(records) == 400


def test_no_person_has_more_than_six_records(tmp_path: Path, tables: Path) -> None:
    truth = rows(made(tmp_path, tables) / "truth.csv")

    sizes = Counter(Counter(each["person_id"] for each in truth).values())

    assert set(sizes) == {1, 2, 3, 4, 5, 6}


def test_cards_are_lent_within_a_household_only(tmp_path: Path, tables: Path) -> None:
    folder = made(tmp_path, tables, "--rates", "harsh")
    household = {each["record_id"]: each["household_id"] for each in rows(folder / "truth.csv")}
    records = [each for each in rows(folder / "records.csv") if each["member_card"].isdigit()]

    by_card = itertools.groupby(
        sorted(records, key=lambda each: each["member_card"]), lambda each: each["member_card"]
    )

    lent = {card: {household[each["record_id"]] for each in group} for card, group in by_card}
    assert all(len(homes) == 1 for card, homes in lent.items() if set(card) != {"0"})


@pytest.mark.parametrize("rates", ["clean", "public", "harsh"])
def test_each_source_leaves_out_what_it_never_asks(
    tmp_path: Path, tables: Path, rates: str
) -> None:
    records = rows(made(tmp_path, tables, "--rates", rates) / "records.csv")

    line = [each for each in records if each["source"] == "line"]

    assert all(each["line_user_id"] and not each["family"] for each in line)
    assert not any(each["line_user_id"] for each in records if each["source"] != "line")
