"""The few changes that the sandbox lets an app make."""

from collections.abc import Mapping
from typing import Any

from tokui_contracts.shopify.people import Asked, Node
from tokui_contracts.shopify.shop import Shop

Input = Mapping[str, Any]


def _missing(field: list[str]) -> Node:
    said = {"field": field, "message": "Customer does not exist", "code": "DOES_NOT_EXIST"}
    return {"userErrors": [said]}


def _invalid(field: list[str], message: str) -> Node:
    return {"userErrors": [{"field": field, "message": message, "code": "INVALID"}]}


SETTABLE = frozenset({"SUBSCRIBED", "UNSUBSCRIBED", "PENDING"})
"""Marketing states that a mutation may set; the others are read-only."""


class Mutations:
    """Root of the mutation type, over one shop."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def root(self) -> Node:
        """Resolvers by field; the others of the schema answer with an empty payload."""
        return {
            "customerUpdate": Asked(self._update),
            "customerDelete": Asked(self._delete),
            "customerEmailMarketingConsentUpdate": Asked(
                lambda input: self._consent(  # noqa: A006 - Shopify's name
                    input, "emailMarketingConsent", "defaultEmailAddress"
                )
            ),
            "customerSmsMarketingConsentUpdate": Asked(
                lambda input: self._consent(  # noqa: A006 - Shopify's name
                    input, "smsMarketingConsent", "defaultPhoneNumber"
                )
            ),
            "customerRequestDataErasure": Asked(self._erase),
            "tagsAdd": Asked(lambda id, tags: self._tag(id, add=tags)),  # noqa: A006
            "tagsRemove": Asked(lambda id, tags: self._tag(id, remove=tags)),  # noqa: A006
        }

    def _update(self, input: Input) -> Node:  # noqa: A002
        id_ = input["id"]
        if self._shop.node(id_) is None:
            return _missing(["id"])
        kept = ("firstName", "lastName", "note", "tags", "locale")
        self._shop.change(id_, **{name: input[name] for name in kept if name in input})
        return {"customer": self._shop.node(id_), "userErrors": []}

    def _delete(self, input: Input) -> Node:  # noqa: A002
        if self._shop.node(input["id"]) is None:
            return _missing(["id"])
        self._shop.remove([input["id"]])
        return {"deletedCustomerId": input["id"], "userErrors": []}

    def _consent(self, input: Input, said: str, where: str) -> Node:  # noqa: A002
        """The newest by `consentUpdatedAt` stands, as Shopify's reference says."""
        customer = self._shop.node(input["customerId"])
        consent = input[said]
        if customer is None or not customer.get(where):
            return _invalid(["input", "customerId"], "Customer must have it on record")
        if consent["marketingState"] not in SETTABLE:
            return _invalid(["input", said, "marketingState"], "cannot be set")
        at = consent.get("consentUpdatedAt")
        if at and at < (customer[where]["marketingUpdatedAt"] or ""):
            return {"customer": customer, "userErrors": []}
        contact = customer[where] | {
            "marketingState": consent["marketingState"],
            "marketingOptInLevel": consent.get("marketingOptInLevel"),
            "marketingUpdatedAt": at,
        }
        self._shop.change(input["customerId"], **{where: contact, said: dict(consent)})
        return {"customer": self._shop.node(input["customerId"]), "userErrors": []}

    def _erase(self, customerId: str) -> Node:  # noqa: N803 - Shopify's name
        if self._shop.node(customerId) is None:
            return _missing(["customerId"])
        return {"customerId": customerId, "userErrors": []}

    def _tag(self, id_: str, add: list[str] | None = None, remove: list[str] | None = None) -> Node:
        node = self._shop.node(id_)
        if node is None:
            return _missing(["id"])
        kept = [tag for tag in node["tags"] if tag not in (remove or [])]
        self._shop.change(id_, tags=list(dict.fromkeys([*kept, *(add or [])])))
        return {"node": self._shop.node(id_), "userErrors": []}
