"""Files that grow, shrink, move and are rewritten: nothing lost, nothing doubled."""

import shutil

import pytest

HEADER = "receipt_id,sold_at,title,quantity,unit_price\n"


def row(receipt: str, price: int, title: str = "茶") -> str:
    return f'{receipt},2026-09-01 10:00,"{title}",1,{price}\n'


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
    assert shop.lines() == {"R1": [100], "R2": [200, 250], "R3": [300]}


def test_rows_of_an_old_receipt_appended_later_bring_the_whole_receipt(shop):
    path = shop.write("sales.csv", HEADER + row("R1", 100) + row("R2", 200) + row("R3", 300))
    shop.sync()
    with path.open("a") as file:
        file.write(row("R4", 400) + row("R1", 150))
    shop.touch(path)

    shop.sync()

    assert shop.lines() == {"R1": [100, 150], "R2": [200], "R3": [300], "R4": [400]}


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

    assert shop.lines() == {"R1": [100]}


def test_a_longer_export_under_another_name_says_all_of_it_anew(shop):
    old = HEADER + row("R1", 100) + row("R2", 200)
    shop.write("sales-1.csv", old)
    shop.write("sales-2.csv", HEADER + row("R1", 111))
    shop.sync()

    shop.write("sales-3.csv", old + row("R3", 300))
    shop.sync()

    assert shop.lines() == {"R1": [100], "R2": [200], "R3": [300]}


def test_a_rewritten_file_is_read_whole_and_a_later_export_wins(shop):
    shop.write("sales-1.csv", HEADER + row("R1", 100) + row("R2", 200))
    shop.write("sales-2.csv", HEADER + row("R2", 222))
    shop.sync()
    shop.write("sales-1.csv", HEADER + row("R1", 111) + row("R3", 300))

    shop.sync()

    assert shop.lines() == {"R1": [111], "R2": [222], "R3": [300]}


def test_an_older_file_that_is_read_late_does_not_overwrite_a_newer_one(shop):
    new = shop.write("sales-2.csv", HEADER + row("R1", 200))
    shop.sync()
    old = shop.write("sales-1.csv", HEADER + row("R1", 100))
    shop.clock_us -= 60_000_000
    shop.touch(old)

    shop.sync()

    assert new.exists()
    assert shop.lines() == {"R1": [200]}


def test_a_truncated_file_is_reported_and_what_was_stored_stays(shop, caplog):
    content = HEADER + row("R1", 100) + row("R2", 200) + row("R2", 250) + row("R3", 300)
    shop.write("sales.csv", content)
    shop.sync()
    shop.write("sales.csv", content[: content.index("R2,") + len(row("R2", 200))])

    shop.sync()

    assert shop.lines() == {"R1": [100], "R2": [200, 250], "R3": [300]}
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

    assert shop.lines()["R1"] == [100, 150]


def test_a_truncated_file_stays_one_after_a_run_that_was_killed(shop):
    rows = [row(f"R{n}", n) for n in range(1, 1200)]
    rows += [row("R9999", 1), row("R9999", 2)]
    shop.write("sales.csv", HEADER + "".join(rows))
    shop.sync()
    shop.write("sales.csv", HEADER + "".join(rows[:-1]))

    shop.sync(pages=1)
    shop.sync()

    assert shop.lines()["R9999"] == [1, 2]


@pytest.mark.parametrize("prices", [{"R1": 100, "R2": 5}, {"R1": 1, "R2": 200}, {"R1": 999}])
def test_a_rewritten_file_may_be_shorter(shop, prices):
    shop.write("sales.csv", HEADER + row("R1", 100) + row("R2", 200))
    shop.sync()

    shop.write("sales.csv", HEADER + "".join(row(*receipt) for receipt in prices.items()))
    shop.sync()

    assert {key: [price] for key, price in prices.items()}.items() <= shop.lines().items()


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

    assert shop.lines() == {"R1": [100], "R2": [250]}


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
    assert shop.lines() == {"R1": [100]}

    shop.write("sales.csv", HEADER + row("R1", 100) + row("R2", 200))
    shop.sync()

    assert shop.lines() == {"R1": [100], "R2": [200]}
    assert shop.refused == []


def test_a_last_row_without_line_end_counts_once_the_file_has_been_quiet_for_long(shop):
    shop.write("sales.csv", (HEADER + row("R1", 100)).rstrip("\n"))
    shop.sync()

    assert shop.lines() == {"R1": [100]}
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

    assert shop.lines() == {"R1": [100], "R2": [200]}


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

    assert shop.lines() == receipts
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
    assert shop.lines() == {f"R{n}": [n + 1] for n in range(1, 1200)}
