"""Stamp's API in small: lists by (time, id) in pages, single objects, a bearer token."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from pydantic import JsonValue

from tokui_contracts.loopback import Handler, Loopback
from tokui_contracts.suite.sandbox import HttpSandbox

TOKEN = "stamp-token-5f2a"  # noqa: S105 - for loopback only

_Objects: TypeAlias = dict[str, dict[str, dict[str, Any]]]


class StampSandbox(HttpSandbox):
    """Stamp with two objects to a page."""

    def settings(self) -> Mapping[str, JsonValue]:
        """As the shop would write them."""
        return {"url": self.url, "token": TOKEN, "page_size": 2}

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """A token that was revoked."""
        return {**self.settings(), "token": "stamp-token-revoked"}

    def serve(self) -> str:
        """Begin with nothing."""
        self._server = Loopback[_Objects](_Handler, {"cards": {}, "shops": {}})
        self._server.start()
        return self._server.url

    def close(self) -> None:
        """Stop."""
        self._server.stop()

    def fill(self, count: int) -> None:
        """Two of the persons share a name; one has no e-mail address."""
        for number in range(1, count + 1):
            at = (self.now - timedelta(days=9, minutes=-number)).isoformat()
            card = {"id": f"c{number}", "updated_at": at, "number": f"00{number}", "rank": "松"}
            person = {"name": f"狩野カナリ{max(number, 2)}", "email": f"kanari{number}@example.jp"}
            shop = {"id": f"s{number}", "updated_at": at, "name": f"第{number}店"}
            self._server.vendor["cards"][f"c{number}"] = {**card, **person}
            self._server.vendor["shops"][f"s{number}"] = shop
        self._server.vendor["cards"][f"c{count}"]["email"] = None

    def truth(self) -> Mapping[str, Collection[str]]:
        """Ids as served."""
        return self._server.vendor

    def touch(self, stream: str, ids: Collection[str], at: datetime) -> None:
        """Another rank, or another name over the door."""
        field = "rank" if stream == "cards" else "name"
        for shown in (self._server.vendor[stream][external_id] for external_id in ids):
            shown.update({field: f"{shown[field]}+", "updated_at": at.isoformat()})

    def remove(self, stream: str, external_id: str) -> None:
        """As if it had never been."""
        del self._server.vendor[stream][external_id]

    def spoil(self, stream: str, external_id: str) -> bool:
        """A list where the name was."""
        self._server.vendor[stream][external_id]["name"] = ["?"]
        return True

    def personal(self) -> Sequence[str]:
        """What names and addresses begin with."""
        return ["狩野カナリ", "kanari"]


class _Handler(Handler):
    server: Loopback[_Objects]

    def do_GET(self) -> None:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return self._answer(401, None)
        asked = urlsplit(self.path)
        stream, _, external_id = asked.path.strip("/").partition("/")
        objects = self.server.vendor[stream]
        if external_id:
            return self._answer(200 if external_id in objects else 404, objects.get(external_id))
        return self._list(list(objects.values()), dict(parse_qsl(asked.query)))

    def _list(self, objects: list[dict[str, Any]], asked: Mapping[str, str]) -> None:
        until = asked.get("until", "9999")
        since, _, after = asked.get("token", f"{asked.get('since', '')}|").partition("|")
        if since > until:
            return self._answer(400, None)
        found = sorted((each["updated_at"], each["id"]) for each in objects)
        found = [place for place in found if (since, after) < place and place[0] <= until]
        limit = int(asked["limit"])
        token = "|".join(found[limit - 1]) if len(found) > limit else None
        by_id = {each["id"]: each for each in objects}
        return self._answer(200, {"items": [by_id[id_] for _, id_ in found[:limit]], "next": token})

    def _answer(self, status: int, body: object) -> None:
        self.answer(status, json.dumps(body).encode(), {})
