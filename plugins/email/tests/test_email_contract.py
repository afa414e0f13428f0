"""The stream `bounces` keeps the contract of a source."""

import os
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import JsonValue
from tokui_contracts import Sandbox, SourceContract
from tokui_contracts.mail import MailSandbox, Received, delivery_report
from tokui_email.smtp import Smtp
from tokui_email.stamp import envelope_sender, stamp

SECRET = "a-secret-of-the-house-that-is-long-enough"


class Mailbox(Sandbox):
    """A maildir full of bounces, each from a mailbox that is no more. What changes comes in anew."""

    count = 120
    may_lack = ("bounces.earlier",)
    nobody = "999.mail.shop.example"

    def start(self) -> None:
        self.server = MailSandbox()
        self.server.__enter__()

    def stop(self) -> None:
        self.server.__exit__()

    def settings(self) -> Mapping[str, JsonValue]:
        return {
            "host": self.server.host,
            "port": self.server.port,
            "ca_file": str(self.server.authority),
            "from_address": "shop@shop.example",
            "bounce_address": "bounce@shop.example",
            "signing_key": SECRET,
            "maildir": str(self.folder),
        }

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        self.cannot("a folder asks for no credentials")

    def fill(self, count: int) -> None:
        for part in ("new", "cur"):
            (self.folder / part).mkdir()
        self.statuses = {f"{number:04}.mail.shop.example": 1 for number in range(count)}
        for name in self.statuses:
            self.put(name, self.now - timedelta(days=9))

    def truth(self) -> Mapping[str, Collection[str]]:
        return {"bounces": self.statuses}

    def touch(self, stream: str, ids: Collection[str], at: datetime) -> None:
        for name in ids:
            self.statuses[name] += 1
            self.put(name, at)

    def remove(self, stream: str, external_id: str) -> None:
        self.file(external_id).unlink()
        del self.statuses[external_id]

    def spoil(self, stream: str, external_id: str) -> bool:
        self.put(external_id, self.now - timedelta(days=1), spoilt=True)
        return True

    def personal(self) -> Sequence[str]:
        return ["kanari", "@nowhere.example"]

    def file(self, name: str) -> Path:
        odd = int(name[:4]) % 2
        return self.folder / "cur" / f"{name}:2,S" if odd else self.folder / "new" / name

    def put(self, name: str, at: datetime, *, spoilt: bool = False) -> None:
        address = f"kanari{name[:4]}@nowhere.example"
        mark = stamp(SECRET, f"key-{name[:4]}", address)
        sender = envelope_sender("bounce@shop.example", mark)
        head = f"To: {address}\r\nMessage-ID: <{mark}@shop.example>\r\n\r\n".encode()
        dead = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.2.1")[self.statuses[name] % 5]
        report = delivery_report(Received(sender, (address,), head), dead)
        if spoilt:
            report = report.replace(b"Final-Recipient", b"X-A").replace(b"Action", b"X-B")
        written = self.folder / "writing"
        written.write_bytes(report)
        os.utime(written, (at.timestamp(), at.timestamp()))
        written.rename(self.file(name))


class TestBounces(SourceContract):
    connector = Smtp
    sandbox = Mailbox
