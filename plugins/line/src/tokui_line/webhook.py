"""Webhooks: is it LINE that speaks, and what are the single events?"""

import hmac
import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from pydantic import SecretStr
from tokui.connector import Note, Request
from tokui.errors import AuthError, FatalError

UNREADABLE = "unreadable"
"""Topic of what is not an event; it goes to quarantine by itself, the others do not."""


def notes(request: Request, secret: SecretStr | None, who: str) -> Sequence[Note]:
    """
    The events of a webhook in the order in which they happened; none for LINE's trial call.

    Raises:
        AuthError: The signature is missing or wrong, or there is no secret to check it by.
        FatalError: It is signed, and no webhook.
    """
    if secret is None:
        raise AuthError(
            "webhooks cannot be checked without the channel secret",
            who=who,
            todo=f"set channel_secret under [connections.{who}]",
        )
    _check_signature(request, secret, who)
    try:
        events = json.loads(request.body, parse_constant=str)["events"]
    except (ValueError, TypeError, KeyError, RecursionError):
        events = None
    if not isinstance(events, list):
        raise FatalError("the webhook is signed, and holds no list of events", who=who)
    return sorted(_notes(events), key=_when)


def _check_signature(request: Request, secret: SecretStr, who: str) -> None:
    """Over the raw bytes, and in constant time."""
    mac = hmac.digest(secret.get_secret_value().encode(), request.body, "sha256")
    given = request.headers.get("x-line-signature", "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(b64encode(mac), given):
        raise AuthError(
            "the webhook's signature is wrong",
            who=who,
            todo="compare channel_secret with the LINE Developers Console",
        )


def _notes(events: Sequence[Any]) -> Iterator[Note]:
    for event in events:
        if isinstance(event, dict) and isinstance(event.get("webhookEventId"), str):
            yield Note(event["webhookEventId"], str(event.get("type")), event)
        else:
            payload = event if isinstance(event, dict) else {"event": event}
            yield Note(f"sha256:{_digest(event)}", UNREADABLE, payload)


def _digest(event: object) -> str:
    return sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()


def _when(note: Note) -> tuple[int, str]:
    """By LINE's time, then by ULID, which grows with time as well."""
    timestamp = note.payload.get("timestamp")
    return (timestamp if type(timestamp) is int else 0, note.event_id)
