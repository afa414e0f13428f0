"""Speaks Voucherify's API; each method is one endpoint. No card's code is ever shown."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from tokui.connector import Context
from tokui.errors import PolicyRefusal, Unanswered, Unavailable
from tokui.http import Response

from tokui_points.voucherify.answers import Card, Transaction, Transactions, read
from tokui_points.voucherify.settings import VoucherifySettings

PAGE = 100
MOST_PAGES = 200
"""A card with more movements than fit on these is not one person's."""

Order: TypeAlias = Literal["id", "-id"]
"""The oldest first, the newest first."""

_UNKNOWN = 404
_BROKEN = range(500, 600)


class Client:
    """One campaign."""

    def __init__(self, name: str, settings: VoucherifySettings, ctx: Context) -> None:
        self._name = name
        self._campaign = f"{settings.base_url}/v1/loyalties/{quote(settings.campaign, safe='')}"
        self._http = ctx.http
        self._headers = {
            "X-App-Id": settings.application_id,
            "X-App-Token": settings.secret_key.get_secret_value(),
        }

    def campaign(self) -> bool:
        """Is there such a campaign?"""
        return self._get(self._campaign).status != _UNKNOWN

    def card(self, code: str) -> Card | None:
        """A card, where the campaign has it."""
        answer = self._get(self._card(code), code)
        return None if answer.status == _UNKNOWN else self._read(Card, answer)

    def transactions(
        self, code: str, order: Order = "id", limit: int = PAGE * MOST_PAGES
    ) -> list[Transaction]:
        """
        A card's movements; none, where the campaign has no such card.

        Raises:
            PolicyRefusal: There are more than anybody's card has.
        """
        url, found = f"{self._card(code)}/transactions", list[Transaction]()
        for _ in range(MOST_PAGES):
            params: dict[str, str | int] = {"limit": min(PAGE, limit - len(found)), "order": order}
            if found:
                params["starting_after_id"] = found[-1].id
            answer = self._get(url, code, params)
            if answer.status == _UNKNOWN:
                return []
            page = self._read(Transactions, answer)
            found += self._new(found, page.data)
            if not (page.has_more and page.data) or len(found) >= limit:
                return found[:limit]
        raise PolicyRefusal(f"the card has over {len(found):,} movements", who=self._name)

    def move(self, code: str, body: Mapping[str, Any]) -> bool:
        """
        Add points, or take them; False where Voucherify refuses it.

        Raises:
            Unanswered: It may have been done.
        """
        answer = self._http.post(
            f"{self._card(code)}/balance",
            json=body,
            headers=self._headers,
            tries=1,
            allow=(400, _UNKNOWN, *_BROKEN),
            private=(code,),
        )
        if answer.status in _BROKEN:
            what = f"Voucherify answered {answer.status}; it may have moved the points"
            raise Unanswered(what, who=self._name, todo="ask again with the same key")
        return answer.status not in (400, _UNKNOWN)

    def _card(self, code: str) -> str:
        if not code.strip("."):
            raise PolicyRefusal("a number that no card has", who=self._name)
        return f"{self._campaign}/members/{quote(code, safe='')}"

    def _get(
        self, url: str, code: str = "", params: Mapping[str, str | int] | None = None
    ) -> Response:
        private = (code,) if code else ()
        return self._http.get(
            url, params=params, headers=self._headers, allow=(_UNKNOWN,), private=private
        )

    def _read(self, kind: Any, answer: Response) -> Any:
        try:
            return read(kind, answer)
        except Unavailable as error:
            error.who = self._name
            raise

    def _new(
        self, known: Sequence[Transaction], page: Sequence[Transaction]
    ) -> Sequence[Transaction]:
        """A page that goes on where the last one ended."""
        ids = {each.id for each in known}
        if any(each.id in ids for each in page):
            raise Unavailable("Voucherify gives the same movements again", who=self._name)
        return page
