"""
Makes every call that the LINE connector makes at an independent server of LINE's API document.

    python bench/peers/line_peer.py PYTHON SCRIPT MESSAGING TOKENS WEBHOOKS

SCRIPT is a server that takes a document, `--port`, `--strict` and `--fixtures`, and answers `GET /__log`
with what it received: a list of `{"method", "template", "violations"}`. It runs under PYTHON and is not
part of this project; MESSAGING and TOKENS are LINE's documents of the Messaging API and of channel access
tokens. Every kind of message, action and flex component is sent. Exits with 1 when the server saw a
violation, or missed a call.
"""

import json
import sys
import tempfile
import urllib.error
import urllib.request
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from peer_server import asked, serving
from tokui.connector import Parcel, Pull
from tokui_contracts.context import NOON, context
from tokui_contracts.line.vendor import LineNews
from tokui_line.connector import Line
from tokui_line.content import LineContent
from tokui_line.settings import LineSettings

USER, OTHER = f"U{'a' * 32}", f"U{'b' * 32}"
SAMPLES = Path(__file__).parents[2] / "plugins/line/tests/fixtures/messages.json"
CALLS = {
    "POST /v2/bot/message/push",
    "POST /v2/bot/message/multicast",
    "GET /v2/bot/message/quota",
    "GET /v2/bot/message/quota/consumption",
    "GET /v2/bot/followers/ids",
    "GET /v2/bot/profile/{userId}",
    "GET /v2/bot/info",
    "GET /v2/bot/channel/webhook/endpoint",
    "POST /v2/bot/user/{userId}/linkToken",
    "POST /oauth2/v2.1/token",
    "POST /callback",
}
FIXTURES = {
    "GET /v2/bot/followers/ids": [
        {"json": {"userIds": [USER]}},  # for `check`
        {"json": {"userIds": [USER], "next": "yANU9IA"}},
        {"json": {"userIds": [USER]}},
    ],
    "GET /v2/bot/profile/{userId}": {"json": {"userId": USER, "displayName": "はな"}},
    "POST /oauth2/v2.1/token": {
        "json": {"access_token": "t", "expires_in": 1800, "token_type": "Bearer", "key_id": "k"}
    },
}


def line(port: int, **settings: Any) -> Line:
    """A connection to that server."""
    known = {"provider": "1", "base_url": f"http://127.0.0.1:{port}", **settings}
    return Line("line", LineSettings.model_validate(known), context("line"))


def use(connector: Line) -> None:
    """Make every call."""
    connector.check()
    connector.quota()
    list(connector.pull(Pull("followers", None, NOON)))
    list(connector.fetch("followers", [USER]))
    connector.invite(USER, "https://shop.example.jp/login")
    samples = json.loads(SAMPLES.read_text("utf-8"))
    for number, sample in enumerate(samples):
        content = LineContent.model_validate(sample)
        for addresses in ((USER,), (USER, OTHER)):
            key = str(UUID(int=2 * number + len(addresses), version=4))
            connector.send(Parcel(key, content, addresses))


def issue(port: int) -> None:
    """Ask for a token v2.1; the calls with it are the other server's, and fail here."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    line(port, channel_id="1", kid="k", private_key=pem.decode())._client._tokens.header()


def tell(port: int) -> None:
    """Send every webhook that the sandbox can."""
    url = f"http://127.0.0.1:{port}/callback"
    for news in LineNews(Path()).news():
        headers = {"Content-Type": "application/json"}
        with suppress(urllib.error.HTTPError):  # the server keeps what was wrong
            urllib.request.urlopen(urllib.request.Request(url, news.body, headers)).close()


def main(python: str, script: str, *documents: str) -> int:
    """Serve, call, count."""
    with ExitStack() as stack:
        fixtures = Path(stack.enter_context(tempfile.TemporaryDirectory()), "fixtures.json")
        fixtures.write_text(json.dumps(FIXTURES))
        how = ["--strict", "--fixtures", str(fixtures)]
        servers = [serving([python, script, each, *how]) for each in documents]
        ports = [stack.enter_context(server) for server in servers]
        use(line(ports[0], access_token="t", channel_secret="s"))
        issue(ports[1])
        tell(ports[2])
        log = [each for port in ports for each in asked(port)]
    made = Counter(f"{each['method']} {each['template']}" for each in log)
    violations = [said for each in log for said in each["violations"] or ()]
    for call, times in sorted(made.items()):
        print(f"{times:4} {call}")
    print(f"{len(log)} calls, {len(violations)} violations", *violations, sep="\n")
    return int(bool(violations) or made.keys() != CALLS)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
