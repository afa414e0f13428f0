"""The card in a terminal: everything staff need, aligned, in two languages, and safe to print."""

from datetime import UTC, date, datetime, timedelta

import pytest
from rich.cells import cell_len
from rich.console import Console
from tokui.card import Card, CardContact, CardMember, Profile, build_card
from tokui.cli.card import render
from tokui.identity.golden import golden
from tokui.model import Customer, Event, Order, PersonName

TILL = Customer.model_validate(
    {
        "external_id": "00123",
        "source_version": "2026-11-01T03:00:00Z",
        "name": {
            "family": "佐藤",
            "given": "美咲",
            "family_kana": "サトウ",
            "given_kana": "ミサキ",
        },
        "birthday": {"month": 11, "day": 29},
        "identifiers": ({"kind": "phone", "value": "090-1234-5678"},),
        "note": "髙\ue000さんのご紹介\x1b[31m",
    }
)
SHOP = Customer.model_validate(
    {
        "external_id": "7",
        "identifiers": (
            {"kind": "phone", "value": "+819012345678"},
            {"kind": "email", "value": "misaki@example.jp", "verified": True},
        ),
        "addresses": ({"postal_code": "107-0062", "region": "東京都", "city": "港区"},),
    }
)
BOOTS = Order.model_validate(
    {
        "external_id": "1001",
        "state": "paid",
        "placed_at": "2026-11-15T12:00:00Z",
        "currency": "JPY",
        "channel": "online",
        "lines": ({"line_id": "1", "title": "ブーツ", "quantity": 1, "unit_price_minor": 29700},),
    }
)
COAT = Order.model_validate(
    {
        "external_id": "9",
        "state": "open",
        "kind": "hold",
        "placed_at": "2026-10-12T12:00:00Z",
        "business_date": "2026-10-12",
        "currency": "JPY",
        "channel": "store",
        "location": "1",
        "lines": ({"line_id": "1", "title": "コート", "quantity": 1, "unit_price_minor": 68200},),
    }
)
VISIT = Event(external_id="v", customer="00123", type="visit", occurred_at="2026-11-20T16:00:00Z")


HIROSHI = CardMember(
    profile_id=12,
    name=PersonName(family="佐藤", given="浩"),
    role="spouse",
    since=datetime(2020, 4, 1, tzinfo=UTC),
)


AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
CONTACTS = [
    CardContact(
        at=AT,
        what="message",
        state="refused",
        connection="mail",
        contact="email",
        message_id=12,
        template="birthday",
        rule="consent",
        reason="unknown",
    ),
    CardContact(
        at=AT + timedelta(days=1),
        what="message",
        state="sent",
        connection="line",
        contact="line_user_id",
        message_id=13,
        template="birthday",
    ),
    CardContact(
        at=AT - timedelta(days=9),
        what="consent",
        state="granted",
        connection="tokui",
        contact="line_user_id",
        purpose="marketing",
        evidence="form",
        actor="staff:森",
    ),
    CardContact(
        at=AT - timedelta(days=8),
        what="suppression",
        state="all",
        connection="mail",
        contact="email",
        rule="suppression",
        reason="bounce",
    ),
]


def card() -> Card:
    profile = Profile.of(1, golden([("till", 0, TILL), ("shop", 1, SHOP)]))
    return build_card(
        profile,
        [("till", TILL), ("shop", SHOP)],
        [("till", COAT), ("shop", BOOTS)],
        [("till", VISIT)],
        locations={("till", "1"): "青山店"},
        household=[HIROSHI],
        contacts=CONTACTS,
        today=date(2026, 11, 23),
    )


def printed(width: int, lang: str = "en", limit: int = 20) -> str:
    console = Console(width=width, color_system="truecolor", force_terminal=True)
    with console.capture() as capture:
        console.print(render(card(), lang, limit=limit))
    return capture.get()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_line_is_wider_than_the_terminal_and_the_frame_is_straight(width, lang, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(width=width)
    with console.capture() as capture:
        console.print(render(card(), lang))
    lines = capture.get().splitlines()

    assert max(cell_len(line) for line in lines) == width
    assert {cell_len(line) for line in lines if line.startswith(("│", "╭", "╰"))} == {width}


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["birthday in 6 days (11/29)", "lifetime value", "¥29,700", "verified"]),
        ("ja", ["佐藤 美咲 様", "お誕生日まで6日 (11/29)", "累計お買上げ", "取り置き", "確認済"]),
    ],
)
def test_staff_read_name_birthday_and_totals_in_their_language(lang, words):
    text = printed(100, lang)

    assert "サトウ ミサキ" in text
    assert not [word for word in words if word not in text]


def test_purchases_of_all_channels_stand_newest_first_with_their_place():
    text = printed(100)

    assert text.index("ブーツ") < text.index("コート")
    assert "青山店" in text
    assert "on hold" in text


def test_each_field_says_which_source_and_why():
    golden_view = printed(100).partition("Golden view")[2]

    name = next(line for line in golden_view.splitlines() if "佐藤" in line)
    address = next(line for line in golden_view.splitlines() if "東京都" in line)
    assert "till" in name
    assert "only source" in name
    assert "2026-11-01" in name
    assert "shop" in address


def test_an_identifier_of_two_sources_names_both():
    line = next(line for line in printed(100).splitlines() if "9012345678" in line)

    assert "shop, till" in line


def test_no_color_is_honoured(monkeypatch):
    coloured = printed(80)
    monkeypatch.setenv("NO_COLOR", "1")

    assert "\x1b[1;31m" in coloured
    assert "\x1b[1;31m" not in printed(80)


def test_a_sources_control_characters_never_reach_the_terminal():
    text = printed(100)

    assert "髙〓さんのご紹介[31m" in text


def test_earlier_purchases_are_counted_when_not_shown():
    assert "… and 1 earlier" in printed(100, limit=1)


def test_a_person_of_whom_nothing_is_known_has_a_card():
    bare = Profile.of(2, golden([("till", 0, Customer(external_id="1"))]))
    console = Console(width=80)

    with console.capture() as capture:
        console.print(render(build_card(bare, [], [], [], today=date(2026, 11, 23))))

    assert "(no name)" in capture.get()


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ["Household", "spouse"]), ("ja", ["同じ世帯の方", "配偶者"])]
)
def test_the_household_shows_who_lives_with_the_person(lang, words):
    text = printed(100, lang)

    assert all(part in text for part in ("佐藤 浩", "2020-04-01", *words))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["accepted by line", "No consent is on record", "nothing may be sent", "form"]),
        ("ja", ["line が受付済み", "同意が記録されていません", "何も送れません", "申込書"]),
    ],
)
def test_what_was_said_and_sent_is_one_list_newest_first_in_the_readers_language(lang, words):
    text = printed(160, lang)

    assert [each for each in words if each not in text] == []
    days = [text.index(f"2026-11-{day}") for day in (21, 20, 12, 11)]
    assert days[1:] == sorted(days[1:])
    assert text.index("#13") < text.index("#12")
