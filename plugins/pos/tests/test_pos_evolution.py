"""Files that grow, shrink, move and are rewritten: nothing lost, nothing doubled."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

HEADER = "receipt_id,sold_at,title,quantity,unit_price\n"


def row(receipt: str, price: int, title: str = "茶") -> str:
    return f'{receipt},2026-09-01 10:00,"{title}",1,{price}\n'


def lines_of(shop: Any) -> dict[str, list[int]]:
    return {
        key: [line.unit_price_minor for line in order.lines] for key, order in shop.orders().items()
    }


def test_a_second_run_on_the_same_files_reads_nothing(shop):
    shop.write("sales.csv", HEADER + row("R1", 100) + row("R2", 200))
    shop.sync()

    assert list(shop.pages("sales")) == []


def test_a_receipt_that_straddles_the_old_end_is_read_again_whole(shop):
    path = shop.write("sales.csv", HEADER + row("R1", 100) + row("R2", 200))
    shop.sync()
    with path.open("a") as file:
        file.write(row("R2", 250) + row("R3", 300))
    shop.touch(path)

    items = shop.sync()

    assert len(items) == 2
    assert lines_of(shop) == {"R1": [100], "R2": [200, 250], "R3": [300]}


def test_rows_of_an_old_receipt_appended_later_bring_the_whole_receipt(shop):
    path = shop.write("sales.csv", HEADER + row("R1", 100) + row("R2", 200) + row("R3", 300))
    shop.sync()
    with path.open("a") as file:
        file.write(row("R4", 400) + row("R1", 150))
    shop.touch(path)

    shop.sync()

    assert lines_of(shop) == {"R1": [100, 150], "R2": [200], "R3": [300], "R4": [400]}


def test_a_renamed_file_is_not_read_again(shop):
    path = shop.write("sales.csv", HEADER + row("R1", 100))
    shop.sync()
    path.rename(path.with_name("sales-old.csv"))

    assert shop.sync() == []
    assert list(shop.cursors["sales"]["files"]) == ["sales-old.csv"]


def test_a_copy_of_a_file_is_not_read_again(shop):
    content = HEADER + row("R1", 100)
    path = shop.write("sales-1.csv", content)
    shutil.copy2(path, shop.folder / "sales-2.csv")

    assert len(shop.sync()) == 1


def test_what_an_earlier_export_said_may_be_said_anew(shop):
    old = HEADER + row("R1", 100)
    shop.write("sales-1.csv", old)
    shop.write("sales-2.csv", HEADER + row("R1", 200))
    shop.sync()

    shop.write("sales-3.csv", old)
    shop.sync()

    assert lines_of(shop) == {"R1": [100]}


def test_a_longer_export_under_another_name_says_all_of_it_anew(shop):
    old = HEADER + row("R1", 100) + row("R2", 200)
    shop.write("sales-1.csv", old)
    shop.write("sales-2.csv", HEADER + row("R1", 111))
    shop.sync()

    shop.write("sales-3.csv", old + row("R3", 300))
    shop.sync()

    assert lines_of(shop) == {"R1": [100], "R2": [200], "R3": [300]}


def test_a_rewritten_file_is_read_whole_and_a_later_export_wins(shop):
    shop.write("sales-1.csv", HEADER + row("R1", 100) + row("R2", 200))
    shop.write("sales-2.csv", HEADER + row("R2", 222))
    shop.sync()
    shop.write("sales-1.csv", HEADER + row("R1", 111) + row("R3", 300))

    shop.sync()

    assert lines_of(shop) == {"R1": [111], "R2": [222], "R3": [300]}


def test_an_older_file_that_is_read_late_does_not_overwrite_a_newer_one(shop):
    new = shop.write("sales-2.csv", HEADER + row("R1", 200))
    shop.sync()
    old = shop.write("sales-1.csv", HEADER + row("R1", 100))
    shop.clock_us -= 60_000_000
    shop.touch(old)

    shop.sync()

    assert new.exists()
    assert lines_of(shop) == {"R1": [200]}


def test_a_truncated_file_is_reported_and_what_was_stored_stays(shop, caplog):
    content = HEADER + row("R1", 100) + row("R2", 200) + row("R2", 250) + row("R3", 300)
    shop.write("sales.csv", content)
    shop.sync()
    shop.write("sales.csv", content[: content.index("R2,") + len(row("R2", 200))])

    shop.sync()

    assert lines_of(shop) == {"R1": [100], "R2": [200, 250], "R3": [300]}
    assert "sales.csv has lost lines at its end" in caplog.text


@pytest.mark.parametrize("left", ["", "R", row("R1", 150)])
def test_what_follows_a_receipt_may_be_taken_away_and_be_more_of_the_receipt(shop, left):
    shop.use(last_line_s=10**9)
    shop.write("sales.csv", HEADER + row("R1", 100) + row("R2", 200))
    shop.sync()
    shop.write("sales.csv", HEADER + row("R1", 100) + left)
    shop.sync()

    shop.write("sales.csv", HEADER + row("R1", 100) + row("R1", 150))
    shop.sync()

    assert lines_of(shop)["R1"] == [100, 150]


def test_a_truncated_file_stays_one_after_a_run_that_was_killed(shop):
    rows = [row(f"R{n}", n) for n in range(1, 1200)]
    rows += [row("R9999", 1), row("R9999", 2)]
    shop.write("sales.csv", HEADER + "".join(rows))
    shop.sync()
    shop.write("sales.csv", HEADER + "".join(rows[:-1]))

    shop.sync(pages=1)
    shop.sync()

    assert lines_of(shop)["R9999"] == [1, 2]


@pytest.mark.parametrize("prices", [{"R1": 100, "R2": 5}, {"R1": 1, "R2": 200}, {"R1": 999}])
def test_a_rewritten_file_may_be_shorter(shop, prices):
    shop.write("sales.csv", HEADER + row("R1", 100) + row("R2", 200))
    shop.sync()

    shop.write("sales.csv", HEADER + "".join(row(*receipt) for receipt in prices.items()))
    shop.sync()

    assert {key: [price] for key, price in prices.items()}.items() <= lines_of(shop).items()


def test_a_file_that_was_written_just_now_is_read_after_a_wait(shop):
    shop.write("sales-1.csv", HEADER + row("R1", 100))
    shop.writing(shop.write("sales-2.csv", HEADER + row("R2", 200)))

    assert len(shop.sync()) == 2

    assert shop.waits == [(9.0, "sales-2.csv may still be being written")]


def test_a_file_that_changes_during_the_wait_is_left_for_the_next_run(shop, caplog):
    shop.write("sales-1.csv", HEADER + row("R1", 100))
    path = shop.write("sales-2.csv", HEADER + row("R2", 200))
    shop.writing(path)
    pages = iter(shop.pages("sales"))
    next(pages)
    shop.while_waiting(lambda: shop.write("sales-2.csv", HEADER + row("R2", 250)))
    assert [page for page in pages if page.items] == []
    assert "1 files are still being written, sales-2.csv among them" in caplog.text

    shop.sync()

    assert lines_of(shop) == {"R1": [100], "R2": [250]}


def test_nobody_waits_long_for_a_file(shop):
    shop.use(settle_s=600)
    shop.writing(shop.write("sales.csv", HEADER + row("R1", 100)))

    assert shop.sync() == []
    assert shop.waits == []


@pytest.mark.parametrize("tail", ['R2,2026-09-01 10:00,"茶",1,2', 'R2,2026-09-01 10:00,"茶'])
def test_a_half_written_last_row_waits_and_what_is_before_it_is_read(shop, tail):
    shop.use(last_line_s=10**9)
    shop.write("sales.csv", HEADER + row("R1", 100) + tail)
    shop.sync()
    assert lines_of(shop) == {"R1": [100]}

    shop.write("sales.csv", HEADER + row("R1", 100) + row("R2", 200))
    shop.sync()

    assert lines_of(shop) == {"R1": [100], "R2": [200]}
    assert shop.refused == []


def test_a_last_row_without_line_end_counts_once_the_file_has_been_quiet_for_long(shop):
    shop.write("sales.csv", (HEADER + row("R1", 100)).rstrip("\n"))
    shop.sync()

    assert lines_of(shop) == {"R1": [100]}
    assert shop.sync() == []


def test_a_last_row_without_line_end_may_still_grow(shop):
    path = shop.write("customers.csv", "customer_id,note\nC1,a\nC2,b")
    shop.sync("customers")
    with path.open("a") as file:
        file.write("cd\nC3,e\n")
    shop.touch(path)

    shop.sync("customers")

    assert {key: each.note for key, each in shop.customers().items()} == {
        "C1": "a",
        "C2": "bcd",
        "C3": "e",
    }
    assert shop.refused == []


def test_a_file_that_left_the_folder_leaves_the_cursor_and_may_come_back(shop):
    path = shop.write("sales-1.csv", HEADER + row("R1", 100))
    shop.write("sales-2.csv", HEADER + row("R2", 200))
    shop.sync()
    away = path.rename(shop.folder / "away.bak")
    shop.sync()
    assert list(shop.cursors["sales"]["files"]) == ["sales-2.csv"]

    away.rename(path)
    shop.sync()

    assert lines_of(shop) == {"R1": [100], "R2": [200]}


def test_an_empty_folder_forgets_nothing(shop):
    path = shop.write("sales.csv", HEADER + row("R1", 100))
    shop.sync()
    path.rename(shop.folder / "away.bak")
    shop.sync()
    (shop.folder / "away.bak").rename(path)

    assert shop.sync() == []


def test_a_changed_layout_reads_every_file_again(shop):
    shop.write("sales.csv", HEADER + row("R1", 100))
    shop.sync()
    shop.use(gift_cards=["GIFT"])

    assert len(shop.sync()) == 1


@pytest.mark.parametrize("cursor", [{}, {"settings": 1, "files": 2}, {"year": 9999}])
def test_a_foreign_cursor_reads_everything(shop, cursor):
    shop.write("sales.csv", HEADER + row("R1", 100))
    shop.cursors["sales"] = cursor

    assert len(shop.sync()) == 1


def test_every_page_of_a_long_file_is_a_point_to_start_again_from(shop):
    receipts = {f"R{n}": [n] for n in range(1, 1700)}
    shop.write("sales.csv", HEADER + "".join(row(key, price) for key, [price] in receipts.items()))

    read = 0
    while len(items := shop.sync(pages=1)) > 0:
        read += len(items)

    assert lines_of(shop) == receipts
    assert read <= len(receipts) + 4


def test_a_file_that_changes_while_it_is_read_is_read_again(shop):
    path = shop.write("sales.csv", HEADER + "".join(row(f"R{n}", n) for n in range(1, 1200)))
    pages = iter(shop.pages("sales"))
    first = next(pages)
    shop.write("sales.csv", HEADER + "".join(row(f"R{n}", n + 1) for n in range(1, 1200)))
    rest = list(pages)

    shop.cursors["sales"] = (rest or [first])[-1].cursor
    shop.sync()

    assert path.exists()
    assert lines_of(shop) == {f"R{n}": [n + 1] for n in range(1, 1200)}


RECEIPT = st.integers(1, 12).map("R{}".format)
PRICE = st.integers(1, 9999)


class Evolution(RuleBasedStateMachine):
    """
    A till that does everything to its files, while tokui looks in at random moments.

    `truth` is what the newest statement about each receipt says; receipts whose rows were cut away
    keep what was stored. Each file has receipts of its own, so that no two files contradict.
    """

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.shop = SHOP[0](Path(self.directory.name), last_line_s=10**9)
        self.files: dict[str, list[tuple[str, int]]] = {}
        self.prefixes: dict[str, str] = {}
        self.halves: dict[str, str] = {}
        self.names = 0

    def teardown(self) -> None:
        self.directory.cleanup()

    def put(self, name: str) -> None:
        body = "".join(
            row(key, price, 'お茶, "上"\nと菓子'.replace('"', '""'))
            for key, price in self.files[name]
        )
        self.shop.write(name, HEADER + body + self.halves.get(name, ""))

    @rule(rows=st.lists(st.tuples(RECEIPT, PRICE), max_size=8))
    def create(self, rows: list[tuple[str, int]]) -> None:
        self.names += 1
        name = f"sales-{self.names}.csv"
        self.prefixes[name] = str(self.names)
        self.files[name] = [(f"{self.names}-{key}", price) for key, price in rows]
        self.put(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data(), rows=st.lists(st.tuples(RECEIPT, PRICE), min_size=1, max_size=4))
    def append(self, data: st.DataObject, rows: list[tuple[str, int]]) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        prefix = self.prefixes[name]
        self.halves.pop(name, None)
        self.files[name] += [(f"{prefix}-{key}", price) for key, price in rows]
        self.put(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data(), cut=st.integers(1, 30))
    def half_write(self, data: st.DataObject, cut: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        self.halves[name] = row(f"{name}-half", 5, "半分")[:cut]
        self.put(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        self.names += 1
        new = f"sales-{self.names}-renamed.csv"
        (self.shop.folder / name).rename(self.shop.folder / new)
        self.files[new] = self.files.pop(name)
        self.prefixes[new] = self.prefixes.pop(name)
        if name in self.halves:
            self.halves[new] = self.halves.pop(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data(), add=PRICE)
    def rewrite(self, data: st.DataObject, add: int) -> None:
        """Every price changes, and some receipts are left out: those keep what was stored."""
        name = data.draw(st.sampled_from(sorted(self.files)))
        changed = [(key, (price + add - 1) % 19997 + 1) for key, price in self.files[name]]
        rows = data.draw(st.permutations(changed))
        left_out = {key for key, _ in rows[data.draw(st.integers(0, len(rows))) :]}
        self.files[name] = [row for row in rows if row[0] not in left_out]
        self.put(name)

    @precondition(lambda self: any(self.files.values()))
    @rule(data=st.data(), price=PRICE)
    def correct(self, data: st.DataObject, price: int) -> None:
        """One price changes; the file may have fewer bytes then."""
        name = data.draw(st.sampled_from(sorted(name for name, rows in self.files.items() if rows)))
        place = data.draw(st.integers(0, len(self.files[name]) - 1))
        self.files[name][place] = (self.files[name][place][0], price)
        self.put(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def truncate(self, data: st.DataObject) -> None:
        """Cut at a row's end, in a file whose receipts are not scattered and have been read."""
        name = data.draw(st.sampled_from(sorted(self.files)))
        self.halves.pop(name, None)
        self.files[name].sort(key=lambda found: found[0])
        self.put(name)
        self.shop.sync()
        before = list(self.files[name])
        keep = data.draw(st.integers(0, len(before)))
        whole = {key for key, _ in before[keep:]}
        self.files[name] = before[:keep]
        self.put(name)
        self.shop.sync()
        assert (
            self.stated([row for row in before if row[0] in whole]).items()
            <= lines_of(self.shop).items()
        )
        self.files[name] = [found for found in before[:keep] if found[0] not in whole]
        self.put(name)

    @rule(pages=st.integers(1, 3))
    def killed(self, pages: int) -> None:
        self.shop.sync(pages=pages)

    @staticmethod
    def stated(rows: list[tuple[str, int]]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for key, price in rows:
            found.setdefault(key, []).append(price)
        return found

    @invariant()
    def what_the_files_say_is_what_is_stored(self) -> None:
        self.shop.sync()
        stored = lines_of(self.shop)
        for rows in self.files.values():
            stated = self.stated(rows)
            assert stated == {key: stored.get(key) for key in stated}
        assert self.shop.refused == []
        assert self.shop.sync() == [] or self.halves


SHOP: list[Any] = []


def run(shop_class: Any, examples: int, steps: int) -> None:
    SHOP[:] = [shop_class]
    Evolution.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    Evolution.TestCase("runTest").runTest()


def test_files_may_evolve_in_any_way(shop_class):
    run(shop_class, examples=25, steps=15)


@pytest.mark.torture
@pytest.mark.timeout(600)
def test_files_may_evolve_in_any_way_for_long(shop_class):
    run(shop_class, examples=300, steps=30)
