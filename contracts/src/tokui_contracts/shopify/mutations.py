"""The few changes that the sandbox lets an app make."""

from collections.abc import Mapping
from typing import Any

from tokui_contracts.shopify.people import Asked, Node
from tokui_contracts.shopify.shop import Shop

Input = Mapping[str, Any]


def _missing(field: list[str]) -> Node:
    said = {"field": field, "message": "Customer does not exist", "code": "DOES_NOT_EXIST"}
    return {"userErrors": [said]}


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
        customer = self._shop.node(input["customerId"])
        if customer is None or not customer.get(where):
            return _missing(["input", "customerId"])
        consent = input[said]
        contact = customer[where] | {
            "marketingState": consent["marketingState"],
            "marketingOptInLevel": consent.get("marketingOptInLevel"),
            "marketingUpdatedAt": consent.get("consentUpdatedAt"),
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
