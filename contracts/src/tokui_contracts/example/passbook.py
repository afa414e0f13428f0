"""Passbook: a points service in the shopping street, on loopback only. A ledger."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field, SecretStr
from tokui.connector import (
    Balance,
    Capture,
    Connector,
    Earn,
    Hold,
    Ledger,
    Member,
    Movement,
    Posted,
    Redeem,
    Reverse,
    Settings,
    Transfer,
    Void,
)
from tokui.errors import NotEnough, PolicyRefusal
from tokui.http import Response

_ACTS: dict[type[Transfer], str] = {
    Earn: "add",
    Redeem: "spend",
    Reverse: "undo",
    Hold: "hold",
    Capture: "capture",
    Void: "void",
}
_WHY = {
    "unknown": "there is nothing under the key that it is about",
    "nothing left": "no more of it can be taken back",
    "over": "the hold is over",
    "other": "the key was used for another transfer",
}


class PassbookSettings(Settings):
    """What a connection to Passbook needs."""

    url: str = Field(description="Where its API answers, without a slash at the end.")
    token: SecretStr = Field(description="API token.")


class Passbook(Connector[PassbookSettings], Ledger):
    """It knows a reference again for ever, and refuses by itself what is not there."""

    Settings = PassbookSettings
    holds: ClassVar[bool] = True
    holds_nothing = "Passbook knows numbers of cards, not whose they are"

    def balance(self, member: Member) -> Balance:
        """As its counter says."""
        told = self._get(member)
        return Balance(told["points"], self.ctx.now(), held=told["held"])

    def post(self, transfer: Transfer) -> Posted:
        """One call; the key is the reference."""
        points = getattr(transfer, "points", None)
        if points is None and isinstance(transfer, Reverse | Capture | Void):
            points = 0  # all that is left
        elif type(points) is not int or points <= 0:
            raise PolicyRefusal("points are a whole number above 0", who=self.name)
        body = {
            "ref": transfer.key,
            "card": transfer.member.member_no,
            "act": _ACTS[type(transfer)],
            "points": points,
            "of": getattr(transfer, "of", None),
        }
        return self._answer(transfer, self._post(body))

    def history(self, member: Member, limit: int = 100) -> Sequence[Movement]:
        """All of a card; the service has no pages."""
        moves = self._get(member)["moves"][::-1][:limit]
        return [
            Movement(
                each["ref"],
                each["act"],
                each["moved"],
                "",
                datetime.fromisoformat(each["at"]),
            )
            for each in moves
        ]

    def _answer(self, transfer: Transfer, answer: Response) -> Posted:
        told = answer.json()
        if answer.status == 200:
            return Posted(transfer.key, told["moved"], told["after"])
        if told["why"] == "not enough":
            raise NotEnough("so many points are not there", who=self.name)
        raise PolicyRefusal(_WHY[told["why"]], who=self.name)

    def _get(self, member: Member) -> Mapping[str, Any]:
        where = {"card": member.member_no}
        url = f"{self.settings.url}/card"
        told: Mapping[str, Any] = self.ctx.http.get(
            url, params=where, headers=self._headers()
        ).json()
        return told

    def _post(self, body: object) -> Response:
        url, headers = f"{self.settings.url}/moves", self._headers()
        return self.ctx.http.post(url, json=body, headers=headers, tries=1, allow=(409, 422))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.token.get_secret_value()}"}
