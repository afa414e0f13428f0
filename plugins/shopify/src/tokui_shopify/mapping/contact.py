"""Addresses, languages and times, as Shopify writes them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tokui.model import Address

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def address_fields(address: Mapping[str, Any]) -> dict[str, str | None]:
    """The fields of an `Address`, from a `MailingAddress`."""
    return {
        "name": address["name"] or None,
        "postal_code": address["zip"] or None,
        "region": address["province"] or None,
        "city": address["city"] or None,
        "line1": address["address1"] or None,
        "line2": address["address2"] or None,
        "country": _country(address["countryCodeV2"]),
        "phone": address["phone"] or None,
    }


def to_address(address: Mapping[str, Any]) -> Address:
    """Map a `MailingAddress`."""
    return Address.model_validate(address_fields(address))


def to_place(address: Mapping[str, Any]) -> Address:
    """Map a `LocationAddress`, which names its country in another field and nobody."""
    return to_address({**address, "name": None, "countryCodeV2": address["countryCode"]})


def _country(code: str | None) -> str | None:
    """ISO 3166-1; `ZZ` is Shopify's word for unknown."""
    return code if code and len(code.strip()) == 2 and code != "ZZ" else None


@lru_cache(maxsize=512)
def to_language(locale: str | None) -> str | None:
    """BCP 47, or None for what is not."""
    tag = (locale or "").replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None
