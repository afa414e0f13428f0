"""Finding people, and writing notes on them, on both databases."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokui.connector import IdentifierRule, Stream
from tokui.errors import ConfigError
from tokui.identity.names import MAX_KEY, looks, search_keys
from tokui.identity.rules import Rules
from tokui.identity.search import find
from tokui.model import Customer, Identifier, PersonName
from tokui.store import feed, issuers, notes, profiles
from tokui.store.entry import entry
from tokui.store.notes import Jotting
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch

AT = datetime(2026, 11, 1, tzinfo=UTC)
CARDS = Stream("people", (Customer,), identifiers=(IdentifierRule("card", "unique", "fuku"),))


def customer(key, name, **known):
    identifiers = tuple(Identifier(kind=kind, value=value) for kind, value in known.items())
    return Customer(external_id=key, name=PersonName(family=name), identifiers=identifiers)


def put(store, connection, *customers):
    rules = Rules(connection, {rule.kind: rule for rule in CARDS.identifiers})
    with store.write() as tx:
        write_batch(tx, rules, Batch(customers=[entry(each) for each in customers]))


def ids(store, query, connections=("shop", "till")):
    with store.read() as tx:
        return find(tx, query, connections)


def test_an_issuer_and_a_value_may_have_colons(store):
    user = Identifier(kind="line_user_id", value="U-7", issuer="line:P")
    page = Identifier(kind="site", value="https://example.com/aya", issuer="web")
    put(store, "shop", Customer(external_id="a", identifiers=(user, page)))

    assert len(ids(store, "U-7")) == len(ids(store, "https://example.com/aya")) == 1


@pytest.fixture
def shop(store):
    put(store, "shop", customer("a", "佐藤", email="aya@example.com", line_user_id="U-1"))
    put(store, "till", customer("b", "鈴木", phone="090-1357-2468", card="0012"))
    return store


def test_every_kind_and_issuer_in_use_is_known(shop):
    with shop.read() as tx:
        found = issuers.in_use(tx)

    assert found == [("card", "fuku"), ("email", "*"), ("line_user_id", "shop"), ("phone", "*")]


@pytest.mark.parametrize("query", ["AYA@example.com", "U-1", "a", "shop:a", "佐"])
def test_one_is_found_by_what_is_known(shop, query):
    assert ids(shop, query) == ids(shop, "aya@example.com") != []


@pytest.mark.parametrize("query", ["09013572468", "0012", "b", "鈴木"])
def test_and_the_other_by_theirs(shop, query):
    assert ids(shop, query) == ids(shop, "b") != ids(shop, "a")


@pytest.mark.parametrize(
    "query",
    ["", " ", "12", "%", ":", "shop:", "shop:b", "佐藤%", "999999999999999999999", "\udcff", "\0"],
)
def test_what_means_nobody_finds_nobody(shop, query):
    assert ids(shop, query) == []


def test_a_profile_number_has_no_leading_zeros(shop):
    [number] = ids(shop, "a")

    assert ids(shop, str(number)) == ids(shop, f"profile:{number}") == [number]
    assert ids(shop, f"0{number}") == []


def test_a_number_that_is_also_a_card_finds_both_unless_it_says_which(shop):
    [number] = ids(shop, "a")
    put(shop, "till", customer("c", "田中", card=str(number)))

    assert len(ids(shop, str(number))) == 2
    assert ids(shop, f"profile:{number}") == [number]


def test_a_limit_is_kept(store):
    put(store, "shop", *(customer(str(n), "佐藤") for n in range(30)))

    assert len(ids(store, "佐藤")) == 20


def test_a_note_is_an_event_of_the_person_and_tells_the_feed(shop):
    [number] = ids(shop, "a")
    with shop.read() as tx:
        before = feed.last(tx)

    notes.write(shop, number, "k1", Jotting("note", AT, "田中", "裾上げ"))
    notes.write(shop, number, "k1", Jotting("note", AT, "田中", "裾上げ"))

    with shop.read() as tx:
        [(connection, event)] = profiles.events(tx, number)
        told = [(each.profile_id, each.what) for each in feed.after(tx, before, 10)]
    assert (connection, event.customer, event.staff) == ("tokui", "shop:a", "田中")
    assert told == [(number, "event")]


def test_a_note_on_nobody_is_refused(shop):
    with pytest.raises(ConfigError, match="there is no profile 999"):
        notes.write(shop, 999, "k1", Jotting("note", AT, "田中", "?"))


def named(key, *identifiers, **parts):
    phones = tuple(Identifier(kind="phone", value=value) for value in identifiers)
    return Customer(external_id=key, name=PersonName(**parts), identifiers=phones)


@pytest.fixture
def town(store):
    put(
        store,
        "till",
        named("kanji", "090-1357-2468", family="大江", given="芽久"),
        named("kana", family_kana="オオエ", given_kana="メグ"),
        named("latin", display="Megu Ooe"),
        named("nick", display="めぐ♪"),
        named("variant", family="髙橋", given="優子", family_kana="タカハシ", given_kana="ユウコ"),
        named("other", family="大田", given="健", family_kana="オオタ", given_kana="ケン"),
    )
    return store


def keys(store, query):
    with store.read() as tx:
        found = [profiles.members(tx, each) for each in find(tx, query, ["till"])]
    return [external_id for members in found for _, _, external_id in members]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("大江芽久", {"kanji", "kana", "latin"}),
        ("大江 芽久", {"kanji", "kana", "latin"}),
        ("大江", {"kanji", "kana", "latin"}),
        ("おおえめぐ", {"kanji", "kana", "latin"}),
        ("ｵｵｴ ﾒｸﾞ", {"kanji", "kana", "latin"}),
        ("めぐ おおえ", {"kanji", "kana", "latin"}),
        ("Ohe Megu", {"kanji", "kana", "latin"}),
        ("megu oe", {"kanji", "kana", "latin"}),
        ("oemegu", {"kanji", "kana", "latin"}),
        ("芽久", {"kanji"}),
        ("めぐ", {"kanji", "kana", "latin", "nick"}),
        ("MEGU", {"kanji", "kana", "latin", "nick"}),
        ("めぐ♪", {"kanji", "kana", "latin", "nick"}),
        ("高橋", {"variant"}),
        ("髙橋優", {"variant"}),
        ("優子", {"variant"}),
        ("yūko", {"variant"}),
        ("ゆうこ", {"variant"}),
        ("Takahashi Yuko", {"variant"}),
        ("たかは", {"variant"}),
        ("2468", {"kanji"}),
        ("２４６８", {"kanji"}),
    ],
)
def test_a_name_is_found_however_it_is_written(town, query, found):
    assert set(keys(town, query)) == found


def test_a_beginning_in_kana_finds_the_long_vowel_first(town):
    found = keys(town, "おお")

    assert set(found[:3]) == {"kanji", "kana", "other"}


def test_whole_names_come_before_those_that_begin_so(store):
    put(
        store,
        "till",
        named("longer", family="佐藤", given="彩子"),
        named("whole", family="佐藤", given="彩"),
    )

    assert keys(store, "佐藤彩") == ["whole", "longer"]


def test_one_who_changed_the_name_is_found_by_the_new_one_only(town):
    put(town, "till", named("other", family="山本", given="健"))

    assert "other" not in keys(town, "おおた")
    assert keys(town, "山本") == ["other"]


@given(st.text(max_size=30))
def test_any_query_has_an_answer(query):
    whole, starts = looks(query)

    assert all(0 < len(key) <= MAX_KEY for key in (*whole, *starts))


@given(
    st.builds(PersonName, **dict.fromkeys(PersonName.model_fields, st.none() | st.text(max_size=9)))
)
def test_any_name_has_few_keys(name):
    customer = Customer(external_id="1", name=name)

    found = search_keys(customer, Rules("till").features(customer))

    assert len(found) <= 7
    assert all(found)
