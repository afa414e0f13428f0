"""Dates, amounts, shares and encodings."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokui.model import PartialDate
from tokui_pos.amounts import (
    excel_float,
    lost_phone_zero,
    lost_zeros,
    spread,
    to_amount,
    to_quantity,
    to_rate,
)
from tokui_pos.dates import ERAS, at, to_birthday, to_date, to_moment, to_time, zone
from tokui_pos.encoding import detect, shown

JST = zone("Asia/Tokyo")


@pytest.mark.parametrize(
    "text",
    [
        "2025-04-01",
        "2025/4/1",
        "2025年4月1日",
        "20250401",
        "2025.04.01",
        "２０２５／０４／０１",
        "令和7年4月1日",
        "R7.4.1",
        "R07/04/01",
        "r7-4-1",
        "令7.4.1",
        "平成37年4月1日",
        "昭和100年4月1日",
        "2025/04/01(火)",
    ],
)
def test_a_day_is_read_in_every_way_shops_write_it(text):
    assert to_date(text) == date(2025, 4, 1)


def test_the_first_year_of_an_era_may_be_written_as_gannen():
    assert to_date("令和元年5月1日") == date(2019, 5, 1)
    assert to_date("平成元年1月8日") == date(1989, 1, 8)


@pytest.mark.parametrize(
    "text",
    ["25/04/01", "2025-02-30", "令和元年4月30日", "昭和0年1月1日", "45748", "4/1", "きのう", ""],
)
def test_a_day_that_is_not_certain_is_refused(text):
    with pytest.raises(ValueError, match=r"is .*"):
        to_date(text)


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2100, 12, 31)), st.booleans())
def test_every_day_survives_being_written_in_its_era(day, short):
    era, first = next((era, first) for era, first in ERAS.items() if day >= first)
    year = day.year - {"明治": 1868}.get(era, first.year) + 1
    letter = {"令和": "R", "平成": "H", "昭和": "S", "大正": "T", "明治": "M"}[era]
    written = (
        f"{letter}{year:02}.{day.month:02}.{day.day:02}"
        if short
        else f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    )

    assert to_date(written) == day


def test_day_and_month_first_are_read_only_when_the_layout_says_so():
    assert to_date("04/05/2025", "mdy") == date(2025, 4, 5)
    assert to_date("04/05/2025", "dmy") == date(2025, 5, 4)
    with pytest.raises(ValueError, match="not a date"):
        to_date("04/05/2025")


@pytest.mark.parametrize(
    ("text", "birthday"),
    [
        ("04-12", PartialDate(month=4, day=12)),
        ("4月12日", PartialDate(month=4, day=12)),
        ("0000-04-12", PartialDate(month=4, day=12)),
        ("--0412", PartialDate(month=4, day=12)),
        ("2月29日", PartialDate(month=2, day=29)),
        ("1985年4月", PartialDate(year=1985, month=4)),
        ("1985", PartialDate(year=1985)),
        ("昭和60年4月12日", PartialDate(year=1985, month=4, day=12)),
    ],
)
def test_a_birthday_may_be_partial(text, birthday):
    assert to_birthday(text) == birthday


def test_half_past_one_of_a_long_night_belongs_to_the_day_before():
    placed_at, day = at(date(2025, 4, 1), to_time("25:30"), JST)

    assert placed_at == datetime(2025, 4, 1, 16, 30, tzinfo=UTC)
    assert day == date(2025, 4, 1)


@pytest.mark.parametrize("text", ["2025/4/1 13:05", "2025-04-01T13:05:00", "令和7年4月1日 13時5分"])
def test_naive_times_are_local(text):
    assert to_moment(text, "ymd", JST)[0] == datetime(2025, 4, 1, 4, 5, tzinfo=UTC)


def test_an_offset_that_is_written_counts():
    assert to_moment("2025-04-01T20:00:00Z", "ymd", JST) == (
        datetime(2025, 4, 1, 20, tzinfo=UTC),
        date(2025, 4, 2),
    )


@pytest.mark.parametrize("text", ["48:00", "12:60", "昼", "1"])
def test_no_time_of_day(text):
    with pytest.raises(ValueError, match="time"):
        to_time(text)


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("1280", 1280),
        ("1,280", 1280),
        ("¥1,280", 1280),
        ("１２８０円", 1280),
        ("△500", -500),
        ("-500", -500),
        ("▲1,000", -1000),
        ("－500", -500),
        ("", 0),
        ("0", 0),
    ],
)
def test_amounts_as_tills_print_them(text, yen):
    assert to_amount(text, "JPY") == yen


@pytest.mark.parametrize("text", ["12.5", "1,28", "1.28E+3", "千円", "--5", "1_000", "9" * 400])
def test_amounts_that_are_not_certain_are_refused(text):
    with pytest.raises(ValueError, match="amount"):
        to_amount(text, "JPY")


def test_amounts_of_other_currencies_are_in_their_minor_unit():
    assert to_amount("12.30", "USD") == 1230


def test_quantities_are_whole():
    assert [to_quantity(text) for text in ("2", "-1", "△1", "1,000")] == [2, -1, -1, 1000]
    with pytest.raises(ValueError, match="whole"):
        to_quantity("1.5")


@pytest.mark.parametrize(
    ("text", "rate"),
    [("8%", "0.08"), ("軽減8%", "0.08"), ("10", "0.1"), ("0.08", "0.08"), ("※8％", "0.08")],
)
def test_tax_rates(text, rate):
    assert str(to_rate(text)) == rate


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**7), min_size=1).filter(any))
def test_shares_add_up_and_none_is_a_yen_off(amount, weights):
    parts = spread(amount, weights)

    assert sum(parts) == amount
    whole = sum(weights)
    assert all(
        abs(part * whole - amount * weight) < whole
        for part, weight in zip(parts, weights, strict=True)
    )


def test_what_excel_does_to_numbers_is_seen():
    assert excel_float("4.90123E+12")
    assert lost_zeros("1234", 8)
    assert not lost_zeros("00001234", 8)
    assert lost_phone_zero("9012345678")
    assert not lost_phone_zero("09012345678")
    assert not lost_phone_zero("+819012345678")


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b"id,name\n", "utf-8"),
        ("山田".encode(), "utf-8"),
        ("山田".encode()[:-1], "utf-8"),
        ("山田".encode("cp932"), "cp932"),
        ("\ufeff山田".encode(), "utf-8"),
        ("山田".encode("utf-16"), "utf-16"),
        (b"\xf0\x40,1\n", "cp932"),
    ],
)
def test_a_file_has_one_encoding(raw, encoding):
    assert detect(BytesIO(raw)) == encoding


def test_damaged_utf8_is_not_taken_for_cp932():
    with pytest.raises(ValueError, match="broken"):
        detect(BytesIO("山田太郎様の領収書".encode() * 20 + b"\xff\n"))


def test_gaiji_and_broken_bytes_are_shown_as_geta_and_kept_raw():
    cells = [b"\xf0\x40\x93c".decode("cp932", "surrogateescape"), "山", "a\x00b"]

    assert shown(cells, "cp932") == (["〓田", "山", "a〓b"], {0: "f0409363", 2: "610062"})


@given(st.integers(0, 47), st.integers(0, 59))
def test_a_clock_beyond_midnight_moves_the_moment_and_not_the_day(hours, minutes):
    placed_at, day = at(date(2025, 4, 1), to_time(f"{hours}:{minutes:02}"), JST)

    assert day == date(2025, 4, 1)
    assert placed_at - datetime(2025, 3, 31, 15, tzinfo=UTC) == timedelta(
        hours=hours, minutes=minutes
    )
