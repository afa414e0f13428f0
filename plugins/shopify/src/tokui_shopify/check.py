"""Whether a connection is set up well, for `tokui doctor`."""

from collections.abc import Iterator
from datetime import datetime

from tokui.connector import Finding
from tokui.errors import AuthError, ConfigError, FatalError, RetryableError

from tokui_shopify.client import Client
from tokui_shopify.settings import ShopifySettings

SCOPES = {
    "read_customers": "customers cannot be read",
    "read_orders": "orders cannot be read",
    "read_products": "products cannot be read",
    "read_inventory": "stock cannot be read",
    "read_locations": "locations cannot be read",
}
"""Scopes without which a stream fails."""

WISHES = {
    "read_all_orders": "ORDERS OLDER THAN 60 DAYS ARE INVISIBLE: histories and totals are incomplete",
    "read_users": "orders name no staff (Shopify grants it to Plus and Advanced shops only)",
    "write_customer_data_erasure": "customers cannot be erased at Shopify from here",
}
"""Scopes without which something is missing."""

LARGEST_SKEW_S = 300


def findings(client: Client, settings: ShopifySettings) -> Iterator[Finding]:
    """Token, scopes, protected data, version, time zone and points."""
    try:
        data = client.run("check", "Installation", {}).data
    except (AuthError, ConfigError, FatalError, RetryableError) as error:
        yield Finding("problem", error.what, error.todo)
        return
    yield Finding("ok", "Shopify accepts the token")
    granted = {scope["handle"] for scope in data["currentAppInstallation"]["accessScopes"]}
    yield from _scopes(granted)
    if settings.write_back and "write_customers" not in granted:
        what = "write_customers is not granted: no consent can be written back"
        yield Finding("problem", what, "grant the app write_customers, or set write_back = false")
    if "read_customers" in granted:
        yield from _protected(client)
    yield from _version(client, settings)
    if (zone := data["shop"]["ianaTimezone"]) != settings.timezone:
        yield Finding(
            "warning",
            f"the shop's time zone is {zone}, not {settings.timezone}: days of sale may differ",
            f'set timezone = "{zone}"',
        )


def clock(ours: datetime, theirs: datetime | None) -> Iterator[Finding]:
    """Compare this machine's clock with Shopify's."""
    if theirs and abs((ours - theirs).total_seconds()) > LARGEST_SKEW_S:
        yield Finding("warning", "this machine's clock differs from Shopify's", "set the clock")


def _scopes(granted: set[str]) -> Iterator[Finding]:
    for scope, loss in SCOPES.items():
        if not {scope, scope.replace("read_", "write_")} & granted:
            yield Finding("problem", f"{scope} is not granted: {loss}", f"grant the app {scope}")
    for scope, loss in WISHES.items():
        if scope not in granted:
            yield Finding("warning", f"{scope} is not granted: {loss}", f"grant the app {scope}")


def _protected(client: Client) -> Iterator[Finding]:
    todo = "ask for protected customer data access in the app's settings at Shopify"
    try:
        reply = client.run("check", "ProtectedData", {})
    except AuthError:
        what = "PROTECTED CUSTOMER DATA IS NOT GRANTED: no customer can be read"
        yield Finding("problem", what, todo)
        return
    hidden = sorted({str(path[3]) for path in reply.denied if len(path) > 3})
    if hidden:
        what = f"PROTECTED CUSTOMER DATA IS NOT GRANTED: {', '.join(hidden)} stay empty"
        yield Finding("warning", what, todo)
    else:
        yield Finding("ok", "protected customer data can be read")


def _version(client: Client, settings: ShopifySettings) -> Iterator[Finding]:
    served = client.served_version
    if served and served != settings.api_version:
        yield Finding(
            "warning",
            f"Shopify answers with API version {served}, as {settings.api_version} is gone",
            "update tokui-shopify",
        )
