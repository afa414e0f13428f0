"""Speaks Voucherify's API; each method is one endpoint. No card's code is ever shown."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from tokui.connector import Context
from tokui.errors import ConfigError, PolicyRefusal, QuotaExceeded, Unanswered, Unavailable
from tokui.http import Response

from tokui_points.voucherify.answers import A, Card, Transaction, Transactions, read
from tokui_points.voucherify.settings import VoucherifySettings

PAGE = 100
MOST_PAGES = 200
"""A card with more movements than fit on these is not one person's."""

Order: TypeAlias = Literal["id", "-id"]
"""The oldest first, the newest first."""

_USED_UP, _UNKNOWN = 402, 404
_BROKEN = range(500, 600)


class Client:
    """One campaign."""

    def __init__(self, name: str, settings: VoucherifySettings, ctx: Context) -> None:
        self._name = name
        self._campaign = f"{settings.base_url}/v1/loyalties/{quote(settings.campaign, safe='')}"
        self._http = ctx.http
        self._is_there = False
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
        if answer.status == _UNKNOWN:
            self._check_campaign()
            return None
        return self._read(Card, answer)

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
                self._check_campaign()
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
            allow=(400, _USED_UP, _UNKNOWN, *_BROKEN),
            private=(code,),
        )
        self._check_plan(answer)
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
        private, allow = (code,) if code else (), (_USED_UP, _UNKNOWN)
        answer = self._http.get(
            url, params=params, headers=self._headers, allow=allow, private=private
        )
        self._check_plan(answer)
        return answer

    def _check_plan(self, answer: Response) -> None:
        if answer.status == _USED_UP:
            todo = "wait for the next period of your Voucherify plan, or change it"
            raise QuotaExceeded("the plan's API calls are used up", who=self._name, todo=todo)

    def _check_campaign(self) -> None:
        """A card that is not there; a campaign that is not there is a mistake."""
        if not self._is_there:
            self._is_there = self.campaign()
        if not self._is_there:
            todo = "set `campaign` to the id that Voucherify shows in the campaign's settings"
            raise ConfigError("there is no such loyalty campaign", who=self._name, todo=todo)

    def _read(self, kind: type[A], answer: Response) -> A:
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
