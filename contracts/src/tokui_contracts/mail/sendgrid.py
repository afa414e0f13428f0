"""SendGrid's API v3 in small, on loopback: takes mail, counts credits, and signs its events."""

import base64
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tokui.connector import Request

from tokui_contracts.loopback import Handler, Loopback

API_KEY = "SG.sandbox"
_SIGNATURE = "x-twilio-email-event-webhook-signature"
_TIMESTAMP = "x-twilio-email-event-webhook-timestamp"


class SendGridSandbox(AbstractContextManager["SendGridSandbox"]):
    """
    Takes mail on 127.0.0.1, from `with` to its end, and keeps it.

    Attributes:
        url: For `base_url`.
        received: The bodies of the calls that it took, in order.
        credits: Messages that may still be sent.
        verification_key: What its events are signed to, as SendGrid shows it.
    """

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.credits = 1_000_000
        self._key = ec.generate_private_key(ec.SECP256R1())
        public = self._key.public_key()
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.verification_key = base64.b64encode(der).decode()
        self._server = Loopback(_Handler, self)
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def event(self, number: int, event: str, **more: Any) -> dict[str, Any]:
        """An event of the last message that was taken, as SendGrid tells it."""
        person = self.received[-1]["personalizations"][0]
        return {
            "email": person["to"][0]["email"],
            "timestamp": 1_780_282_800,
            "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
            "event": event,
            "ip": "192.0.2.1",
            "sg_event_id": f"event-{number}",
            "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
            **person.get("custom_args", {}),
            **more,
        }

    def webhook(self, events: Sequence[Mapping[str, Any]], at: datetime) -> Request:
        """A signed request that tells events."""
        return self.signed(json.dumps(events).encode(), at)

    def signed(self, body: bytes, at: datetime) -> Request:
        """A request with this body, signed."""
        stamp = str(int(at.timestamp()))
        signature = self._key.sign(stamp.encode() + body, ec.ECDSA(SHA256()))
        headers = {_SIGNATURE: base64.b64encode(signature).decode(), _TIMESTAMP: stamp}
        return Request("POST", "/", headers, body, at)


class _Handler(Handler):
    server: Loopback[SendGridSandbox]

    def do_POST(self) -> None:
        sandbox = self.server.vendor
        call = json.loads(self.body())
        if not self._known():
            return self._refuse(401, "The provided authorization grant is invalid", None)
        if sandbox.credits < 1:
            return self._refuse(401, "Maximum credits exceeded", None)
        for person in call["personalizations"]:
            if "@" not in person["to"][0]["email"]:
                field = "personalizations.0.to.0.email"
                return self._refuse(400, "Does not contain a valid address.", field)
        sandbox.credits -= 1
        sandbox.received.append(call)
        return self.answer(202, b"", {"X-Message-Id": f"message-{len(sandbox.received)}"})

    def do_GET(self) -> None:
        if not self._known():
            return self._refuse(401, "The provided authorization grant is invalid", None)
        told = {"enabled": True, "public_key": self.server.vendor.verification_key}
        return self.answer(200, json.dumps(told).encode(), {})

    def _known(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {API_KEY}"

    def _refuse(self, status: int, message: str, field: str | None) -> None:
        errors = {"errors": [{"message": message, "field": field, "help": None}]}
        self.answer(status, json.dumps(errors).encode(), {})
