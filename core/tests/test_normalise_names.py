"""Names in parts: readings, parts in the wrong fields, whole names in one field, nicknames."""

import pytest
from tokui.identity.normalise import Names, Part, read, readings, surname_share
from tokui.model import PersonName


def parts(**fields):
    """Family and given name as they are written, or as they sound."""
    names = read(PersonName(**fields))
    return tuple(part.written or "".join(part.sound) for part in names[:2])


def test_a_reading_that_is_not_stated_comes_from_the_table_the_likeliest_first():
    names = read(PersonName(family="髙橋", given="裕子"))

    assert names.family == Part("高橋", ("たかはし",), ("takahasi",), stated=False)
    assert names.given.kana[:2] == ("ゆうこ", "ひろこ")


def test_a_stated_reading_is_the_only_one():
    names = read(PersonName(family="高橋", given="裕子", family_kana="ﾀｶﾊｼ", given_kana="ヒロコ"))

    assert names.given == Part("裕子", ("ひろこ",), ("hiroko",), stated=True)


def test_kana_and_romaji_are_readings_and_nothing_is_written():
    names = read(PersonName(family="Shimizu", given="さくら"))

    assert names.family == Part("", (), ("simizu",), stated=True)
    assert names.given == Part("", ("さくら",), ("sakura",), stated=True)


@pytest.mark.parametrize(
    ("family", "given", "expected"),
    [
        ("公彦", "前川", ("前川", "公彦")),
        ("茂朝", "本田", ("本田", "茂朝")),
        ("Sakiko", "Yamaguchi", ("yamaguti", "sakiko")),
        ("ヒロシ", "スズキ", ("suzuki", "hirosi")),
        ("小鳥遊", "泉", ("小鳥遊", "泉")),
        ("翼", "真田", ("真田", "翼")),
        ("森", "薫", ("森", "薫")),
    ],
)
def test_parts_in_each_others_field_are_put_right_and_others_stay(family, given, expected):
    assert parts(family=family, given=given) == expected


def test_readings_in_the_wrong_order_follow_their_kanji():
    names = read(PersonName(family="本田", given="茂", family_kana="シゲル", given_kana="ホンダ"))

    assert (names.family.kana, names.given.kana) == (("ほんだ",), ("しげる",))


@pytest.mark.parametrize(
    "fields",
    [
        {"family": "山田太郎"},
        {"given": "山田　太郎"},
        {"display": "山田太郎様"},
        {"display": "山田 太郎（ヤマダ タロウ）"},
        {"display": "🌸山田太郎🌸"},
        {"display": "太郎 山田"},
        {"display": "太郎山田"},
    ],
)
def test_a_whole_name_in_one_field_is_divided(fields):
    assert parts(**fields) == ("山田", "太郎")


@pytest.mark.parametrize(
    "fields",
    [
        {"family": "新見"},
        {"family": "西郷", "family_kana": "サイゴウ"},
        {"family": "浜崎", "family_kana": "ハマサキ"},
    ],
)
def test_a_family_name_alone_is_not_taken_for_a_whole_name(fields):
    assert read(PersonName(**fields)).given == Part()


@pytest.mark.parametrize(
    ("display", "nick"),
    [
        ("ゆきちゃん♪", "ゆきちゃん"),
        ("キヨカ", "きよか"),
        ("直渡🌸", "直渡"),
        ("継夫@仕事", "継夫"),
        ("山田家", "山田家"),
        ("tom", "tom"),
        ("John Smith", "johnsmith"),
    ],
)
def test_what_is_no_whole_name_is_a_nickname(display, nick):
    assert read(PersonName(display=display)) == Names(nick=nick)


def test_a_display_name_that_repeats_the_name_is_no_nickname():
    names = read(PersonName(family="山田", given="太郎", display="山田 太郎"))

    assert names.nick == ""


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("ゲスト", "様"),
        ("退会済み", "会員"),
        ("匿名", None),
        ("不明", "不明"),
        ("TEST", "User"),
        ("ああ", "ああ"),
        ("姓なし", "名なし"),
    ],
)
def test_what_stands_where_nobody_has_a_name_is_a_nickname(family, given):
    names = read(PersonName(family=family, given=given))

    assert (names.family, names.given) == (Part(), Part())
    assert names.nick == readings.fold(family + (given or ""))


def test_a_name_with_a_lost_character_is_unknown():
    assert read(PersonName(family="山〓", given="太郎")).family == Part()
    assert read(None) == Names()


def test_common_names_prove_little_and_rare_ones_much():
    sato, rare = (read(PersonName(family=each)).family for each in ("佐藤", "五百蔵"))

    assert 0.014 < surname_share(sato) < 0.016
    assert surname_share(read(PersonName(family="サトウ")).family) > 0.015
    assert surname_share(rare) == readings.UNKNOWN_SHARE


def test_every_name_of_the_tables_is_found():
    for table in ("family", "given", "sounds"):
        lines = readings._table(table).splitlines()[1:]
        assert lines == sorted(lines)
        for line in lines[:: len(lines) // 97]:
            key, *row = line.split("\t")
            assert readings._row(table, key) == row
