"""Who lives together, by rule and by people's word."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from tokui.errors import ConfigError
from tokui.identity import batch, undo
from tokui.identity.batch import run
from tokui.identity.features import Features
from tokui.identity.household import Resident, home_keys, households
from tokui.identity.weigh import Policy
from tokui.model import Address, Customer, Identifier, PersonName
from tokui.store import feed
from tokui.store import households as stored
from tokui.store.tables import CustomerRow, columns
from tokui_contracts.scripted import page, script, told

MORI = "staff:Mori"
HOUSE = {"postal_code": "104-0061", "region": "東京都", "city": "中央区", "line1": "銀座1-2-3"}
FLAT = {**HOUSE, "line2": "銀座ハイツ 203号室"}


def features(family="山田", kana="やまだ", phone=None, **address):
    name = PersonName(family=family, given="花子", family_kana=kana, given_kana="はなこ")
    places = (Address(**address),) if address else ()
    numbers = {"phone:*": {phone: "shareable"}} if phone else {}
    return Features.of(Customer(external_id="1", name=name, addresses=places), numbers)


def together(*people):
    """Are these, each another person, of one household?"""
    found = households(Resident(n, n, home_keys(each)) for n, each in enumerate(people))
    return any(len(group) == len(people) for group in found)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({**HOUSE}, {**HOUSE}, True),
        ({**HOUSE}, {**HOUSE, "line1": "銀座一丁目2番3号"}, True),
        ({**HOUSE}, {**HOUSE, "line1": "銀座1-2-4"}, False),
        ({**FLAT}, {**FLAT}, True),
        ({**FLAT}, {**FLAT, "line2": "銀座ハイツ 204号室"}, False),
        ({**HOUSE, "line2": "銀座ハイツ"}, {**HOUSE, "line2": "銀座ハイツ"}, False),
        ({**HOUSE, "line2": "山田商事株式会社"}, {**HOUSE, "line2": "山田商事株式会社"}, False),
        ({**HOUSE, "line2": "銀座学生寮 101号室"}, {**HOUSE, "line2": "銀座学生寮 101号室"}, False),
        ({"line1": "本町1-2-3"}, {"line1": "本町1-2-3"}, False),
        ({"phone": "+81335551234"}, {"phone": "+81335551234"}, True),
        ({"phone": "+819011112222"}, {"phone": "+819011112222"}, True),
        ({"phone": "+819011112222"}, {"phone": "+819011113333"}, False),
    ],
)
def test_people_of_one_name_live_together_at_one_full_address_or_with_one_phone(one, other, same):
    assert together(features(**one), features(**other)) is same


def test_people_of_another_name_do_not_live_together():
    assert not together(features(**HOUSE), features("鈴木", "すずき", **HOUSE))


def test_a_name_in_kana_is_the_same_name():
    assert together(features(**HOUSE), features(None, "ヤマダ", **HOUSE))


def test_one_person_alone_is_no_household():
    keys = home_keys(features(**HOUSE))

    assert households([Resident(1, 7, keys), Resident(2, 7, keys)]) == []


def test_very_many_of_one_name_at_one_address_are_no_household():
    assert not together(*[features(**HOUSE)] * 13)


@given(st.permutations(range(6)), st.lists(st.sets(st.integers(0, 4)), min_size=6, max_size=6))
def test_households_do_not_depend_on_the_order(order, keys):
    people = [Resident(n, n, frozenset(each)) for n, each in enumerate(keys)]

    assert households(people[n] for n in order) == households(people)


@pytest.fixture
def family(store):
    """Hanako and Taro in one house, Jiro in another; their customer ids and profiles."""
    people = [
        Customer(
            external_id=key,
            name=PersonName(family="山田", given=given, family_kana="やまだ"),
            addresses=(Address(**{**HOUSE, "line1": line}),),
            identifiers=(Identifier(kind="email", value=f"{key}@example.jp"),),
        )
        for key, given, line in (
            ("1", "花子", "銀座1-2-3"),
            ("2", "太郎", "銀座1-2-3"),
            ("3", "次郎", "銀座9-9-9"),
        )
    ]
    told(store, script("shop", page(*people)))
    recompute(store)
    at = columns(CustomerRow)
    with store.read() as tx:
        return [tuple(row) for row in tx.all(sa.select(at.id, at.profile_id).order_by(at.id))]


def recompute(store, processes=1):
    return run(store, Policy(), everything=True, processes=processes)


def living(store, profile):
    """Who lives with the profile now: profile → role."""
    with store.read() as tx:
        return {
            member.profile_id: member.role
            for each in stored.of_profile(tx, profile)
            for member in each.members
            if member.until is None
        }


def test_those_who_live_together_are_found_and_told_of(store, family):
    (_, hanako), (_, taro), (_, jiro) = family

    assert living(store, hanako) == {hanako: "member", taro: "member"}
    assert living(store, jiro) == {}
    with store.read() as tx:
        told_of = {each.profile_id for each in feed.after(tx, 0, 100) if each.what == "household"}
    assert told_of == {hanako, taro}


def test_finding_households_again_changes_nothing(store, family):
    before = living(store, family[0][1])

    assert recompute(store).homes == 0
    assert living(store, family[0][1]) == before


def test_several_processes_find_the_same_households(store, family):
    assert recompute(store, processes=2).homes == 0


def test_what_people_say_of_a_household_survives(store, family):
    (_, hanako), (taro_id, taro), (jiro_id, jiro) = family
    with store.write() as tx:
        (home,) = stored.of_profile(tx, hanako)
        stored.add(tx, home.id, jiro_id, MORI, "child", datetime(2020, 4, 1, tzinfo=UTC))
        stored.remove(tx, home.id, taro_id, MORI)

    recompute(store)

    assert living(store, hanako) == {hanako: "member", jiro: "child"}
    with store.read() as tx:
        (home,) = stored.of_profile(tx, jiro)
    assert {each.profile_id: each.actor for each in home.members}[taro] == MORI
    assert next(each.since for each in home.members if each.profile_id == jiro).year == 2020


def test_one_who_moves_away_belonged_until_then(store, family):
    (_, hanako), (_, taro), _ = family
    moved = Customer(external_id="2", addresses=(Address(**{**HOUSE, "line1": "銀座5-5-5"}),))
    told(store, script("shop", [], page(moved)))

    recompute(store)

    with store.read() as tx:
        (home,) = stored.of_profile(tx, taro)
    assert all(each.until for each in home.members if each.profile_id == taro)
    assert living(store, hanako) == {}


def test_whoever_stays_keeps_the_number_of_the_household(store):
    """Not the one who moves in with somebody else, though they were known first."""
    name = PersonName(family="山田", family_kana="やまだ")
    there, new = (
        {"addresses": (Address(**{**HOUSE, "line1": line}),)} for line in ("銀座1-2-3", "銀座5-5-5")
    )
    people = [Customer(external_id=key, name=name, **there) for key in "123"]
    told(store, script("shop", page(*people, Customer(external_id="4", name=name, **new))))
    recompute(store)
    with store.read() as tx:
        before = stored.of_profile(tx, 3)[0].id

    told(store, script("shop", [], page(people[0].model_copy(update=new))))
    recompute(store)

    assert living(store, 3).keys() == {2, 3}
    assert living(store, 4).keys() == {1, 4}
    with store.read() as tx:
        assert [each.id for each in stored.of_profile(tx, 3)] == [before]


def test_no_membership_ends_before_it_began(store, family):
    (hanako_id, hanako), *_ = family
    began, before = datetime(2020, 4, 1, tzinfo=UTC), datetime(2019, 4, 1, tzinfo=UTC)
    with store.write() as tx:
        (home,) = stored.of_profile(tx, hanako)
        stored.add(tx, home.id, hanako_id, MORI, since=began)

        with pytest.raises(ConfigError, match="before it began"):
            stored.remove(tx, home.id, hanako_id, MORI, before)


def test_a_household_merges_nobody_and_follows_its_members(store, family):
    (_, hanako), (_, taro), (_, jiro) = family
    with store.write() as tx:
        assert len({profile for _, profile in family}) == 3
        undo.merge(tx, hanako, jiro, MORI)

    assert living(store, hanako).keys() == {hanako, taro}


def test_a_household_that_few_have_founded_is_found_within_a_day(store, family, monkeypatch):
    (_, _), (_, _), (_, jiro) = family
    monkeypatch.setattr(batch, "FEW", 0)
    wife = Customer(
        external_id="4",
        name=PersonName(family="山田", given="春子", family_kana="やまだ"),
        addresses=(Address(**{**HOUSE, "line1": "銀座9-9-9"}),),
    )
    told(store, script("till", page(wife)))
    run(store, Policy())
    assert living(store, jiro) == {}

    told(store, script("till", [], page(wife.model_copy(update={"note": "regular"}))))
    tomorrow = store.now_us() + batch.DAY_US
    monkeypatch.setattr(store, "now_us", lambda: tomorrow)
    run(store, Policy())

    assert len(living(store, jiro)) == 2
