"""Linking a LINE account to an account of the shop."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from tokui.connector import Note
from tokui.errors import ConfigError, FatalError
from tokui.model import Customer, Event, Identifier
from tokui_contracts.context import NOON
from tokui_line.linking import LIFE, Seal

HANA, TARO = f"U{'a' * 32}", f"U{'b' * 32}"
CARD = Identifier(kind="member_no", value="0012345", issuer="tokui-card")
PAGE = "https://shop.example.jp/login?lang=ja"


def query(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def linked(account, event):
    note = Note(event["webhookEventId"], event["type"], event)
    records = list(account.unpack(note))
    (customer,) = (each for each in records if isinstance(each, Customer))
    (told,) = (each for each in records if isinstance(each, Event))
    return customer, told


@pytest.fixture
def address(account):
    """Where the login page sends Hana's browser once she has logged in."""
    asked = query(account.invite(HANA, PAGE))
    return account.redirect(asked["linkToken"], asked["state"], CARD)


def test_the_login_page_gets_the_link_token_and_who_was_invited(line, account):
    url = account.invite(HANA, PAGE)

    assert url.startswith("https://shop.example.jp/login?lang=ja&linkToken=")
    assert HANA not in url
    assert set(query(url)) == {"lang", "linkToken", "state"}


def test_a_linked_account_is_an_identifier_of_the_person(line, account, address):
    customer, told = linked(account, line.tap(address, HANA))

    assert Identifier(**{**CARD.model_dump(), "verified": True}) in customer.identifiers
    assert customer.external_id == HANA
    assert (told.type, told.data) == ("account_link", {"result": "ok", "known": True})


def test_the_nonce_shows_neither_the_account_nor_twice_the_same(account, address):
    asked = query(account.invite(HANA, PAGE))
    again = account.redirect(asked["linkToken"], asked["state"], CARD)

    nonces = {query(url)["nonce"] for url in (address, again)}
    assert len(nonces) == 2
    assert all(10 <= len(nonce) <= 255 and "0012345" not in nonce for nonce in nonces)


def test_somebody_elses_browser_links_nothing(line, account, address):
    customer, told = linked(account, line.tap(address, TARO))

    assert CARD.value not in [each.value for each in customer.identifiers]
    assert told.data["result"] == "failed"


def test_a_stolen_nonce_is_of_no_use_to_another_person(line, account, address):
    token = line.account.link_token(TARO)
    stolen = f"https://access.line.me/x?linkToken={token}&nonce={query(address)['nonce']}"

    customer, told = linked(account, line.tap(stolen, TARO))

    assert [each.value for each in customer.identifiers] == [TARO]
    assert told.data == {"result": "ok", "known": False}


def test_a_link_token_is_good_once(line, address):
    line.tap(address, HANA)

    assert line.tap(address, HANA) is None


def test_a_nonce_of_yesterday_links_nothing(line, account, address, clock):
    nonce = query(address)["nonce"]
    clock.at += timedelta(days=1)
    url = f"https://access.line.me/x?linkToken={line.account.link_token(HANA)}&nonce={nonce}"

    customer, _ = linked(account, line.tap(url, HANA))

    assert [each.value for each in customer.identifiers] == [HANA]


@given(st.text(max_size=300))
def test_a_nonce_of_others_is_none_of_ours(nonce):
    assert Seal(SecretStr("s")).open_nonce(nonce, HANA, NOON) is None


@given(
    st.text("0123456789-あ", min_size=1, max_size=30),
    st.floats(-LIFE.total_seconds(), LIFE.total_seconds()),
)
def test_what_was_closed_is_opened_as_it_was(value, seconds):
    seal, account = Seal(SecretStr("s")), Identifier(kind="member_no", value=value, issuer=None)

    nonce = seal.nonce(account, HANA, NOON, b"0" * 16)

    opened = seal.open_nonce(nonce, HANA, NOON + timedelta(seconds=seconds))
    assert opened is not None
    assert opened.value == value


def test_a_state_that_was_not_made_here_is_refused(account):
    with pytest.raises(FatalError, match="not made here"):
        account.redirect("token", "c3RhdGU", CARD)


def test_a_number_too_long_for_a_nonce_is_refused(account):
    state = query(account.invite(HANA, PAGE))["state"]

    with pytest.raises(FatalError, match="too long"):
        account.redirect("token", state, Identifier(kind="member_no", value="0" * 200))


@pytest.mark.parametrize("page", ["http://shop.example.jp/", "shop", "https://shop.jp/#a"])
def test_the_login_page_must_be_on_https(account, page):
    with pytest.raises(ConfigError, match="https"):
        account.invite(HANA, page)


def test_without_the_channel_secret_nothing_is_linked(connect):
    with pytest.raises(ConfigError, match="channel secret"):
        connect(channel_secret=None).invite(HANA, PAGE)
