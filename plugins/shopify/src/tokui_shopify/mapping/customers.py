"""Customers, their identifiers and their consents."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from tokui.connector import IdentifierRule
from tokui.model import Consent, Customer, PartialDate, Record

from tokui_shopify.mapping.contact import address_fields, to_language
from tokui_shopify.settings import ShopifySettings

Item = Mapping[str, Any]
Fields = Mapping[str | None, str]
State = Literal["granted", "denied", "revoked", "unknown"]

STATES: Mapping[str, State] = {
    "SUBSCRIBED": "granted",
    "UNSUBSCRIBED": "revoked",
    "REDACTED": "denied",  # the person's data is erased
    "PENDING": "unknown",  # asked, and the confirmation has not come
    "INVALID": "unknown",
    "NOT_SUBSCRIBED": "unknown",
}
"""CustomerEmailAddressMarketingState and CustomerSmsMarketingState."""

NEVER_SAID = frozenset({"NOT_SUBSCRIBED"})
"""Without a time it means that nobody ever asked."""

EVIDENCE = {"CONFIRMED_OPT_IN": "double_opt_in", "SINGLE_OPT_IN": "single_opt_in"}
"""CustomerMarketingOptInLevel."""

WITHHELD = {
    "firstName": "name",
    "lastName": "name",
    "defaultEmailAddress": "identifiers",
    "defaultPhoneNumber": "identifiers",
    "metafields": "identifiers",
    "addressesV2": "addresses",
    "note": "note",
    "tags": "tags",
    "locale": "language",
}
"""Field of ours that is absent when Shopify does not show a field of its own."""


NO_FIELDS: Fields = {}


class Customers:
    """Maps customers as the settings say; what they say is worked out once."""

    def __init__(self, settings: ShopifySettings) -> None:
        sources = settings.identifiers.items()
        self._from_tags = [
            (kind, rule.source.removeprefix("tag:"), rule.issuer)
            for kind, rule in sources
            if rule.source.startswith("tag:")
        ]
        self._from_fields = [
            (kind, rule.source.removeprefix("metafield:"), rule.issuer)
            for kind, rule in sources
            if rule.source.startswith("metafield:")
        ]
        self._family_kana = _key(settings.family_kana)
        self._given_kana = _key(settings.given_kana)
        self._birthday = _key(settings.birthday)
        named = [self._family_kana, self._given_kana, self._birthday]
        wanted = [key for _, key, _ in self._from_fields] + [key for key in named if key]
        self.keys: Sequence[str] = tuple(dict.fromkeys(wanted))
        self.rules = (
            IdentifierRule("email", "shareable"),
            IdentifierRule("phone", "shareable"),
            *(
                IdentifierRule(kind, "unique" if kind == "line_user_id" else "strong", rule.issuer)
                for kind, rule in sources
                if kind not in ("email", "phone")
            ),
        )

    def parse(self, item: Item) -> Iterator[Record]:
        """The customer, and what was said about e-mail and SMS."""
        email, phone = item["defaultEmailAddress"], item["defaultPhoneNumber"]
        customer = self._customer(item, email, phone)
        yield customer
        if email is not None:
            yield from _consent(customer.external_id, "email", email["emailAddress"], email)
        if phone is not None:
            yield from _consent(customer.external_id, "phone", phone["phoneNumber"], phone)

    def _customer(self, item: Item, email: Item | None, phone: Item | None) -> Customer:
        """Validated in one go: an object for each part would double the time."""
        fields = _metafields(item) if self.keys else NO_FIELDS
        tags, book = item["tags"], item["addressesV2"]
        identifiers: list[dict[str, object]] = []
        if email is not None:
            verified = item["verifiedEmail"] is True
            value = email["emailAddress"]
            identifiers.append({"kind": "email", "value": value, "verified": verified})
        if phone is not None:
            identifiers.append({"kind": "phone", "value": phone["phoneNumber"]})
        if self._from_tags or self._from_fields:
            identifiers += self._numbers(tags or (), fields)
        born = fields.get(self._birthday)
        return Customer.model_validate(
            {
                "external_id": item["id"],
                "source_version": datetime.fromisoformat(item["updatedAt"]),
                "name": self._name(item, fields),
                "identifiers": tuple(identifiers),
                "birthday": PartialDate.parse(born) if born else None,
                "language": to_language(item["locale"]),
                "addresses": _addresses(item, book["nodes"]) if book is not None else (),
                "tags": tags or (),
                "note": item["note"] or None,
                "created_at": datetime.fromisoformat(item["createdAt"]),
                "withheld": _withheld(item["withheld"]) if "withheld" in item else (),
            }
        )

    def _name(self, item: Item, fields: Fields) -> dict[str, str | None] | None:
        name = {
            "family": item["lastName"] or None,
            "given": item["firstName"] or None,
            "family_kana": fields.get(self._family_kana),
            "given_kana": fields.get(self._given_kana),
        }
        return name if any(name.values()) else None

    def _numbers(self, tags: Sequence[str], fields: Fields) -> Iterator[dict[str, object]]:
        for kind, key, issuer in self._from_fields:
            if value := fields.get(key):
                yield {"kind": kind, "value": value, "issuer": issuer}
        for kind, prefix, issuer in self._from_tags:
            for tag in tags:
                if tag.startswith(prefix) and (value := tag[len(prefix) :].strip()):
                    yield {"kind": kind, "value": value, "issuer": issuer}


def _key(metafield: str | None) -> str | None:
    return metafield.removeprefix("metafield:") if metafield else None


def _metafields(item: Item) -> Fields:
    """Value by `NAMESPACE.KEY`; a listing by `keys` may answer with that in `key` already."""
    found: dict[str | None, str] = {}
    for field in item["metafields"]["nodes"] if item["metafields"] else ():
        namespace = field["namespace"]
        key = field["key"].removeprefix(f"{namespace}.")
        if value := (field["value"] or "").strip():
            found[f"{namespace}.{key}"] = value
    return found


def _addresses(item: Item, nodes: Sequence[Item]) -> tuple[dict[str, str | None], ...]:
    """The address book, the default address first."""
    if len(nodes) > 1:
        preferred = item["defaultAddress"] and item["defaultAddress"]["id"]
        nodes = sorted(nodes, key=lambda node: node["id"] != preferred)
    return tuple([address_fields(node) for node in nodes])


def _withheld(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({WITHHELD[field] for field in fields if field in WITHHELD}))


def _consent(
    customer: str, contact: Literal["email", "phone"], value: str, said: Item
) -> Iterator[Consent]:
    """One statement; none where Shopify was never told anything."""
    state, at = said["marketingState"], said["marketingUpdatedAt"]
    if state in NEVER_SAID and at is None:
        return
    when = datetime.fromisoformat(at) if at else None
    collected = said["marketingCollectedFrom"] if contact == "phone" else None
    level = EVIDENCE.get(said["marketingOptInLevel"] or "")
    yield Consent(
        external_id=f"{customer}/{contact}",
        source_version=when,
        customer=customer,
        contact=contact,
        value=value,
        state=STATES.get(state, "unknown"),
        occurred_at=when,
        evidence=level or ("collected:shopify" if collected == "SHOPIFY" else None),
    )
