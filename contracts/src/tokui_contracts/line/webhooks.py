"""Webhooks as LINE sends them: events with ULIDs, signed."""

import hmac
import itertools
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tokui.connector import Request
from tokui.model import moment

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Webhooks:
    """Makes the events of one account."""

    def __init__(self, bot: str, secret: str, now: Callable[[], datetime]) -> None:
        self._bot = bot
        self._secret = secret
        self._now = now
        self._count = itertools.count()

    def event(
        self, type_: str, user: str | None = None, *, at: datetime | None = None, **fields: Any
    ) -> dict[str, Any]:
        """One event; `fields` are its own, such as `postback={"data": "a=1"}`."""
        ms = ((at or self._now()) - moment(0)) // timedelta(milliseconds=1)
        return {
            "type": type_,
            "timestamp": ms,
            "mode": "active",
            "webhookEventId": ulid(ms, next(self._count)),
            "deliveryContext": {"isRedelivery": False},
            **({"source": {"type": "user", "userId": user}} if user else {}),
            **fields,
        }

    def followed(self, user: str, *, unblocked: bool = False, **how: Any) -> dict[str, Any]:
        """Somebody follows the account."""
        how = {"replyToken": "reply", "follow": {"isUnblocked": unblocked}, **how}
        return self.event("follow", user, **how)

    def blocked(self, user: str, **how: Any) -> dict[str, Any]:
        """Somebody blocks the account."""
        return self.event("unfollow", user, **how)

    def said(self, user: str, text: str, **how: Any) -> dict[str, Any]:
        """Somebody writes."""
        number = f"{444_000_000_000_000_000 + next(self._count)}"
        message = {"type": "text", "id": number, "text": text, "quoteToken": "quote"}
        return self.event("message", user, replyToken="reply", message=message, **how)

    def request(self, *events: Mapping[str, Any], redelivered: bool = False) -> Request:
        """A delivery of these events; without any, it is the trial call of LINE's console."""
        sent = [
            {**each, "deliveryContext": {"isRedelivery": redelivered}} if redelivered else each
            for each in events
        ]
        body = json.dumps({"destination": self._bot, "events": sent}, ensure_ascii=False).encode()
        return self.signed(body)

    def signed(self, body: bytes) -> Request:
        """Any bytes, signed as LINE does."""
        mac = hmac.digest(self._secret.encode(), body, "sha256")
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "LineBotWebhook/2.0",
            "x-line-signature": b64encode(mac).decode(),
        }
        return Request("POST", "/line", headers, body, self._now())


def ulid(ms: int, number: int) -> str:
    """A ULID of this time; a later one is greater."""
    value = ms << 80 | number
    return "".join(_CROCKFORD[value >> 5 * place & 31] for place in reversed(range(26)))
