"""Match keys: equal to what email-validator and phonenumbers say, and kind to what tills really hold."""

import subprocess
import sys

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st
from tokui.identity.normalise import (
    deliverable,
    is_placeholder,
    is_relay,
    issuer_of,
    normalise,
    phone_type,
)

ATOM = "abcxyzABCXYZ019!#$%&'*+/=?^_`{|}~-"
LABEL = "abxnXN019-"
ADDRESSES = st.builds(
    "{}@{}.{}".format,
    st.text(ATOM + ".", min_size=0, max_size=70),
    st.lists(st.text(LABEL, max_size=6), min_size=1, max_size=3).map(".".join),
    st.sampled_from(
        "jp com co.jp JP test local localhost invalid onion arpa c x1 1 xn--wgv71a".split()
    ),
)
DASH = st.sampled_from(["", "-", "--", " ", "ー"])
NUMBERS = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(["0", "+81", "+81-", "+810", "81", "", "+1"]),
    st.sampled_from("10 20 30 50 60 70 80 90 3 6 45 120 0".split()),
    DASH,
    st.text("0123456789", min_size=3, max_size=5),
    DASH,
    st.text("0123456789", min_size=3, max_size=5),
)


def by_email_validator(address: str) -> str | None:
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.normalized.lower()


def by_phonenumbers(number: str, country: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def is_one_digit(key: str | None) -> bool:
    return key is not None and len(set(str(phonenumbers.parse(key).national_number)[2:])) == 1


@given(ADDRESSES)
@example("taro.yamada+sale@example.co.jp")
@example("a@ab--c.jp")
@example("a@xn--c.jp")
@example("a" * 65 + "@example.jp")
@example("a@" + "b" * 64 + ".jp")
def test_an_address_gets_the_key_that_email_validator_gives(address):
    expected = by_email_validator(address)

    if not (expected and is_placeholder("email", expected)):
        assert normalise("email", address) == expected


@given(NUMBERS, st.sampled_from(["JP", "US"]))
@example("090-1234-5678", "JP")
@example("+81-90-1234-5678", "US")
@example("0800-1234-567", "JP")
@example("090-0123-4567", "JP")
@example("03-1234-5678", "US")
@example("+12022222222", "JP")
def test_a_number_that_rings_gets_the_key_that_phonenumbers_gives(number, country):
    expected = by_phonenumbers(number, country)

    if expected and not is_one_digit(expected):
        assert normalise("phone", number, country=country) == expected


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Taro.Yamada@Example.co.jp ", "taro.yamada@example.co.jp"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"),
        ("\ufefftaro@example.jp\u200b", "taro@example.jp"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("ta..ro.@DOCOMO.ne.jp", "ta..ro.@docomo.ne.jp"),
        (".taro@ezweb.ne.jp", ".taro@ezweb.ne.jp"),
        ('"a..b"@docomo.ne.jp', "a..b@docomo.ne.jp"),
        ("Taro.Yamada+tokui@gmail.com", "taroyamada@gmail.com"),
        ("+@gmail.com", "+@gmail.com"),
        ("taro+tokui@example.jp", "taro+tokui@example.jp"),
        ("a@日本.jp", "a@日本.jp"),
    ],
)
def test_addresses_as_shops_hold_them_meet(written, key):
    assert normalise("email", written) == key


