"""Dates with unknown parts, money, codes, moments: what the small values of the model promise."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tokui.model import (
    Consent,
    Customer,
    Event,
    Identifier,
    Money,
    Order,
    PartialDate,
    PersonName,
    exponent,
    is_gtin,
    microseconds,
    to_minor,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
OFFSETS = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
    lambda delta: timezone(timedelta(minutes=delta // timedelta(minutes=1)))
)
MOMENTS = st.builds(
    lambda seconds, micros, zone: (
        EPOCH + timedelta(seconds=seconds, microseconds=micros)
    ).astimezone(zone),
    st.integers(-(2**31), 2**33),
    st.integers(0, 999_999),
    OFFSETS,
)
CURRENCIES = st.sampled_from(["JPY", "USD", "BHD", "CLF", "EUR"])


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(DAYS)
    return draw(
        st.sampled_from(
            [
                PartialDate(year=day.year, month=day.month, day=day.day),
                PartialDate(year=day.year, month=day.month),
                PartialDate(month=day.month, day=day.day),
                PartialDate(month=day.month),
            ]
        )
    )


@given(partial_dates())
def test_a_partial_date_is_read_back_as_it_was_written(partial):
    assert PartialDate.parse(str(partial)) == partial


@given(st.from_regex(r"([12][0-9]{3}|-)-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?", fullmatch=True))
def test_what_reads_as_a_partial_date_is_written_the_same(text):
    assert str(PartialDate.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "1985", "--02-30", "1985-02-29", "--13-01", "1985-4-1", "0000-01-01", "x"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"not a date|out of range|less than|greater than"):
        PartialDate.parse(text)


def test_29_february_needs_a_leap_year_or_no_year():
    assert str(PartialDate(month=2, day=29)) == "--02-29"
    assert str(PartialDate(year=2024, month=2, day=29)) == "2024-02-29"
    with pytest.raises(ValidationError):
        PartialDate(year=2023, month=2, day=29)


@given(DAYS, DAYS)
def test_a_birthday_comes_within_a_year_and_on_its_day(born, today):
    days = PartialDate(month=born.month, day=born.day).days_until(today)
    reached = today + timedelta(days=days)

    assert 0 <= days <= 366
    if (born.month, born.day) == (2, 29) and (reached.month, reached.day) != (2, 29):
        assert (reached.month, reached.day) == (3, 1)
    else:
        assert (reached.month, reached.day) == (born.month, born.day)


def test_a_birthday_without_a_day_is_never_near():
    assert PartialDate(year=1990, month=4).days_until(date(2026, 4, 1)) is None


@given(st.integers(-(10**12), 10**12), CURRENCIES)
def test_money_survives_its_decimal_form(minor, currency):
    amount = Decimal(minor).scaleb(-exponent(currency))

    assert to_minor(amount, currency) == minor
    assert to_minor(str(amount), currency) == minor


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=5, min_value=-(10**9), max_value=10**9
    ),
    CURRENCIES,
)
def test_an_amount_is_exact_or_refused_never_rounded(amount, currency):
    try:
        minor = to_minor(amount, currency)
    except ValueError:
        assert amount.scaleb(exponent(currency)) % 1 != 0
    else:
        assert Decimal(minor).scaleb(-exponent(currency)) == amount


@pytest.mark.parametrize("amount", ["12.5", "1e-1", "NaN", "Infinity", "", "1,280", "¥1280"])
def test_what_is_no_whole_number_of_yen_is_refused(amount):
    with pytest.raises(ValueError, match="amount is not"):
        to_minor(amount, "JPY")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1280, "JPY", "1,280 JPY"), (-123456, "USD", "-1,234.56 USD"), (1, "BHD", "0.001 BHD")],
)
def test_money_reads_with_its_currency(minor, currency, text):
    assert str(Money(amount_minor=minor, currency=currency)) == text


def test_money_takes_no_fraction():
    with pytest.raises(ValidationError):
        Money(amount_minor=1.5, currency="JPY")


@given(
    st.sampled_from([8, 12, 13, 14]).flatmap(
        lambda size: st.text("0123456789", min_size=size, max_size=size)
    )
)
def test_exactly_one_last_digit_makes_a_gtin(code):
    assert [is_gtin(code[:-1] + last) for last in "0123456789"].count(True) == 1


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_never_a_gtin(body, place, shift):
    code = next(body + last for last in "0123456789" if is_gtin(body + last))
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]

    assert not is_gtin(wrong)


@pytest.mark.parametrize("code", ["4901234567894", "49968712", "036000291452"])
def test_known_codes_are_gtins(code):
    assert is_gtin(code)


@pytest.mark.parametrize(
    "code", ["", "4901234567890", "４９０１２３４５６７８９４", "490123456789", "4.90123E+12"]
)
def test_damaged_codes_are_none(code):
    assert not is_gtin(code)


@given(MOMENTS)
def test_a_moment_is_kept_in_utc_and_is_the_same_moment(moment):
    event = Event(external_id="1", customer="1", type="visit", occurred_at=moment)

    assert event.occurred_at == moment
    assert event.occurred_at.tzinfo is UTC


def test_a_moment_without_an_offset_is_refused():
    with pytest.raises(ValidationError):
        Event(external_id="1", customer="1", type="visit", occurred_at="2026-01-01T00:00:00")


@given(MOMENTS)
def test_a_version_counts_microseconds_exactly(moment):
    customer = Customer(external_id="1", source_version=moment)

    assert customer.version_us == microseconds(moment)
    assert EPOCH + timedelta(microseconds=customer.version_us) == moment


@given(st.integers(0, 2**62))
def test_a_sequence_stays_a_number(sequence):
    customer = Customer(external_id="1", source_version=sequence)

    assert customer.source_version == customer.version_us == sequence


def test_a_later_statement_of_consent_is_another_fact():
    granted = Consent(external_id="1:email", customer="1", contact="email", state="granted")
    revoked = granted.model_copy(update={"state": "revoked"})

    assert granted.key != revoked.key


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (PersonName(family="佐藤", given="美咲", display="みさき"), "佐藤 美咲"),
        (PersonName(display="みさき"), "みさき"),
        (PersonName(family_kana="サトウ"), ""),
    ],
)
def test_a_name_reads_family_first_and_falls_back_to_its_display(name, text):
    assert str(name) == text


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Identifier, {"kind": "E mail", "value": "secret@example.jp"}),
        (Identifier, {"kind": "email", "value": "secret@example.jp" * 99}),
        (Customer, {"external_id": "1", "language": "secret@example.jp"}),
        (Customer, {"external_id": "1", "birthday": "secret@example.jp"}),
        (PartialDate, {"month": "secret@example.jp"}),
        (
            Event,
            {
                "external_id": "1",
                "customer": "1",
                "type": "note",
                "occurred_at": "secret@example.jp",
            },
        ),
    ],
)
def test_a_validation_error_never_shows_the_value(model, fields):
    with pytest.raises(ValidationError) as raised:
        model.model_validate(fields)

    assert "secret" not in str(raised.value)


def test_an_order_whose_lines_cannot_be_told_apart_is_none():
    line = {"line_id": "1", "quantity": 1, "unit_price_minor": 100}
    at = "2026-05-01T10:00:00+09:00"
    order = {"external_id": "o1", "state": "paid", "placed_at": at, "currency": "JPY"}

    with pytest.raises(ValidationError, match="two lines have one `line_id`"):
        Order.model_validate({**order, "lines": [line, line]})
