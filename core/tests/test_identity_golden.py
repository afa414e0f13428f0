"""The golden view: whole values, each with the record that states it, whatever the order of arrival."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokui.card import Profile, Source
from tokui.identity.golden import golden
from tokui.model import Address, Customer, Identifier, PartialDate, PersonName

WORD = st.none() | st.sampled_from(["", "佐藤", "サトウ", "美咲", "ミサキ", "A", "長谷川"])
NAMES = st.builds(
    PersonName, family=WORD, given=WORD, family_kana=WORD, given_kana=WORD, display=WORD
)
ADDRESSES = st.builds(Address, postal_code=WORD, city=WORD, line1=WORD)
IDENTIFIERS = st.builds(
    Identifier,
    kind=st.sampled_from(["email", "phone", "member_no"]),
    value=st.sampled_from(["a@x.jp", "A@X.jp", "090-1234-5678", "09012345678", "〓1", "0012"]),
    issuer=st.sampled_from([None, None, "card"]),
    verified=st.booleans(),
)
CUSTOMERS = st.builds(
    Customer,
    external_id=st.sampled_from("123456789"),
    source_version=st.none()
    | st.integers(0, 3)
    | st.sampled_from([datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]),
    name=st.none() | NAMES,
    birthday=st.sampled_from(
        [None, PartialDate(month=4, day=1), PartialDate(year=1990, month=4, day=1)]
    ),
    language=st.sampled_from([None, "ja", "en-GB"]),
    addresses=st.lists(ADDRESSES, max_size=2).map(tuple),
    identifiers=st.lists(IDENTIFIERS, max_size=3).map(tuple),
    tags=st.lists(st.sampled_from(["VIP", "mail"]), max_size=2).map(tuple),
    guest=st.booleans(),
)
RECORDS = st.lists(
    st.tuples(st.sampled_from(["shop", "till"]), st.integers(0, 1), CUSTOMERS),
    min_size=1,
    max_size=5,
    unique_by=lambda record: (record[0], record[2].external_id),
)


def person(external_id: str = "1", **fields: object) -> Customer:
    return Customer.model_validate({"external_id": external_id, **fields})


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(records, rng):
    shuffled = rng.sample(records, len(records))

    assert golden(shuffled) == golden(records)


@given(RECORDS)
def test_hearing_a_record_twice_changes_nothing(records):
    assert golden(records + records[:1]) == golden(records)


@given(RECORDS)
def test_every_value_is_whole_in_the_record_it_names(records):
    by_source = {Source(connection=c, external_id=r.external_id): r for c, _, r in records}

    view = golden(records)

    for field in ("name", "birthday", "gender", "language"):
        if stated := getattr(view, field):
            assert stated.value == getattr(by_source[stated.source], field)
    assert all(said.value in by_source[said.source].addresses for said in view.addresses)
    assert all(said.value in by_source[said.source].tags for said in view.tags)


@given(RECORDS)
def test_no_statement_is_lost(records):
    view = golden(records)

    assert (view.name is None) == (
        not any(r.name and any(dict(r.name).values()) for _, _, r in records)
    )
    assert {said.value for said in view.addresses} == {
        a for _, _, r in records for a in r.addresses
    }
    for connection, _, record in records:
        source = Source(connection=connection, external_id=record.external_id)
        stated = sum(source in known.sources for known in view.identifiers)
        assert stated <= len(record.identifiers)
        assert bool(stated) == bool(record.identifiers)


@given(RECORDS)
def test_a_guest_never_beats_a_registered_customer(records):
    guests = {(c, r.external_id) for c, _, r in records if r.guest}
    named = [r for _, _, r in records if r.name and any(dict(r.name).values()) and not r.guest]

    view = golden(records)

    if named:
        assert (view.name.source.connection, view.name.source.external_id) not in guests


def test_a_lower_priority_number_is_trusted_more_than_a_later_record():
    shop = person(name={"family": "佐藤"}, source_version="2026-01-02T00:00:00Z")
    till = person(name={"family": "齋藤"}, source_version="2026-01-01T00:00:00Z")

    name = golden([("shop", 1, shop), ("till", 0, till)]).name

    assert (name.value.family, name.source.connection, name.rule) == ("齋藤", "till", "priority")
    assert name.at == datetime(2026, 1, 1, tzinfo=UTC)


def test_among_equals_the_latest_wins_and_then_the_longest():
    old = person(name={"family": "佐藤"}, source_version="2026-01-01T00:00:00Z")
    new = person(name={"family": "齋藤"}, source_version="2026-01-02T00:00:00Z")
    full = person("2", birthday={"year": 1990, "month": 4, "day": 1})
    half = person("1", birthday={"month": 4, "day": 1})

    assert golden([("a", 0, old), ("b", 0, new)]).name.rule == "recent"
    birthday = golden([("a", 0, half), ("a", 0, full)]).birthday
    assert (birthday.value.year, birthday.rule) == (1990, "longest")


def test_a_record_with_a_verified_contact_comes_before_one_that_is_trusted_more():
    mail = {"kind": "email", "value": "mail@example.jp", "verified": True}
    till = person(language="en")
    shop = person(language="ja", identifiers=(mail,))

    language = golden([("till", 0, till), ("shop", 9, shop)]).language

    assert (language.value, language.rule) == ("ja", "verified")


def test_between_records_of_one_moment_what_most_say_stands():
    said = [person(str(n), gender=gender) for n, gender in enumerate(("male", "female", "female"))]

    gender = golden([("till", 0, each) for each in said]).gender

    assert (gender.value, gender.rule) == ("female", "frequent")


@pytest.mark.parametrize(
    "less",
    [
        {"display": "かのちゃん♪"},
        {"family_kana": "ﾅｶﾊﾗ", "given_kana": "ｲｸﾉ"},
        {"family": "中原"},
        {"family": "Nakahara", "given": "Ikuno"},
    ],
)
def test_nobody_is_called_by_less_than_the_name_that_is_known(less):
    line = {"kind": "line_user_id", "value": "U1", "verified": True}
    till = person(name=less, identifiers=(line,), source_version="2026-01-02T00:00:00Z")
    shop = person(name={"display": "中原 郁乃"}, source_version="2026-01-01T00:00:00Z")

    name = golden([("line", 0, till), ("shop", 9, shop)]).name

    assert (str(name.value), name.rule) == ("中原 郁乃", "written")


def test_kanji_of_one_record_never_meets_the_reading_of_another():
    shop = person(name={"family": "東海林", "given": "太郎"})
    till = person(name={"family_kana": "ショウジ", "given_kana": "タロウ"})

    name = golden([("shop", 0, shop), ("till", 1, till)]).name

    assert name.value == shop.name


def test_an_address_stands_once_however_it_is_written():
    ways = [
        {"line1": "千葉県野田市蕃昌5-25", "postal_code": "278-0041"},
        {"line1": "野田市蕃昌5ー25"},
        {"region": "千葉県", "city": "野田市", "line1": "蕃昌５番２５号", "postal_code": "2780041"},
    ]
    other = {"line1": "野田市蕃昌5-25", "line2": "野田ハイツ 101"}
    records = [
        ("till", n, person(str(n), addresses=(way,))) for n, way in enumerate([*ways, other])
    ]

    first, second = golden(records).addresses

    assert (first.value.postal_code, first.source.external_id) == ("278-0041", "0")
    assert second.value.line2 == "野田ハイツ 101"


def test_what_a_source_may_not_show_does_not_hide_what_another_says():
    shop = person(withheld=("name", "birthday"))
    till = person(name={"family": "佐藤"})

    view = golden([("shop", 0, shop), ("till", 1, till)])

    assert view.name.value.family == "佐藤"
    assert view.name.rule == "only"
    assert view.birthday is None


def test_records_that_agree_say_so():
    same = person(language="ja")

    assert golden([("shop", 0, same), ("till", 1, same)]).language.rule == "agreed"


def test_an_identifier_stands_once_with_all_its_sources_verified_ones_first():
    shop = person(identifiers=({"kind": "phone", "value": "09012345678"},))
    till = person(
        identifiers=(
            {"kind": "member_no", "value": "0012"},
            {"kind": "phone", "value": "090-1234-5678", "verified": True},
        )
    )

    phone, card = golden(
        [("shop", 0, shop), ("till", 1, till)], issuers={("till", "member_no"): "gold"}
    ).identifiers

    assert (phone.raw, phone.key, phone.issuer, phone.verified) == (
        "090-1234-5678",
        "+819012345678",
        "*",
        True,
    )
    assert [source.connection for source in phone.sources] == ["till", "shop"]
    assert (card.raw, card.issuer, card.verified) == ("0012", "gold", False)


def test_values_of_different_issuers_stay_apart():
    shop = person(identifiers=({"kind": "member_no", "value": "12"},))

    view = golden([("shop", 0, shop), ("till", 0, shop)])

    assert [known.issuer for known in view.identifiers] == ["shop", "till"]


def test_a_profile_is_the_golden_view_under_an_id():
    view = golden([("shop", 0, person(language="ja"))])

    profile = Profile.of(1, view)

    assert profile.profile_id == 1
    assert profile.language == view.language
    assert Profile.model_validate_json(profile.model_dump_json()) == profile
