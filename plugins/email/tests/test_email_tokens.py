"""Tokens and marks: only we can make them, and they show nobody's address."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokui_email.stamp import Stamp, envelope_sender, in_message_id, in_recipient, stamp, tag
from tokui_email.tokens import Claim, sign, verify

SECRET = "a-secret-of-the-house-that-is-long-enough"
OTHER = "another-secret-of-another-house-as-long"
KEY = "6f1c1b9a-0000-4000-8000-123456789abc"
URL_SAFE = set(string.ascii_letters + string.digits + "-_")

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
claims = st.builds(
    Claim, st.sampled_from(["marketing", "service", "transactional"]), st.none() | words, words
)

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(claims)
def test_a_token_comes_back_as_its_claim(claim):
    assert verify(SECRET, sign(SECRET, claim)) == claim


@CALM
@given(claims)
def test_a_token_fits_into_any_link(claim):
    assert set(sign(SECRET, claim)) <= URL_SAFE


@CALM
@given(claims)
def test_another_house_cannot_read_a_token(claim):
    assert verify(OTHER, sign(SECRET, claim)) is None


@CALM
@given(claims, st.data())
def test_a_token_that_was_changed_claims_nothing(claim, data):
    token = sign(SECRET, claim)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(sorted(URL_SAFE - {token[place]})))

    assert verify(SECRET, token[:place] + other + token[place + 1 :]) is None


@CALM
@given(claims, st.integers(1, 30))
def test_a_token_that_was_cut_claims_nothing(claim, cut):
    assert verify(SECRET, sign(SECRET, claim)[:-cut]) is None


@CALM
@given(st.text(max_size=2000))
def test_nonsense_claims_nothing(token):
    assert verify(SECRET, token) is None


def test_a_token_shows_no_address():
    token = sign(SECRET, Claim("marketing", None, "hanako@example.jp"))

    assert "hanako" not in token.lower()
    assert token != sign(SECRET, Claim("marketing", "news", "hanako@example.jp"))


@CALM
@given(words, words)
def test_a_mark_fits_its_own_address_only(one, other):
    mark = Stamp(KEY, tag(SECRET, KEY, one))

    assert mark.fits(SECRET, one)
    assert mark.fits(SECRET, other) == (tag(SECRET, KEY, other) == mark.tag)


def test_a_mark_without_its_tag_fits_nothing():
    assert not Stamp(KEY, None).fits(SECRET, "hanako@example.jp")


def test_a_mark_fits_whatever_the_case_of_letters():
    mark = Stamp(KEY, tag(SECRET, KEY, "Hanako@Example.JP"))

    assert mark.fits(SECRET, "hanako@example.jp")


@pytest.mark.parametrize("secret", [SECRET, None])
def test_a_mark_is_found_where_it_was_put(secret):
    mark = stamp(secret, KEY, "hanako@example.jp")
    sender = envelope_sender("bounce@shop.example", mark)

    found = in_recipient(f"Bounces <{sender.upper()}>")
    assert found
    assert found.fits(secret, "hanako@example.jp")
    assert in_message_id(f"x <{mark}@shop.example> y", "shop.example")
    assert in_message_id(f"<{mark}@else.example>", "shop.example") is None


def test_a_marked_sender_is_no_longer_than_smtp_allows():
    sender = envelope_sender("x" * 15 + "@shop.example", stamp(SECRET, KEY, "a@b.example"))

    assert len(sender.partition("@")[0]) <= 64
