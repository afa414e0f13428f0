"""Consents that people gave or took back elsewhere reach Shopify."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tokui.connector import Preference, Pull
from tokui.errors import AuthError
from tokui.model import Consent
from tokui_contracts.shopify import ALL_SCOPES, TOKEN, ShopifySandbox
from tokui_contracts.town import TODAY, Town
from tokui_shopify.connector import Shopify

LATER = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
Opened = Callable[..., tuple[ShopifySandbox, Shopify]]


@pytest.fixture
def opened(shop: Any) -> Iterator[Opened]:
    running: list[ShopifySandbox] = []

    def start(**how: Any) -> tuple[ShopifySandbox, Shopify]:
        running.append(ShopifySandbox(Town(20), **how).__enter__())
        made = shop(base_url=running[-1].url, access_token=TOKEN, write_back=True)
        return running[-1], made

    yield start
    for sandbox in running:
        sandbox.__exit__(None, None, None)


def said(made: Shopify, customer: str, contact: str) -> Consent:
    [item] = made.fetch("customers", [customer])
    records = made.parse("customers", item)
    return next(r for r in records if isinstance(r, Consent) and r.contact == contact)


def with_both(made: Shopify) -> str:
    """A customer with an address and a phone number."""
    pages = made.pull(Pull("customers", None, TODAY))
    items = (item for page in pages for item in page.items)
    return next(
        item["id"] for item in items if item["defaultEmailAddress"] and item["defaultPhoneNumber"]
    )


def wish(customer: str, **more: Any) -> Preference:
    whole = {"contact": "email", "value": "-", "state": "denied", "occurred_at": LATER, **more}
    return Preference(customer=customer, **whole)


@pytest.mark.parametrize("contact", ["email", "phone"])
def test_a_no_is_written_and_read_back_as_one(opened: Opened, contact: Any) -> None:
    _, made = opened()
    customer = with_both(made)

    [ack] = made.push([wish(customer, contact=contact)])

    known = said(made, customer, contact)
    assert ack.done
    assert (known.state, known.occurred_at) == ("revoked", LATER)


def test_a_proven_yes_is_written_with_its_level(opened: Opened) -> None:
    _, made = opened()
    customer = with_both(made)

    made.push([wish(customer, state="granted", evidence="double_opt_in")])

    known = said(made, customer, "email")
    assert (known.state, known.evidence) == ("granted", "double_opt_in")


def test_an_older_word_changes_nothing_at_shopify(opened: Opened) -> None:
    _, made = opened()
    customer = with_both(made)
    made.push([wish(customer)])

    made.push([wish(customer, state="granted", occurred_at=datetime(2020, 1, 1, tzinfo=UTC))])

    assert said(made, customer, "email").state == "revoked"


def test_what_shopify_refuses_has_its_reason(opened: Opened) -> None:
    _, made = opened()

    acks = made.push([wish("gid://shopify/Customer/1"), wish("1", contact="line_user_id")])

    assert [(ack.done, ack.reason) for ack in acks] == [
        (False, "INVALID"),
        (False, "Shopify keeps no consent of this kind"),
    ]


def test_without_the_scope_nothing_is_written_and_the_scope_is_named(opened: Opened) -> None:
    _, made = opened(scopes=set(ALL_SCOPES) - {"write_customers"})

    with pytest.raises(AuthError, match="write_customers"):
        made.push([wish("gid://shopify/Customer/1")])
    assert any("write_customers" in found.what for found in made.check())


def test_nothing_is_taken_unless_the_settings_say_so(shop: Any) -> None:
    assert shop().takes == ()
    assert shop(write_back=True).takes == ("email", "phone")
