"""Customers, their identifiers and their consents."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from tokui.connector import IdentifierRule
from tokui.model import Consent, Customer, Identifier, PartialDate, PersonName, Record

from tokui_shopify.mapping.contact import to_address, to_language
from tokui_shopify.settings import ShopifySettings

Item = Mapping[str, Any]
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
            IdentifierRule("email", "strong"),
            IdentifierRule("phone", "shareable"),
            *(
                IdentifierRule(kind, "unique" if kind == "line_user_id" else "strong", rule.issuer)
                for kind, rule in sources
                if kind not in ("email", "phone")
            ),
        )

    def parse(self, item: Item) -> Iterator[Record]:
        """The customer, and what was said about e-mail and SMS."""
        fields = _metafields(item) if self.keys else {}
        email, phone = item.get("defaultEmailAddress"), item.get("defaultPhoneNumber")
        family, given = item.get("lastName"), item.get("firstName")
        family_kana, given_kana = fields.get(self._family_kana), fields.get(self._given_kana)
        name = None
        if family or given or family_kana or given_kana:
            name = PersonName(
                family=family or None,
                given=given or None,
                family_kana=family_kana,
                given_kana=given_kana,
            )
        identifiers = []
        if email:
            verified = item.get("verifiedEmail") is True
            identifiers.append(
                Identifier(kind="email", value=email["emailAddress"], verified=verified)
            )
        if phone:
            identifiers.append(Identifier(kind="phone", value=phone["phoneNumber"]))
        if self._from_tags or self._from_fields:
            identifiers += self._numbers(item.get("tags") or (), fields)
        addresses = item.get("addressesV2")
        born = fields.get(self._birthday)
        customer = item["id"]
        yield Customer(
            external_id=customer,
            source_version=item["updatedAt"],
            name=name,
            identifiers=tuple(identifiers),
            birthday=PartialDate.parse(born) if born else None,
            language=to_language(item.get("locale")),
            addresses=_addresses(item, addresses["nodes"]) if addresses else (),
            tags=tuple(item.get("tags") or ()),
            note=item.get("note") or None,
            created_at=item.get("createdAt"),
            withheld=_withheld(item["withheld"]) if "withheld" in item else (),
        )
        if email:
            yield from _consent(customer, "email", email["emailAddress"], email)
        if phone:
            yield from _consent(customer, "phone", phone["phoneNumber"], phone)

    def _numbers(
        self, tags: Sequence[str], fields: Mapping[str | None, str]
    ) -> Iterator[Identifier]:
        for kind, key, issuer in self._from_fields:
            if value := fields.get(key):
                yield Identifier(kind=kind, value=value, issuer=issuer)
        for kind, prefix, issuer in self._from_tags:
            for tag in tags:
                if tag.startswith(prefix) and (value := tag[len(prefix) :].strip()):
                    yield Identifier(kind=kind, value=value, issuer=issuer)


def _key(metafield: str | None) -> str | None:
    return metafield.removeprefix("metafield:") if metafield else None


def _metafields(item: Item) -> Mapping[str | None, str]:
    """Value by `NAMESPACE.KEY`; a listing by `keys` may answer with that in `key` already."""
    found: dict[str | None, str] = {}
    for field in (item.get("metafields") or {}).get("nodes") or ():
        namespace = field["namespace"]
        key = field["key"].removeprefix(f"{namespace}.")
        if value := (field["value"] or "").strip():
            found[f"{namespace}.{key}"] = value
    return found


def _addresses(item: Item, nodes: Sequence[Item]) -> tuple[Any, ...]:
    """The address book, the default address first."""
    if len(nodes) > 1:
        preferred = (item.get("defaultAddress") or {}).get("id")
        nodes = sorted(nodes, key=lambda node: node.get("id") != preferred)
    return tuple([to_address(node) for node in nodes])


def _withheld(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({WITHHELD[field] for field in fields if field in WITHHELD}))


def _consent(
    customer: str, contact: Literal["email", "phone"], value: str, said: Item
) -> Iterator[Consent]:
    """One statement; none where Shopify was never told anything."""
    state, at = said.get("marketingState"), said.get("marketingUpdatedAt")
    if state is None or (state == "NOT_SUBSCRIBED" and at is None):
        return
    collected = said.get("marketingCollectedFrom")
    level = EVIDENCE.get(said.get("marketingOptInLevel") or "")
    yield Consent(
        external_id=f"{customer}/{contact}",
        source_version=at,
        customer=customer,
        contact=contact,
        value=value,
        state=STATES.get(state, "unknown"),
        occurred_at=at,
        evidence=level or (f"collected:{collected.lower()}" if collected else None),
    )
