"""Loyalty cards, and what moved their points: no key makes anything happen once."""

import itertools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Any

CAMPAIGN = "camp_rRsfatlwN7unSeUIJDCYedal"
CODE = "88213{:04}"
"""Of the card of a number; those of the first hundred numbers are issued."""

FIELDS = {"points", "expiration_type", "expiration_date", "reason", "source_id"}


class Refused(Exception):
    """Status and key of an error, and what it says."""


class Cards:
    """
    The cards of a campaign.

    Attributes:
        now: Their clock.
        lag: So many of the next listings do not show yet what was done last.
        meanwhile: What others do just before the next change of a balance; called once.
        pending: Code → points that come later.
        ends: Code → the next date on which points end, and how many.
    """

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.now = now or (lambda: datetime.now(UTC))
        self.lag = 0
        self.meanwhile: Callable[[], object] | None = None
        self.pending: dict[str, int] = {}
        self.ends: dict[str, tuple[str, int]] = {}
        self._moves: dict[str, list[dict[str, Any]]] = {CODE.format(n): [] for n in range(100)}
        self._ids = itertools.count(0x0C9DD3C2E392F78613)
        self._lock = Lock()

    def balance(self, code: str) -> int:
        """What can be spent."""
        moves = self._of(code)
        return int(moves[-1]["details"]["balance"]["balance"]) if moves else 0

    def card(self, code: str) -> Mapping[str, Any]:
        """A card as it is shown."""
        day, ending = self.ends.get(code, (None, None))
        points = {
            "points": sum(max(0, _points(each)) for each in self._of(code)),
            "balance": self.balance(code),
            "pending_points": self.pending.get(code, 0),
            "next_expiration_date": day,
            "next_expiration_points": ending,
        }
        known = {"id": _voucher(code), "code": code, "campaign_id": CAMPAIGN}
        return {**known, "type": "LOYALTY_CARD", "loyalty_card": points, "object": "voucher"}

    def listed(self, code: str, *, newest: bool, after: str, limit: int) -> Mapping[str, Any]:
        """A page of a card's movements."""
        with self._lock:
            rows = list(self._of(code))
            if self.lag and rows:
                self.lag, rows = self.lag - 1, rows[:-1]
        rows = rows[::-1] if newest else rows
        ids = [each["id"] for each in rows]
        begin = ids.index(after) + 1 if after else 0
        page = rows[begin : begin + limit]
        more = begin + limit < len(rows)
        last = page[-1]["id"] if more else None
        told = {"has_more": more, "more_starting_after": last, "data": page}
        return {"object": "list", "data_ref": "data", **told}

    def change(self, code: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Add points or take them, as often as it is asked."""
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        points = body.get("points")
        if type(points) is not int or not points or not {*body} <= FIELDS:
            raise Refused(400, "invalid_add_balance_params", "the body is not as it should be")
        with self._lock:
            after = self.balance(code) + points
            if after < 0:
                raise Refused(400, "loyalty_card_points_exceeded", f"card {code} has too few")
            return self._note(code, "POINTS_ADDITION" if points > 0 else "POINTS_REMOVAL", body)

    def happens(self, code: str, kind: str, points: int) -> None:
        """Something that Voucherify does by itself."""
        with self._lock:
            self._note(code, kind, {"points": points})

    def _note(self, code: str, kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        balance = {
            "type": "loyalty_card",
            "object": "balance",
            "points": body["points"],
            "total": self.balance(code) + body["points"],
            "balance": self.balance(code) + body["points"],
            "related_object": {"type": "voucher", "id": _voucher(code)},
        }
        self._moves[code].append(
            {
                "id": f"vtx_{next(self._ids):x}",
                "source_id": body.get("source_id"),
                "voucher_id": _voucher(code),
                "campaign_id": CAMPAIGN,
                "source": "API" if "source_id" in body else None,
                "reason": body.get("reason"),
                "type": kind,
                "details": {"balance": balance},
                "related_transaction_id": None,
                "created_at": self.now().isoformat().replace("+00:00", "Z"),
            }
        )
        return balance

    def _of(self, code: str) -> list[dict[str, Any]]:
        if code not in self._moves:
            raise Refused(404, "not_found", f"Cannot find voucher with id {code}")
        return self._moves[code]


def _points(move: Mapping[str, Any]) -> int:
    return int(move["details"]["balance"]["points"])


def _voucher(code: str) -> str:
    return f"v_lWRrcwNm0vqxBaU5nsSMzRRH{code:>08}"
