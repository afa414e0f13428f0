"""Postcards' API in small: cards under a key, stamps that run out, and its news."""

import hmac
import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from pydantic import JsonValue
from tokui.connector import Request

from tokui_contracts.example.postcards import SIGNATURE
from tokui_contracts.loopback import Handler, Loopback
from tokui_contracts.suite.post import HttpChannelSandbox
from tokui_contracts.suite.receiving import ReceiverSandbox

TOKEN = "postcards-token-81c7"  # noqa: S105 - for loopback only
SECRET = "postcards-secret-3e90"  # noqa: S105
STREET = "架空町一丁目"
STAMPS = 1000


def settings(url: str) -> dict[str, JsonValue]:
    """A connection's table."""
    return {"url": url, "token": TOKEN, "webhook_secret": SECRET}


class PostOffice(HttpChannelSandbox):
    """Takes cards for everybody in one street."""

    def settings(self) -> Mapping[str, JsonValue]:
        """As the shop would write them."""
        return settings(self.url)

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """A token that was revoked."""
        return {**self.settings(), "token": "postcards-token-revoked"}

    def serve(self) -> str:
        """Begin with nothing."""
        self._server = Loopback(_Handler, _Counter())
        self._server.start()
        return self._server.url

    def close(self) -> None:
        """Stop."""
        self._server.stop()

    def addresses(self, count: int) -> Sequence[str]:
        """Houses of the street."""
        return [f"{STREET}{number}番" for number in range(1, count + 1)]

    def content(self) -> Mapping[str, JsonValue]:
        """A birthday card."""
        return {"text": "お誕生日おめでとうございます"}

    def illegal(self) -> Mapping[str, Mapping[str, JsonValue]]:
        """Too long for a card, nothing on it, or something that no card has."""
        return {"too long": {"text": "あ" * 201}, "empty": {"text": ""}, "odd": {"film": "x"}}

    def delivered(self) -> Sequence[str]:
        """What the postman took."""
        return [address for body in self._server.vendor.taken.values() for address in body["to"]]

    def exhaust(self) -> None:
        """Use up all stamps."""
        self._server.vendor.stamps = 0

    def personal(self) -> Sequence[str]:
        """The street, and the words of the card."""
        return [STREET, "お誕生日"]


class PostNews(ReceiverSandbox):
    """Tells of cards that arrived, and of persons who moved."""

    def settings(self) -> Mapping[str, JsonValue]:
        """As the shop would write them."""
        return settings("http://127.0.0.1:9")

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """Another secret."""
        return {**self.settings(), "webhook_secret": "another"}

    def news(self) -> Sequence[Request]:
        """One of each, and both."""
        first, second = _event("e1", "delivered"), _event("e2", "moved")
        return [self._told(first), self._told(second), self._told(first, second)]

    def strange(self) -> Request:
        """A card that was framed."""
        return self._told(_event("e3", "framed"))

    def signed(self, body: bytes) -> Request:
        """By its secret."""
        signature = hmac.new(SECRET.encode(), body, sha256).hexdigest()
        return Request("POST", "/news", {SIGNATURE: signature}, body, self.now)

    def personal(self) -> Sequence[str]:
        """The street."""
        return [STREET]

    def _told(self, *events: Mapping[str, str]) -> Request:
        return self.signed(json.dumps({"events": events}, ensure_ascii=False).encode())


def _event(event_id: str, kind: str) -> dict[str, str]:
    at = "2026-05-31T03:00:00+00:00"
    return {"id": event_id, "kind": kind, "at": at, "card": "k1", "to": f"{STREET}1番"}


class _Counter:
    def __init__(self) -> None:
        self.taken: dict[str, dict[str, Any]] = {}
        self.stamps = STAMPS


class _Handler(Handler):
    server: Loopback[_Counter]

    def do_GET(self) -> None:
        self._answer(200, {"limit": STAMPS, "used": STAMPS - self.server.vendor.stamps})

    def do_POST(self) -> None:
        body = json.loads(self.body())
        key = self.headers["Idempotency-Key"] or f"none-{len(self.server.vendor.taken)}"
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return self._answer(401, None)
        if key in self.server.vendor.taken:
            return self._answer(409, None)
        if self.server.vendor.stamps < len(body["to"]):
            return self._answer(402, None)
        self.server.vendor.stamps -= len(body["to"])
        self.server.vendor.taken[key] = body
        return self._answer(200, None)

    def _answer(self, status: int, body: object) -> None:
        self.answer(status, json.dumps(body).encode(), {})
