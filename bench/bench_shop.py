"""The bench shop's connector: what a plugin author would write for such an API."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field
from tokui.connector import (
    Connector,
    IdentifierRule,
    Item,
    Page,
    Pull,
    Settings,
    Source,
    Stream,
)
from tokui.model import Consent, Customer, Record

CONSENT = {"subscribed": "granted", "unsubscribed": "revoked", "not_subscribed": "unknown"}


class BenchSettings(Settings):
    """Where the shop is."""

    url: str = Field(description="The shop's address.")


class BenchShop(Connector[BenchSettings], Source):
    """Customers of the bench shop, page after page, by the `Link` header."""

    Settings = BenchSettings
    holds_nothing: ClassVar[str | None] = "made for measuring"

    def streams(self) -> Sequence[Stream]:
        """Customers, with what they consent to."""
        rules = (IdentifierRule("email", "strong"), IdentifierRule("phone", "shareable"))
        return [Stream("customers", kinds=(Customer, Consent), identifiers=rules)]

    def pull(self, ask: Pull) -> Iterator[Page]:
        """Read by `updated_at`, closed start."""
        latest = str((ask.cursor or {}).get("updated_at") or "")
        params = {"updated_at_min": latest} if latest else None
        path: str | None = "/admin/api/customers.json"
        while path:
            answer = self.ctx.http.get(self.settings.url + path, params=params)
            items = answer.json()["customers"]
            latest = max([latest, *(item["updated_at"] for item in items)])
            yield Page(items, {"updated_at": latest})
            link = answer.headers.get("link", "")
            path, params = (link[1 : link.index(">")] if link else None), None

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        """Map a customer, and two statements of consent."""
        yield to_customer(item)
        yield to_consent(item, "email", item["email_marketing_consent"])
        yield to_consent(item, "phone", item["sms_marketing_consent"])

    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        """The bench never asks."""
        return ()


def to_customer(item: Item) -> Customer:
    """Map a customer; validated whole, which costs less than part by part."""
    return Customer.model_validate(
        {
            "external_id": str(item["id"]),
            "source_version": item["updated_at"],
            "name": {"family": item["last_name"], "given": item["first_name"]},
            "identifiers": [
                {"kind": "email", "value": item["email"], "verified": item["verified_email"]},
                {"kind": "phone", "value": item["phone"]},
            ],
            "addresses": [to_address(each) for each in item["addresses"]],
            "tags": item["tags"].split(", "),
            "note": item["note"],
            "created_at": item["created_at"],
        }
    )


def to_address(item: Mapping[str, Any]) -> dict[str, Any]:
    """Map an address."""
    return {
        "postal_code": item["zip"],
        "region": item["province"],
        "city": item["city"],
        "line1": item["address1"],
        "line2": item["address2"],
        "country": item["country_code"],
        "phone": item["phone"],
    }


def to_consent(item: Item, contact: str, consent: Mapping[str, Any]) -> Consent:
    """Map a statement of consent."""
    return Consent.model_validate(
        {
            "external_id": f"{item['id']}/{contact}",
            "customer": str(item["id"]),
            "contact": contact,
            "state": CONSENT[consent["state"]],
            "occurred_at": consent["consent_updated_at"],
            "evidence": consent["opt_in_level"],
        }
    )
