"""
Makes every call that the SendGrid connector makes at an independent server of SendGrid's API document.

    python bench/peers/sendgrid_peer.py PYTHON SCRIPT DOCUMENT

SCRIPT is a server that takes a document, `--port` and `--strict`, and answers `GET /__log` with what it
received: a list of `{"method", "template", "status", "violations"}`. It runs under PYTHON and is not part
of this project. E-mails of every purpose, language and form are sent. Exits with 1 when the server saw a
violation, missed a call, or refused an e-mail.
"""

import sys
from collections import Counter
from dataclasses import replace
from itertools import product
from typing import Any
from uuid import UUID

from peer_server import asked, serving
from tokui.connector import Parcel
from tokui.model import Sender
from tokui_contracts.context import context
from tokui_email.content import EmailContent
from tokui_email.sendgrid import SendGrid
from tokui_email.settings import SendGridSettings

CALLS = {
    "POST /mail/send",
    "GET /user/webhooks/event/settings",
    "GET /user/webhooks/event/settings/signed",
}
MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>はな様</mj-text></mj-column></mj-section>"
    "</mj-body></mjml>"
)
CONTENTS = (
    {"subject": "お誕生日おめでとうございます", "text": "はな様"},
    {"subject": "Happy birthday", "text": "Dear Hana", "mjml": MJML},
)
SENDERS = {
    "ja": Sender(name="福屋", postal_address="東京都中央区銀座1-1", complaints="03-1234-5678"),
    "en": Sender(name="Fukuya", postal_address="1-1 Ginza, Tokyo", complaints="help@shop.example"),
}
BARE: dict[str, Any] = {"from_address": "shop@shop.example", "api_key": "SG.peer"}
FULL: dict[str, Any] = {
    **BARE,
    "from_name": "福屋 銀座店",
    "reply_to": "help@shop.example",
    "unsubscribe_address": "stop@shop.example",
    "unsubscribe_url": "https://shop.example/u",
    "signing_key": "a-secret-of-the-house-that-is-long-enough",
    "tracking": True,
}


def use(connector: SendGrid) -> None:
    """Make every call."""
    connector.check()
    forms = product(CONTENTS, ("marketing", "service", "transactional"), ("ja", "en"))
    for number, (content, purpose, language) in enumerate(forms):
        key = str(UUID(int=number, version=4))
        words = EmailContent.model_validate(content)
        topic = "new_arrivals" if number % 2 else None
        addresses = ("hana@例え.jp",) if number % 3 else ("hana@example.jp",)
        parcel = Parcel(key, words, addresses, purpose, topic, language)  # type: ignore[arg-type]
        [outcome] = connector.send(parcel)
        if outcome.state != "accepted":
            raise SystemExit(f"an e-mail was not accepted: {outcome.reason}")


def main(python: str, script: str, document: str) -> int:
    """Serve, call, count."""
    with serving([python, script, document, "--strict"]) as port:
        for settings in (BARE, FULL):
            known = SendGridSettings(**settings, base_url=f"http://127.0.0.1:{port}")
            lent = replace(context("sendgrid"), sender=SENDERS)
            use(SendGrid("sendgrid", known, lent))
            lent.http.close()
        log = asked(port)
    made = Counter(f"{each['method']} {each['template']}" for each in log)
    violations = [said for each in log for said in each["violations"] or ()]
    for call, times in sorted(made.items()):
        print(f"{times:4} {call}")
    print(f"{len(log)} calls, {len(violations)} violations", *violations, sep="\n")
    return int(bool(violations) or made.keys() != CALLS)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
