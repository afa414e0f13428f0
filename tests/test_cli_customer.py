"""`tokui customer`: found by whatever the counter has at hand, shown, written on."""

import pytest

AYA = {
    "id": "c-1",
    "at": "2026-11-01T00:00:00+00:00",
    "name": "佐藤彩",
    "kana": "サトウアヤ",
    "email": "Aya.Sato@example.com",
    "phone": "090-1357-2468",
    "card": "0012345",
}
KEN = {"id": "c-2", "at": "2026-11-01T00:00:01+00:00", "name": "佐藤健", "card": "0012346"}


@pytest.fixture
def people(shop):
    shop.write([AYA, KEN])
    shop.run("sync")
    return shop


def found(shop, query):
    return [
        each["name"]["value"]["family"] for each in shop.json("customer", "find", query)["profiles"]
    ]


@pytest.mark.parametrize(
    "query",
    [
        "aya.sato@example.com",
        "09013572468",
        "+81 90 1357 2468",
        "０９０－１３５７－２４６８",
        "0012345",
        "c-1",
        "佐藤彩",
        "さとうあや",
        "ｻﾄｳ ｱﾔ",
        "Sato Aya",
        "aya satoh",
        "2468",
    ],
)
def test_a_person_is_found_by_what_they_are_known_by(people, query):
    assert found(people, query) == ["佐藤彩"]


def test_leading_zeros_are_data(people):
    assert found(people, "12345") == []


def test_a_family_name_finds_the_family(people):
    assert found(people, "佐藤") == ["佐藤健", "佐藤彩"]


def test_a_profile_is_found_by_its_number(people):
    number = people.json("customer", "find", "c-2")["profiles"][0]["profile_id"]

    assert people.json("customer", "show", str(number))["card"]["profile"]["profile_id"] == number


def test_nobody_found_is_an_empty_list(people):
    assert people.run("customer", "find", "鈴木").stdout == "nobody found\n"


def test_the_card_says_what_each_system_knows(people):
    shown = people.run("customer", "show", "c-1").stdout

    assert "サトウアヤ" in shown
    assert "0012345" in shown
    assert "book" in shown


def test_the_card_speaks_japanese_where_it_is_asked_to(people):
    assert "会員番号" in people.run("customer", "show", "c-1", "--lang", "ja").stdout


def test_the_card_shows_what_plugins_know(people):
    people.configure('[connections.book]\nuse = "notebook"\nfile = "book.json"\n[plugins.whispers]')

    card = people.json("customer", "show", "c-1")["card"]

    assert card["traits"][0]["value"] == "M"
    assert card["segments"] == ["regulars"]
    assert card["suggestions"][0]["text"] == "Say hello"


def test_a_plugin_that_fails_is_left_out_and_named(people):
    people.configure(
        '[connections.book]\nuse = "notebook"\nfile = "book.json"\n[plugins.whispers]\nfails = true'
    )

    result = people.run("customer", "show", "c-1")

    assert "warning: whispers (tokui-notebook 1.2)" in result.stderr
    assert "secret" not in result.output
    assert "Say hello" in result.stdout


def test_several_people_are_listed_and_none_is_shown(people):
    result = people.run("customer", "show", "佐藤", code=2)

    assert "佐藤健" in result.stderr
    assert result.stdout == ""


def test_the_query_is_not_repeated_where_nobody_is_found(people):
    assert "070-9999" not in people.run("customer", "show", "070-9999-9999", code=2).output


def test_a_note_and_a_visit_are_on_the_card(people):
    people.run("customer", "note", "c-1", "裾上げ希望", "--staff", "田中")
    people.run("customer", "visit", "c-1", "--staff", "田中", "--at", "2026-11-02T10:00+09:00")

    events = people.json("customer", "show", "c-1")["card"]["events"]

    assert [(each["type"], each["connection"], each["staff"]) for each in events] == [
        ("note", "tokui", "田中"),
        ("visit", "tokui", "田中"),
    ]
    assert events[1]["occurred_at"] == "2026-11-02T01:00:00Z"


def test_a_note_names_the_customer_it_hangs_on(people):
    written = people.json("customer", "note", "c-1", "裾上げ希望", "--staff", "田中")

    assert written["event"]["customer"] == "book:c-1"


def test_a_note_survives_the_next_full_sync(people):
    people.run("customer", "note", "c-1", "裾上げ希望", "--staff", "田中")
    people.run("sync", "--full")

    assert people.json("customer", "show", "c-1")["card"]["events"][0]["text"] == "裾上げ希望"


def test_an_empty_note_is_refused(people):
    assert "empty" in people.run("customer", "note", "c-1", " ", "--staff", "田中", code=2).stderr


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(("--staff", " "), "a name is needed"), (("--as", "田中", "--at", "2999-01-01"), "to come")],
)
def test_a_visit_by_nobody_or_of_tomorrow_is_refused(people, wrong, said):
    assert said in people.run("customer", "visit", "c-1", *wrong, code=2).stderr


def test_a_till_without_the_key_can_show_a_card(people):
    people.configure(
        '[connections.book]\nuse = "notebook"\nfile = "book.json"\ntoken = {env = "NOT_SET_HERE"}'
    )

    result = people.run("customer", "show", "c-1")

    assert "0012345" in result.stdout
    assert "tokui config validate" in result.stderr


def test_control_characters_of_a_source_do_not_reach_the_terminal(shop):
    shop.write([{**AYA, "name": "佐藤\x1b[31m"}])
    shop.run("sync")

    assert "\x1b" not in shop.run("customer", "find", "c-1").stdout
