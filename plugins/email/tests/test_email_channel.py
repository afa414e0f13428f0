"""Both ways of sending keep the contract of a channel."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import JsonValue
from tokui.model import Sender
from tokui_contracts import ChannelContract
from tokui_contracts.mail import MailFault, MailSandbox, SendGridSandbox
from tokui_contracts.mail.sandbox import PASSWORD, USERNAME
from tokui_contracts.mail.sendgrid import API_KEY
from tokui_contracts.suite import ChannelSandbox, Fault, HttpChannelSandbox
from tokui_email.sendgrid import SendGrid
from tokui_email.smtp import Smtp

MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>狩野様</mj-text></mj-column></mj-section>"
    "</mj-body></mjml>"
)
WEATHER = {
    "limited": MailFault("answer", "rcpt", "450 4.2.1 later"),  # SMTP never says when
    "broken": MailFault("answer", "data", "451 4.3.0 broken"),
    "reset": MailFault("drop", "mail"),
    "midway": MailFault("drop", "data"),
    "silent": MailFault("silent", "body", seconds=30),
}


class Persons(ChannelSandbox):
    """To whom is written, and what; as marketing, for it shows the most."""

    purpose = "marketing"
    sender: ClassVar[Mapping[str, Sender]] = {
        "ja": Sender(name="福屋", postal_address="銀座1-1", complaints="03-1234-5678")
    }
    known: ClassVar[Mapping[str, JsonValue]] = {
        "from_address": "shop@shop.example",
        "unsubscribe_address": "stop@shop.example",
        "signing_key": "a-secret-of-the-house-that-is-long-enough",
    }

    def addresses(self, count: int) -> Sequence[str]:
        return [f"kanari{number}@nowhere.example" for number in range(count)]

    def content(self) -> Mapping[str, JsonValue]:
        return {"subject": "狩野カナリ様", "text": "お誕生日おめでとうございます", "mjml": MJML}

    def illegal(self) -> Mapping[str, Mapping[str, JsonValue]]:
        good = self.content()
        return {
            "no subject": {**good, "subject": " "},
            "a subject of two lines": {**good, "subject": "a\r\nBcc: b@c.example"},
            "a subject too long": {**good, "subject": "あ" * 201},
            "no text": {**good, "text": ""},
            "no MJML": {**good, "mjml": "<p>hello</p>"},
            "something else": {**good, "attachment": "x"},
        }

    def personal(self) -> Sequence[str]:
        return ["kanari", "@nowhere.example", "狩野", "お誕生日"]


class MailServer(Persons):
    """The sandbox of SMTP."""

    def start(self) -> None:
        self.server = MailSandbox(login=True)
        self.server.__enter__()

    def stop(self) -> None:
        self.server.__exit__()

    def settings(self) -> Mapping[str, JsonValue]:
        return {
            **self.known,
            "host": self.server.host,
            "port": self.server.port,
            "ca_file": str(self.server.authority),
            "username": USERNAME,
            "password": PASSWORD,
            "bounce_address": "bounce@shop.example",
            "answer_s": 0.5,
        }

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        return {**self.settings(), "password": "revoked-password"}

    def delivered(self) -> Sequence[str]:
        return [to for received in self.server.received for to in received.recipients]

    def requests(self) -> int:
        return self.server.begun

    def inject(self, fault: Fault, *, after: int = 0, times: int | None = 1) -> None:
        says = f"550 5.1.1 {fault.says}"
        wrong = WEATHER.get(fault.kind) or MailFault("answer", "rcpt", says)
        self.server.inject(wrong, after=after, times=times)

    def heal(self) -> None:
        self.server.heal()


class SendGridServer(HttpChannelSandbox, Persons):
    """The sandbox of SendGrid, behind a proxy that breaks answers."""

    def serve(self) -> str:
        self.server = SendGridSandbox()
        self.server.__enter__()
        return self.server.url

    def close(self) -> None:
        self.server.__exit__()

    def settings(self) -> Mapping[str, JsonValue]:
        return {**self.known, "base_url": self.url, "api_key": API_KEY}

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        return {**self.settings(), "api_key": "SG.revoked"}

    def delivered(self) -> Sequence[str]:
        persons: list[Any] = [call["personalizations"][0] for call in self.server.received]
        return [person["to"][0]["email"] for person in persons]


class TestSmtp(ChannelContract):
    connector = Smtp
    sandbox = MailServer


class TestSendGrid(ChannelContract):
    connector = SendGrid
    sandbox = SendGridServer
