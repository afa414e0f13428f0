"""Customers, addresses and orders of the town, as Shopify's API writes them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tokui_contracts.town import Account, Address, Person

Node = dict[str, Any]
"""One object; a value that is callable is made when it is asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A value that depends on the arguments of its field."""

    answer: Callable[..., Any]


def gid(kind: str, number: int | str) -> str:
    """A Shopify id."""
    return f"gid://shopify/{kind}/{number}"


def instant(at: datetime) -> str:
    """A time as Shopify writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def international(phone: str | None) -> str | None:
    """E.164 of Japanese national digits."""
    return f"+81{phone[1:]}" if phone else None


def to_address(home: Address, number: str, family: str, given: str, phone: str | None) -> Node:
    """A mailing address under a name."""
    quarter = home.quarter
    return {
        "__typename": "MailingAddress",
        "id": gid("MailingAddress", f"{number}?model_name=CustomerAddress"),
        "firstName": given,
        "lastName": family,
        "name": f"{family} {given}",
        "address1": home.line1,
        "address2": home.building or None,
        "city": quarter.city,
        "province": quarter.prefecture,
        "provinceCode": quarter.province,
        "zip": f"{quarter.postal[:3]}-{quarter.postal[3:]}",
        "country": "Japan",
        "countryCodeV2": "JP",
        "countryCode": "JP",
        "phone": international(phone),
        "formatted": [
            f"〒{quarter.postal}",
            quarter.prefecture + quarter.city,
            home.line1,
            home.building,
        ],
        "formattedArea": f"{quarter.prefecture}{quarter.city}",
        "coordinatesValidated": False,
    }


def person_address(person: Person, order: int) -> Node:
    """Where a guest or the recipient of a gift lives, as an order states it."""
    home = person.household.address
    return to_address(home, f"{order}", person.family.kanji, person.given.kanji, person.mobile)


def to_metafields(owner: str, values: Mapping[str, str | None]) -> list[Node]:
    """Metafields by `namespace.key`; those without a value are not there."""
    return [
        {
            "__typename": "Metafield",
            "id": gid("Metafield", f"{owner.rsplit('/', 1)[-1]}{place}"),
            "namespace": name.split(".")[0],
            "key": name.split(".")[1],
            "value": value,
            "jsonValue": value,
            "type": "date" if name == "facts.birth_date" else "single_line_text_field",
        }
        for place, (name, value) in enumerate(values.items())
        if value is not None
    ]


def _email(account: Account) -> Node | None:
    if account.email is None:
        return None
    asked = account.mail != "NOT_SUBSCRIBED"
    return {
        "__typename": "CustomerEmailAddress",
        "emailAddress": account.email,
        "marketingState": account.mail,
        "marketingOptInLevel": "SINGLE_OPT_IN" if asked else None,
        "marketingUpdatedAt": instant(account.created_at) if asked else None,
        "validFormat": True,
        "openTrackingLevel": "UNKNOWN",
    }


def _phone(account: Account) -> Node | None:
    if account.phone is None:
        return None
    asked = account.sms != "NOT_SUBSCRIBED"
    return {
        "__typename": "CustomerPhoneNumber",
        "phoneNumber": international(account.phone),
        "marketingState": account.sms,
        "marketingOptInLevel": "SINGLE_OPT_IN" if asked else None,
        "marketingUpdatedAt": instant(account.created_at) if asked else None,
        "marketingCollectedFrom": "SHOPIFY" if asked else None,
    }


def _consents(email: Node | None, phone: Node | None) -> Node:
    """Both consents in the places where older queries look for them."""
    return {
        "emailMarketingConsent": email
        and {
            "marketingState": email["marketingState"],
            "marketingOptInLevel": email["marketingOptInLevel"],
            "consentUpdatedAt": email["marketingUpdatedAt"],
        },
        "smsMarketingConsent": phone
        and {
            "marketingState": phone["marketingState"],
            "marketingOptInLevel": phone["marketingOptInLevel"] or "UNKNOWN",
            "consentUpdatedAt": phone["marketingUpdatedAt"],
            "consentCollectedFrom": phone["marketingCollectedFrom"],
        },
    }


def to_customer(account: Account) -> Node:
    """An account of the online shop, without what has to be counted."""
    me = gid("Customer", account.number)
    email, phone = _email(account), _phone(account)
    home = account.address and to_address(
        account.address, str(account.number), account.family, account.given, account.phone
    )
    homes = [home] if home else []
    return {
        "__typename": "Customer",
        "id": me,
        "legacyResourceId": str(account.number),
        "firstName": account.given,
        "lastName": account.family,
        "displayName": f"{account.family} {account.given}",
        "email": account.email,
        "phone": international(account.phone),
        "defaultEmailAddress": email,
        "defaultPhoneNumber": phone,
        **_consents(email, phone),
        "defaultAddress": home,
        "addresses": homes,
        "addressesV2": homes,
        "locale": "ja",
        "state": "ENABLED",
        "note": account.note,
        "tags": list(account.tags),
        "verifiedEmail": account.email is not None,
        "metafields": to_metafields(me, _facts(account)),
        "createdAt": instant(account.created_at),
        "updatedAt": instant(account.updated_at),
    }


def _facts(account: Account) -> Mapping[str, str | None]:
    return {
        "facts.birth_date": account.birthday.isoformat() if account.birthday else None,
        "custom.family_name_kana": account.family_kana,
        "custom.given_name_kana": account.given_kana,
        "custom.member_no": account.member_no,
        "line.user_id": account.line_user_id,
    }


def money(amount: int) -> Node:
    """Yen, in the shop's and in the buyer's currency."""
    one = {"amount": f"{amount}.0", "currencyCode": "JPY"}
    return {"shopMoney": one, "presentmentMoney": one}


def total(nodes: Iterable[int]) -> Node:
    """The sum of yen amounts."""
    return money(sum(nodes))
