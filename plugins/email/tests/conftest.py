"""A mail server to send to, connections to send by, and the DKIM key of the house."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tokui.connector import Parcel
from tokui.model import Sender
from tokui_contracts.context import Waits, context
from tokui_contracts.mail import MailSandbox
from tokui_email.content import EmailContent
from tokui_email.settings import SmtpSettings
from tokui_email.smtp import Smtp

KEY = "6f1c1b9a-0000-4000-8000-123456789abc"
SECRET = "a-secret-of-the-house-that-is-long-enough"
SENDERS = {
    "ja": Sender(
        name="福屋 銀座店", postal_address="東京都中央区銀座1-1", complaints="help@shop.example"
    ),
    "en": Sender(name="Fukuya", postal_address="1-1 Ginza, Tokyo", complaints="help@shop.example"),
}
MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
    "</mj-body></mjml>"
)

Build = Callable[..., Smtp]
Make = Callable[..., Parcel]


@pytest.fixture
def server() -> Iterator[MailSandbox]:
    with MailSandbox() as server:
        yield server


@pytest.fixture
def smtp(server: MailSandbox) -> Iterator[Build]:
    """`smtp(**settings)`: a connection to `server` that can send anything."""
    built: list[Smtp] = []

    def build(**given: Any) -> Smtp:
        settings = known(host=server.host, port=server.port, ca_file=server.authority) | given
        lent = replace(context("mail", stop=Waits()), sender=SENDERS)
        built.append(Smtp("mail", SmtpSettings(**settings), lent))
        return built[-1]

    yield build
    for each in built:
        each.close()
        each.ctx.http.close()


def known(**given: Any) -> dict[str, Any]:
    return {
        "host": "mail.shop.example",
        "from_address": "shop@shop.example",
        "bounce_address": "bounce@shop.example",
        "unsubscribe_address": "unsubscribe@shop.example",
        "signing_key": SECRET,
        "timeout_s": 5,
        "answer_s": 5,
    } | given


@pytest.fixture
def parcel() -> Make:
    """`parcel(address, …)`: one message."""

    def make(address: str = "hanako@example.jp", **given: Any) -> Parcel:
        words = {"subject": "お誕生日おめでとうございます", "text": "花子様"}
        content = EmailContent(**{**words, **given.pop("content", {})})
        return Parcel(**{"key": KEY, "content": content, "addresses": (address,)} | given)

    return make


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="session")
def pem(rsa_key: rsa.RSAPrivateKey) -> str:
    return rsa_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "mail" / part).mkdir(parents=True)
    return tmp_path / "mail"
