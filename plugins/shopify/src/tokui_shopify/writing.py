"""Consents that were said elsewhere, written to Shopify: one mutation for each."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any, NamedTuple

from tokui.connector import Ack, Preference

from tokui_shopify.client import Client


class Mutation(NamedTuple):
    """
    How a consent of one kind is written.

    Attributes:
        operation: In `queries/consent.graphql`.
        field: Its root field.
        consent: Field of the input that holds it.
    """

    operation: str
    field: str
    consent: str


MUTATIONS: Mapping[str, Mutation] = {
    "email": Mutation(
        "EmailConsent", "customerEmailMarketingConsentUpdate", "emailMarketingConsent"
    ),
    "phone": Mutation("SmsConsent", "customerSmsMarketingConsentUpdate", "smsMarketingConsent"),
}

COST = 10
"""Points of a mutation (GraphQL Admin API rate limits)."""

CONFIRMED = "double_opt_in"


def write(client: Client, preference: Preference) -> Ack:
    """Write one; Shopify keeps the newest by its time, so that the same again changes nothing."""
    how = MUTATIONS.get(preference.contact)
    if how is None or preference.purpose != "marketing":
        return Ack(done=False, reason="Shopify keeps no consent of this kind")
    asked = {"customerId": preference.customer, how.consent: _consent(preference)}
    reply = client.run("consent", how.operation, {"input": asked}, COST)
    codes = sorted({each["code"] or "no code" for each in reply.data[how.field]["userErrors"]})
    return Ack(done=not codes, reason=", ".join(codes) or None)


def _consent(preference: Preference) -> dict[str, Any]:
    at = preference.occurred_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if preference.state != "granted":
        return {"marketingState": "UNSUBSCRIBED", "consentUpdatedAt": at}
    level = "CONFIRMED_OPT_IN" if preference.evidence == CONFIRMED else "SINGLE_OPT_IN"
    return {"marketingState": "SUBSCRIBED", "marketingOptInLevel": level, "consentUpdatedAt": at}
