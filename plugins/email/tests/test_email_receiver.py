"""Both ways of hearing back keep the contract of a receiver."""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue
from tokui.connector import Request
from tokui_contracts import ReceiverContract
from tokui_contracts.mail import Received, SendGridSandbox, complaint, delivery_report
from tokui_contracts.suite import ReceiverSandbox
from tokui_email.sendgrid import SendGrid
from tokui_email.smtp import SIGNATURE, Smtp
from tokui_email.stamp import envelope_sender, stamp

PIPE = "a-secret-of-the-pipe"
SECRET = "a-secret-of-the-house-that-is-long-enough"
ADDRESS = "kanari@nowhere.example"
EVENTS = (
    ("processed", {}),
    ("deferred", {"response": "450 4.2.0 <kanari@nowhere.example> later", "attempt": "5"}),
    ("delivered", {"response": "250 OK"}),
    ("open", {"useragent": "Mozilla/5.0", "sg_machine_open": False}),
    ("click", {"url": "https://shop.example/kanari"}),
    ("bounce", {"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 kanari unknown"}),
    ("bounce", {"type": "blocked", "status": "5.7.1", "reason": "blocked"}),
    ("dropped", {"reason": "Bounced Address"}),
    ("dropped", {"reason": "Spam Content"}),
    ("spamreport", {}),
    ("unsubscribe", {}),
    ("group_unsubscribe", {"asm_group_id": 1}),
    ("group_resubscribe", {"asm_group_id": 1}),
)


class Pipe(ReceiverSandbox):
    """A program that hands over single mails."""

    def settings(self) -> Mapping[str, JsonValue]:
        return {
            "host": "mail.shop.example",
            "from_address": "shop@shop.example",
            "signing_key": SECRET,
            "inbound_secret": PIPE,
        }

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        return {**self.settings(), "inbound_secret": "another-secret-of-it"}

    def news(self) -> Sequence[Request]:
        mark = stamp(SECRET, "6f1c1b9a", ADDRESS)
        head = f"To: {ADDRESS}\r\nMessage-ID: <{mark}@shop.example>\r\n\r\n".encode()
        received = Received(envelope_sender("bounce@shop.example", mark), (ADDRESS,), head)
        delayed = delivery_report(received, "4.4.1", "delayed")
        return [
            self.signed(each) for each in (delivery_report(received), delayed, complaint(received))
        ]

    def strange(self) -> Request:
        return self.signed(b"Subject: hello\r\n\r\nhello\r\n")

    def signed(self, body: bytes) -> Request:
        signature = hmac.new(PIPE.encode(), body, "sha256").hexdigest()
        return Request("POST", "/", {SIGNATURE: signature}, body, self.now)

    def personal(self) -> Sequence[str]:
        return ["kanari", "@nowhere.example"]


class EventWebhook(ReceiverSandbox):
    """SendGrid's events."""

    public_key = True

    def start(self) -> None:
        self.server = SendGridSandbox()
        person = {"to": [{"email": ADDRESS}], "custom_args": {"tokui_parcel": "6f1c1b9a"}}
        self.server.received.append({"personalizations": [person]})
        self.server.__enter__()

    def stop(self) -> None:
        self.server.__exit__()

    def settings(self) -> Mapping[str, JsonValue]:
        return {
            "from_address": "shop@shop.example",
            "api_key": "SG.x",
            "webhook_verifier": self.server.verification_key,
        }

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        with SendGridSandbox() as another:
            return {**self.settings(), "webhook_verifier": another.verification_key}

    def news(self) -> Sequence[Request]:
        events = self.events()
        return [*(self.told(event) for event in events), self.told(*events)]

    def strange(self) -> Request:
        return self.told(self.server.event(99, "account_status_change"))

    def signed(self, body: bytes) -> Request:
        return self.server.signed(body, self.now)

    def personal(self) -> Sequence[str]:
        return ["kanari", "@nowhere.example"]

    def events(self) -> list[dict[str, Any]]:
        return [self.server.event(n, event, **more) for n, (event, more) in enumerate(EVENTS)]

    def told(self, *events: Mapping[str, Any]) -> Request:
        return self.server.webhook(events, self.now)


class TestPipe(ReceiverContract):
    connector = Smtp
    sandbox = Pipe


class TestEventWebhook(ReceiverContract):
    connector = SendGrid
    sandbox = EventWebhook
