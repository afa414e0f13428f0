"""Passbook's service in small: cards, and what was done to them under which reference."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from pydantic import JsonValue

from tokui_contracts.loopback import Handler, Loopback
from tokui_contracts.suite.purse import HttpLedgerSandbox

TOKEN = "passbook-token-5d20"  # noqa: S105 - for loopback only
CARD = "77414{:04}"


class Branch(HttpLedgerSandbox):
    """The counter of a street's card."""

    def settings(self) -> Mapping[str, JsonValue]:
        """As the shop would write them."""
        return {"url": self.url, "token": TOKEN}

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """A token that was revoked."""
        return {**self.settings(), "token": "passbook-token-revoked"}

    def serve(self) -> str:
        """Begin with nothing."""
        self._server = Loopback(_Handler, Counter())
        self._server.start()
        return self._server.url

    def close(self) -> None:
        """Stop."""
        self._server.stop()

    def members(self, count: int) -> Sequence[str]:
        """Cards that lie at the counter."""
        return [CARD.format(number) for number in range(count)]

    def personal(self) -> Sequence[str]:
        """The cards' numbers."""
        return self.members(2)


class Refused(Exception):
    """Why not."""


class Counter:
    """All cards; one customer after the other."""

    def __init__(self) -> None:
        self.moves: list[dict[str, Any]] = []
        self._lock = Lock()

    def of(self, card: str) -> list[dict[str, Any]]:
        """What was done to a card."""
        return [each for each in self.moves if each["card"] == card]

    def points(self, card: str) -> int:
        """What is on a card."""
        return sum(int(each["moved"]) for each in self.of(card))

    def held(self, card: str) -> int:
        """What is set aside of it."""
        moves = self.of(card)
        over = {each["of"] for each in moves if each["act"] in ("capture", "void")}
        return -sum(
            int(each["moved"])
            for each in moves
            if each["act"] == "hold" and each["ref"] not in over
        )

    def take(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Do it, once."""
        with self._lock:
            for each in self.moves:
                if each["ref"] == asked["ref"]:
                    if each["asked"] != asked:
                        raise Refused("other")
                    return each
            card = asked["card"]
            moved = getattr(self, f"_{asked['act']}")(card, asked)
            after = self.points(card) + moved
            if after < 0:
                raise Refused("not enough")
            at = datetime.now(UTC).isoformat()
            done = {**asked, "asked": asked, "moved": moved, "after": after, "at": at}
            self.moves.append(done)
            return done

    def _add(self, _: str, asked: dict[str, Any]) -> int:
        return int(asked["points"])

    def _spend(self, _: str, asked: dict[str, Any]) -> int:
        return -int(asked["points"])

    _hold = _spend

    def _undo(self, card: str, asked: dict[str, Any]) -> int:
        done = self._find(card, asked, ("add", "spend"))
        spent = done["act"] == "spend"
        before = sum(abs(each["moved"]) for each in self.of(card) if each["of"] == asked["of"])
        left = abs(done["moved"]) - before
        points = asked["points"] or left
        if not 0 < points <= left:
            raise Refused("nothing left")
        return int(points if spent else -points)

    def _capture(self, card: str, asked: dict[str, Any]) -> int:
        aside = -int(self._open(card, asked)["moved"])
        if asked["points"] > aside:
            raise Refused("not enough")
        return aside - (int(asked["points"]) or aside)

    def _void(self, card: str, asked: dict[str, Any]) -> int:
        return -int(self._open(card, asked)["moved"])

    def _open(self, card: str, asked: dict[str, Any]) -> dict[str, Any]:
        hold = self._find(card, asked, ("hold",))
        if any(each["of"] == asked["of"] for each in self.of(card)):
            raise Refused("over")
        return hold

    def _find(self, card: str, asked: dict[str, Any], acts: Sequence[str]) -> dict[str, Any]:
        for each in self.of(card):
            if each["ref"] == asked["of"] and each["act"] in acts:
                return each
        raise Refused("unknown")


class _Handler(Handler):
    server: Loopback[Counter]

    def do_GET(self) -> None:
        card, counter = self.path.rpartition("=")[2], self.server.vendor
        names = ("ref", "act", "moved", "at")
        moves = [{name: each[name] for name in names} for each in counter.of(card)]
        told = {"points": counter.points(card), "held": counter.held(card), "moves": moves}
        self._answer(200, told)

    def do_POST(self) -> None:
        body = json.loads(self.body())
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return self._answer(401, None)
        try:
            done = self.server.vendor.take(body)
        except Refused as why:
            return self._answer(409 if why.args == ("other",) else 422, {"why": why.args[0]})
        return self._answer(200, {"moved": done["moved"], "after": done["after"]})

    def _answer(self, status: int, body: object) -> None:
        self.answer(status, json.dumps(body).encode(), {})