@pytest.mark.parametrize(
    "written",
    [
        "090-1234-5678",
        "09012345678",
        "+819012345678",
        "+81-90-1234-5678",
        "+81 (0)90 1234 5678",
        "０９０ー１２３４ー５６７８",
        "０９０−１２３４−５６７８",
        "090 1234 5678 ",
        "\u202d090-1234-5678\u202c",
    ],
)
def test_one_mobile_number_has_one_key_however_it_is_written(written):
    assert normalise("phone", written) == "+819012345678"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", ""),
        ("email", "なし"),
        ("email", "a..b@example.jp"),
        ("email", "..@docomo.ne.jp"),
        ("email", "taro〓@docomo.ne.jp"),
        ("email", "taro@localhost"),
        ("phone", ""),
        ("phone", "-"),
        ("phone", "なし"),
        ("phone", "000-0000-0000"),
        ("phone", "09000000000"),
        ("phone", "090-1111-1111"),
        ("phone", "03-1111-1111"),
        ("phone", "045-111-1111"),
        ("phone", "4.90123E+12"),
        ("phone", "090-1234-567"),
        ("member_no", "  "),
        ("member_no", "0000-0000"),
        ("member_no", "12〓4"),
        ("member_no", "12\ue0004"),
        ("member_no", "なし"),
        ("member_no", "1" * 513),
        ("phone", "1" + "a" * 200_000 + "1"),
        ("member_no", "#N/A"),
        ("line_user_id", "null"),
    ],
)
def test_what_names_nobody_has_no_key(kind, value):
    assert normalise(kind, value) is None


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("080-0194-3694", "+818001943694"),
        ("０９０－０１２３－４５６７", "+819001234567"),
        ("+81 70-0000-1234", "+817000001234"),
        ("(03) 0123-4567", "+81301234567"),
        ("060-1234-9876", "+816012349876"),
    ],
)
def test_a_number_that_is_not_given_out_yet_is_still_a_key(written, key):
    assert normalise("phone", written) == key


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("+819012349876", "mobile"),
        ("+816012349876", "mobile"),
        ("+815012349876", "ip"),
        ("+81120123456", "toll_free"),
        ("+818001234567", "toll_free"),
        ("+81312349876", "landline"),
        ("+16502530000", "other"),
    ],
)
def test_the_prefix_says_what_rings(key, expected):
    assert phone_type(key) == expected


@pytest.mark.parametrize(
    "written",
    "none@none.co.jp noemail@shop.jp test@test.com x@x.jp dummy@gmail.com hoge@hoge.com".split(),
)
def test_an_address_that_was_typed_to_pass_a_form_is_no_key_and_is_never_sent_to(written):
    assert normalise("email", written) is None
    assert deliverable(written) is None


def test_what_is_sent_to_keeps_its_dots_and_tag():
    assert deliverable(" Taro.Yamada+tokui@gmail.com") == "taro.yamada+tokui@gmail.com"
    assert normalise("email", "taroyamada@googlemail.com") == "taroyamada@gmail.com"


@pytest.mark.parametrize(
    "number", ["+819012345678", "+819099999999", "+81301234567", "+81123456789"]
)
def test_numbers_in_a_row_are_no_evidence(number):
    assert is_placeholder("phone", number)


def test_relays_are_known_and_can_be_added():
    assert is_relay("a@marketplace.amazon.co.jp")
    assert is_relay("a@shop.fw.example.jp")
    assert not is_relay("a@fwx.example.jp")
    assert is_relay("a@m.relay.example", ("relay.example",))


def test_other_kinds_keep_leading_zeros_and_case():
    assert normalise("member_no", " ００１２３ ") == "00123"
    assert normalise("line_user_id", "Uab12") == "Uab12"


@given(st.text())
@pytest.mark.parametrize("kind", ["email", "phone", "member_no"])
def test_any_text_has_a_key_or_none_and_a_key_is_its_own_key(kind, text):
    key = normalise(kind, text)

    assert key is None or normalise(kind, key) == key


def test_an_issuer_is_the_identifiers_own_then_the_rules_then_by_kind():
    assert issuer_of("member_no", "card", "gold-card", "till") == "gold-card"
    assert issuer_of("member_no", "card", None, "till") == "card"
    assert issuer_of("member_no", None, None, "till") == "till"
    assert issuer_of("email", None, None, "till", "a@example.jp") == "*"
    assert issuer_of("phone", None, None, "till", "+819012345678") == "*"


def test_a_relay_address_belongs_to_its_connection():
    assert issuer_of("email", None, None, "shop", "x1@privaterelay.appleid.com") == "shop"


def test_plain_values_import_neither_library():
    code = (
        "import sys; from tokui.identity.normalise import normalise;"
        "normalise('email', 'a@example.jp'); normalise('phone', '090-1234-5678');"
        "sys.exit('phonenumbers' in sys.modules or 'email_validator' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
