"""LINE's endpoints: what each answers, and what it changes."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

from pydantic_core import from_json

from tokui_contracts.line.account import BOT, USER, Account
from tokui_contracts.line.issue import Issuer
from tokui_contracts.line.strict import wrong

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
SENDS = ("/v2/bot/message/push", "/v2/bot/message/multicast")
MONTHLY = "You have reached your monthly limit."
RATE = "The API rate limit has been exceeded. Try again later."
NOT_YOURS = "Access to this API is not available for your account"


class Asked(NamedTuple):
    """
    A request.

    Attributes:
        headers: Names in lower case.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    """An answer; `headers` beside those of every answer."""

    status: int
    json: Any
    headers: Mapping[str, str] = MappingProxyType({})


Route: TypeAlias = Callable[[Asked, str], Answer]


class Routes:
    """Answers for one account. Not locked: the sandbox does that."""

    def __init__(self, account: Account, token: str, issuer: Issuer) -> None:
        self._account = account
        self._token = token
        self._issuer = issuer
        self._table: tuple[tuple[str, str, Route], ...] = (
            ("POST", SENDS[0], self._push),
            ("POST", SENDS[1], self._multicast),
            ("GET", "/v2/bot/message/quota", self._quota),
            ("GET", "/v2/bot/message/quota/consumption", self._consumption),
            ("GET", "/v2/bot/followers/ids", self._followers),
            ("GET", "/v2/bot/profile/([^/]+)", self._profile),
            ("GET", "/v2/bot/info", self._info),
            ("GET", "/v2/bot/channel/webhook/endpoint", self._endpoint),
            ("POST", "/v2/bot/user/([^/]+)/linkToken", self._link_token),
        )

    def answer(self, asked: Asked) -> Answer:
        """What LINE says."""
        path = urlsplit(asked.target).path
        if path == "/oauth2/v2.1/token" and asked.method == "POST":
            return Answer(*self._issuer.answer(asked.body))
        if not self._admits(asked.headers.get("authorization", "")):
            return refused(401, "Authentication failed. Confirm that the access token is valid.")
        known = [
            (method, m, route) for method, p, route in self._table if (m := re.fullmatch(p, path))
        ]
        if not known:
            return refused(404, "Not found")
        method, match, route = known[0]
        if method != asked.method:
            return refused(405, "Method not allowed")
        return route(asked, unquote(match[1]) if match.groups() else "")

    def _admits(self, authorization: str) -> bool:
        token = authorization.removeprefix("Bearer ")
        return token == self._token or (self._issuer.issued > 0 and self._issuer.valid(token))

    # --- sending -----------------------------------------------------------------------------------

    def _push(self, asked: Asked, _: str) -> Answer:
        return self._send(asked, {"to", "messages"}, _one)

    def _multicast(self, asked: Asked, _: str) -> Answer:
        return self._send(asked, {"to", "messages"}, _many)

    def _send(
        self, asked: Asked, needs: set[str], read: Callable[[Any], tuple[str, ...] | None]
    ) -> Answer:
        if asked.headers.get("content-type", "").split(";")[0] != "application/json":
            return refused(415, "The content type is not supported")
        key = asked.headers.get("x-line-retry-key")
        if key is not None and not UUID.fullmatch(key):
            return refused(400, "Invalid retry key")
        body = _object(asked.body)
        if body is None:
            return refused(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
        to = read(body.get("to"))
        strange = body.keys() - needs - {"notificationDisabled", "customAggregationUnits"}
        if to is None or strange:
            name = "to" if to is None else min(strange)
            return refused(
                400, f"The property, '{name}', in the request body is invalid (line: -, column: -)"
            )
        if complaints := list(wrong(body.get("messages"))):
            said = f"The request body has {len(complaints)} error(s)"
            return Answer(400, {"message": said, "details": complaints})
        return self._decide(key, to, body, one=read is _one)

    def _decide(
        self, key: str | None, to: tuple[str, ...], body: Mapping[str, Any], *, one: bool
    ) -> Answer:
        """All is well written; is it known, affordable, and somebody's?"""
        account, request = self._account, str(uuid4())
        if before := account.known(key):
            said: dict[str, Any] = {"message": "The retry key is already accepted"}
            if one:
                said["sentMessages"] = [{"id": before.message}]
            return Answer(409, said, {"X-Line-Accepted-Request-Id": before.request})
        if not account.affords(to):
            return refused(429, MONTHLY)
        if one and to[0] not in account.profiles:
            return refused(400, "Failed to send messages")
        number = account.accept(key, to, body, request)
        sent = {"sentMessages": [{"id": number, "quoteToken": "quote"}]} if one else {}
        return Answer(200, sent, {"X-Line-Request-Id": request})

    # --- reading -----------------------------------------------------------------------------------

    def _quota(self, _: Asked, __: str) -> Answer:
        limit = self._account.limit
        return Answer(
            200, {"type": "none"} if limit is None else {"type": "limited", "value": limit}
        )

    def _consumption(self, _: Asked, __: str) -> Answer:
        return Answer(200, {"totalUsage": self._account.used})

    def _followers(self, asked: Asked, _: str) -> Answer:
        if not self._account.verified:
            return refused(403, NOT_YOURS)
        query = dict(parse_qsl(urlsplit(asked.target).query))
        try:
            limit = int(query.get("limit", "300"))
            if query.keys() - {"limit", "start"} or not 1 <= limit <= 1000:
                raise ValueError
            return Answer(200, self._account.page(query.get("start"), limit))
        except ValueError:
            return refused(400, "The request has a query parameter that is invalid")

    def _profile(self, _: Asked, user: str) -> Answer:
        if not USER.fullmatch(user):
            return refused(400, "The value for the 'userId' parameter is invalid")
        shown = self._account.profiles.get(user)
        if not shown or user in self._account.blocked:
            return refused(404, "Not found")
        return Answer(200, {"userId": user, **shown})

    def _info(self, _: Asked, __: str) -> Answer:
        return Answer(
            200,
            {
                "userId": BOT,
                "basicId": "@tokui",
                "displayName": "得意",
                "chatMode": "bot",
                "markAsReadMode": "auto",
            },
        )

    def _endpoint(self, _: Asked, __: str) -> Answer:
        if self._account.endpoint is None:
            return refused(404, "Webhook endpoint not found.")
        return Answer(200, {"endpoint": self._account.endpoint, "active": self._account.active})

    def _link_token(self, _: Asked, user: str) -> Answer:
        if user not in self._account.friends():
            return refused(400, "The value for the 'userId' parameter is invalid")
        return Answer(200, {"linkToken": self._account.link_token(user)})


def refused(status: int, message: str) -> Answer:
    """An error as LINE writes it."""
    return Answer(status, {"message": message})


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = from_json(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _one(to: Any) -> tuple[str, ...] | None:
    return (to,) if isinstance(to, str) and USER.fullmatch(to) else None


def _many(to: Any) -> tuple[str, ...] | None:
    if not isinstance(to, list) or not 1 <= len(to) <= 500 or len(set(map(str, to))) != len(to):
        return None
    return tuple(to) if all(_one(each) for each in to) else None
