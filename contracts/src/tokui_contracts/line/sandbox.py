"""A LINE official account on loopback."""

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

from pydantic_core import to_json

from tokui_contracts.faults import Weather
from tokui_contracts.line.account import BOT, SECRET, TOKEN, Account, Profile, Received
from tokui_contracts.line.faults import Fault
from tokui_contracts.line.issue import Issuer
from tokui_contracts.line.routes import MONTHLY, RATE, SENDS, Answer, Asked, Routes, refused
from tokui_contracts.line.webhooks import Webhooks
from tokui_contracts.loopback import Handler, Loopback

CHANNEL = "2000000002"
SILENCE_S = 10.0


class Call(NamedTuple):
    """A request that came in, and the status it should have been answered with."""

    method: str
    path: str
    status: int


class LineSandbox(AbstractContextManager["LineSandbox"]):
    """
    Serves one account as LINE's Messaging API would, on 127.0.0.1, from `with` to its end.

    Args:
        followers: User id → profile; see `followers` for the town's.
        port: 0 takes any free one.
        token: The long-lived token.
        secret: The channel secret, which signs webhooks.
        limit: Messages of the month.
        verified: False: it may not list its followers.
        keys: Key id → public key (PEM) of those who may ask for a token v2.1.
        now: Its clock.

    Attributes:
        url: Scheme, host and port, without a path.
        account: Its state, to look at and to change.
        hooks: Makes webhooks.
        calls: Every request.
        issuer: Gives out tokens v2.1.
    """

    def __init__(
        self,
        followers: Mapping[str, Profile] | None = None,
        *,
        port: int = 0,
        token: str = TOKEN,
        secret: str = SECRET,
        limit: int | None = None,
        verified: bool = True,
        keys: Mapping[str, str] | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.now = now or (lambda: datetime.now(UTC))
        self.token = token
        self.secret = secret
        self.account = Account(self.now, dict(followers or {}), limit=limit, verified=verified)
        self.hooks = Webhooks(BOT, secret, self.now)
        self.calls: list[Call] = []
        self.issuer = Issuer(CHANNEL, keys or {}, self.now)
        self.weather = Weather[Fault]()
        self._routes = Routes(self.account, token, self.issuer)
        self._lock = threading.Lock()
        self._server = Loopback(_Handler, self, port)
        self.url = self._server.url

    @property
    def received(self) -> list[Received]:
        """What was accepted, each call once, in order."""
        with self._lock:
            return list(self.account.received)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.weather.heal()
        self._server.stop()

    def inject(self, fault: Fault, *, after: int = 0, times: int | None = 1) -> None:
        """Break `times` calls that send (None: all), once `after` more went well."""
        self.weather.inject(fault, after=after, times=times)

    def follow(self, plan: Iterable[Fault | None]) -> None:
        """One of the plan for each call that sends, None for a good one."""
        self.weather.follow(plan)

    def heal(self) -> None:
        """Break no more."""
        self.weather.heal()

    def tap(self, url: str, user: str) -> Mapping[str, Any] | None:
        """
        Open the address that links an account in this person's browser; the event LINE sends.

        None where the link token is used up or over: then LINE shows an error, and sends nothing.
        """
        query = parse_qs(urlsplit(url).query)
        token, nonce = query["linkToken"][0], query["nonce"][0]
        if not 10 <= len(nonce) <= 255:
            raise ValueError("a nonce has 10 to 255 characters")
        with self._lock:
            invited = self.account.linked(token)
        if invited is None:
            return None
        result = "ok" if invited == user else "failed"
        return self.hooks.event("accountLink", user, link={"result": result, "nonce": nonce})

    def answer(self, asked: Asked) -> tuple[Answer, Fault | None]:
        """What LINE says, and what goes wrong on the way."""
        path = urlsplit(asked.target).path
        fault, _ = self.weather.next() if path in SENDS else (None, None)
        with self._lock:
            answer = _INSTEAD[fault] if fault in _INSTEAD else self._routes.answer(asked)
            self.calls.append(Call(asked.method, path, answer.status))
        return answer, fault


_INSTEAD: Mapping[Fault | None, Answer] = {
    "rate": refused(429, RATE),
    "quota": refused(429, MONTHLY),
    "error": refused(500, "Internal server error"),
    "revoked": refused(401, "Authentication failed. Confirm that the access token is valid."),
    "silent": refused(504, "nothing"),
    "reset": refused(504, "nothing"),
    "garbage": Answer(200, None),
}
"""What happens before LINE has looked at the message."""


class _Handler(Handler):
    server: Loopback[LineSandbox]

    def do_GET(self) -> None:
        body = self.body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer, fault = self.server.vendor.answer(Asked(self.command, self.path, headers, body))
        match fault:
            case "silent" | "silent_after":
                self.server.vendor.weather.healed.wait(SILENCE_S)
                self.close_connection = True
            case "reset" | "reset_after":
                self.reset()
            case "garbage" | "garbage_after":
                self._send(200, "text/html", b"<html>We will be back soon")
            case "error_after":
                self._send(500, "application/json", b'{"message":"Internal server error"}')
            case _:
                self._send(answer.status, "application/json", to_json(answer.json), answer.headers)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET

    def _send(
        self, status: int, kind: str, content: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response_only(status)
        self.send_header("Date", format_datetime(self.server.vendor.now(), usegmt=True))
        self.complete(content, {"Content-Type": kind, **(headers or {})})
