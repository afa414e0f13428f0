from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokui.connector import IdentifierRule
from tokui.model import Consent, Customer, PartialDate
from tokui_shopify.mapping.customers import Customers
from tokui_shopify.settings import ShopifySettings

MAPPED = {
    "identifiers": {
        "line_user_id": {"from": "metafield:line.user_id", "issuer": "2001"},
        "member_no": "tag:member-",
    },
    "family_kana": "metafield:custom.sei_kana",
    "given_kana": "metafield:custom.mei_kana",
    "birthday": "metafield:facts.birth_date",
}


def read(shop: Any, item: dict[str, Any], **settings: Any) -> tuple[Customer, list[Consent]]:
    customer, *consents = shop(**settings).parse("customers", item)
    return customer, consents


def test_a_customer_has_its_own_contacts_only(shop: Any, vendor: Any) -> None:
    customer, _ = read(shop, vendor("customers", "hanako"))

    assert [(i.kind, i.value, i.verified) for i in customer.identifiers] == [
        ("email", "hanako@example.jp", True),
        ("phone", "+819012345678", False),
    ]
    assert [address.name for address in customer.addresses] == ["山田 花子", "佐藤 次郎"]


def test_a_customer_is_whole(shop: Any, vendor: Any) -> None:
    customer, _ = read(shop, vendor("customers", "hanako"))

    assert str(customer.name) == "山田 花子"
    assert (customer.language, customer.note) == ("ja", "左利き")
    assert customer.tags == ("VIP", "member-00123")
    assert customer.source_version == datetime(2026, 9, 1, tzinfo=UTC)
    assert customer.created_at == datetime(2024, 4, 1, 1, tzinfo=UTC)


def test_metafields_and_tags_become_what_the_settings_say(shop: Any, vendor: Any) -> None:
    customer, _ = read(shop, vendor("customers", "hanako"), **MAPPED)

    numbers = [(i.kind, i.value, i.issuer) for i in customer.identifiers[2:]]
    assert numbers == [
        ("line_user_id", "U0123456789abcdef0123456789abcdef", "2001"),
        ("member_no", "00123", None),
    ]
    assert customer.name
    assert customer.name.kana == "ヤマダ ハナコ"
    assert customer.birthday == PartialDate(year=1985, month=4, day=12)


def test_a_line_id_is_unique_and_what_families_share_is_shareable(shop: Any) -> None:
    streams = {stream.name: stream for stream in shop(**MAPPED).streams()}

    assert streams["customers"].identifiers == (
        IdentifierRule("email", "shareable"),
        IdentifierRule("phone", "shareable"),
        IdentifierRule("line_user_id", "unique", "2001"),
        IdentifierRule("member_no", "strong"),
    )


def test_both_consents_come_with_time_and_evidence(shop: Any, vendor: Any) -> None:
    _, (email, phone) = read(shop, vendor("customers", "hanako"))

    assert (email.contact, email.value, email.state) == ("email", "hanako@example.jp", "granted")
    assert email.occurred_at == datetime(2025, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert email.evidence == "double_opt_in"
    assert email.external_id == "gid://shopify/Customer/501/email"
    assert (phone.contact, phone.state, phone.evidence) == ("phone", "revoked", "single_opt_in")


@pytest.mark.parametrize(("by", "evidence"), [("SHOPIFY", "collected:shopify"), ("OTHER", None)])
def test_only_shopifys_own_form_proves_a_consent_of_no_level(
    shop: Any, vendor: Any, by: str, evidence: str | None
) -> None:
    item = vendor("customers", "hanako")
    said = {"marketingOptInLevel": "UNKNOWN", "marketingCollectedFrom": by}
    item["defaultPhoneNumber"].update(said)

    _, consents = read(shop, item)

    assert consents[1].evidence == evidence


@pytest.mark.parametrize(
    ("state", "meaning"),
    [
        ("SUBSCRIBED", "granted"),
        ("UNSUBSCRIBED", "revoked"),
        ("REDACTED", "denied"),
        ("PENDING", "unknown"),
        ("NOT_SUBSCRIBED", "unknown"),
        ("A_NEW_WORD", "unknown"),
    ],
)
def test_only_a_subscription_is_a_grant(shop: Any, vendor: Any, state: str, meaning: str) -> None:
    item = vendor("customers", "hanako")
    item["defaultEmailAddress"]["marketingState"] = state

    _, consents = read(shop, item)

    assert consents[0].state == meaning


def test_what_was_never_said_is_no_statement(shop: Any, vendor: Any) -> None:
    _, consents = read(shop, vendor("customers", "phone_only"))

    assert consents == []


def test_a_customer_without_any_contact_is_still_a_customer(shop: Any, vendor: Any) -> None:
    customer, consents = read(shop, vendor("customers", "bare"))

    assert (customer.name, customer.identifiers, customer.language) == (None, (), None)
    assert consents == []


def test_what_shopify_does_not_show_is_withheld_and_not_empty(shop: Any, vendor: Any) -> None:
    customer, _ = read(shop, vendor("customers", "hidden"))

    assert customer.withheld == ("addresses", "identifiers", "name")


EMPTY = "defaultEmailAddress defaultPhoneNumber defaultAddress addressesV2 metafields verifiedEmail"
maybe = st.none() | st.text(max_size=12)


@given(family=maybe, given_=maybe, locale=maybe, note=maybe, tags=st.lists(st.text(max_size=9)))
def test_any_text_of_a_shop_is_taken_as_it_is(
    family: str | None, given_: str | None, locale: str | None, note: str | None, tags: list[str]
) -> None:
    settings = ShopifySettings(shop="a.myshopify.com", access_token="t", **MAPPED)  # type: ignore[arg-type]
    times = {"createdAt": "2024-04-01T01:00:00Z", "updatedAt": "2026-09-01T00:00:00Z"}
    texts = {"firstName": given_, "lastName": family, "locale": locale, "note": note, "tags": tags}

    item = {"id": "gid://shopify/Customer/1", **dict.fromkeys(EMPTY.split()), **times, **texts}

    [customer] = Customers(settings).parse(item)

    assert isinstance(customer, Customer)
    assert customer.tags == tuple(tags)
    assert (customer.name is None) == (not family and not given_)
