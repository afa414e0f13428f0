"""Reading who follows the account."""

import pytest
from tokui.connector import Pull
from tokui.errors import AuthError
from tokui_contracts.context import NOON

HANA, TARO = f"U{'a' * 32}", f"U{'b' * 32}"
ALL = Pull("followers", None, NOON)


def customers(account):
    items = [item for page in account.pull(ALL) for item in page.items]
    return {c.external_id: c for item in items for c in account.parse("followers", item)}


def test_every_follower_is_a_customer_with_name_and_language(account):
    found = customers(account)

    assert str(found[HANA].name) == "はな"
    assert (found[HANA].language, found[TARO].language) == ("ja", "en")
    (identifier,) = found[HANA].identifiers
    assert (identifier.kind, identifier.value) == ("line_user_id", HANA)
    assert (identifier.issuer, identifier.verified) == ("line:2000000001", True)


def test_followers_are_read_to_the_last_page(line, connect):
    for number in range(7):
        line.account.follow(f"U{number:032x}", displayName="x")

    pages = list(connect(page_size=4).pull(ALL))

    assert [len(page.items) for page in pages] == [4, 4, 1]


def test_a_hidden_profile_is_a_customer_of_whom_the_name_stays_as_it_was(line, account):
    line.account.profiles[HANA] = {}

    assert set(customers(account)[HANA].withheld) == {"identifiers", "name", "language"}


def test_profiles_need_not_be_read(line, connect):
    found = customers(connect(profiles=False))

    assert found[HANA].name is None
    assert [call.path for call in line.calls] == ["/v2/bot/followers/ids"]


def test_who_blocks_the_account_is_listed_no_more(line, account):
    line.account.blocked.add(HANA)

    assert set(customers(account)) == {TARO}
    assert list(account.fetch("followers", [HANA])) == []


def test_an_account_that_may_not_list_its_followers_hears_why(line, account):
    line.account.verified = False

    with pytest.raises(AuthError, match="verified and premium"):
        list(account.pull(ALL))


def test_user_ids_are_the_providers(account, connect):
    (stream,) = account.streams()

    assert stream.identifiers[0].issuer == account.issuer == "line:2000000001"
    assert connect(provider="2000000009").issuer == "line:2000000009"
