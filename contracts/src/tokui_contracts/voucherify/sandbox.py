"""A Voucherify project on loopback."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tokui_contracts.loopback import Handler, Loopback
from tokui_contracts.voucherify.cards import CAMPAIGN, Cards, Refused

APPLICATION = "8a824b12-0530-4ef4-9479-d9e9b9930176"
SECRET = "voucherify-secret-8d20"  # noqa: S105 - for loopback only


class VoucherifySandbox(AbstractContextManager["VoucherifySandbox"]):
    """
    Serves one campaign as Voucherify's API would, on 127.0.0.1, from `with` to its end.

    Attributes:
        url: Scheme, host and port, without a path.
        cards: Its state, to look at and to change.
    """

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.cards = Cards(now)
        self._server = Loopback(_Handler, self.cards)
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()


class _Handler(Handler):
    server: Loopback[Cards]

    def do_GET(self) -> None:
        body = self.body()
        try:
            status, answer = 200, self._answer(json.loads(body) if body else {})
        except Refused as refused:
            status, key, details = refused.args
            answer = {"code": status, "key": key, "message": key, "details": details}
        self.answer(status, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    do_POST = do_GET

    def _answer(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if (self.headers["X-App-Id"], self.headers["X-App-Token"]) != (APPLICATION, SECRET):
            raise Refused(401, "unauthorized", "the application is unknown")
        parts = [unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")]
        query = {key: value for key, [value] in parse_qs(urlsplit(self.path).query).items()}
        match self.command, parts:
            case "GET", ["v1", "loyalties", campaign] if campaign == CAMPAIGN:
                return {"id": CAMPAIGN, "campaign_type": "LOYALTY_PROGRAM", "object": "campaign"}
            case "GET", ["v1", "loyalties", campaign, "members", code] if campaign == CAMPAIGN:
                return self.server.vendor.card(code)
            case "GET", ["v1", "loyalties", campaign, "members", code, "transactions"] if (
                campaign == CAMPAIGN
            ):
                return self._list(code, query)
            case "POST", ["v1", "loyalties", campaign, "members", code, "balance"] if (
                campaign == CAMPAIGN
            ):
                return self.server.vendor.change(code, body)
        raise Refused(404, "not_found", f"there is no {'/'.join(parts)}")

    def _list(self, code: str, query: Mapping[str, str]) -> Mapping[str, Any]:
        limit = int(query.get("limit", 10))
        if not 1 <= limit <= 100:
            raise Refused(400, "invalid_query_params", "limit is from 1 to 100")
        newest, after = query.get("order") == "-id", query.get("starting_after_id", "")
        return self.server.vendor.listed(code, newest=newest, after=after, limit=limit)
