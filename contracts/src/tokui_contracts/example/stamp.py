"""Stamp: the cards and shops of a loyalty service that exists on loopback only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import Field, SecretStr
from tokui.connector import (
    Checkable,
    Connector,
    Finding,
    IdentifierRule,
    Item,
    Page,
    Pull,
    Settings,
    Source,
    Stream,
)
from tokui.errors import AuthError
from tokui.http import Response
from tokui.model import Customer, Identifier, Location, PersonName, Record

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class StampSettings(Settings):
    """What a connection to Stamp needs."""

    url: str = Field(description="Where Stamp's API answers, without a slash at the end.")
    token: SecretStr = Field(description="API token, from Stamp's page for administrators.")
    page_size: int = Field(100, ge=1, le=100, description="Objects per request.")


class Stamp(Connector[StampSettings], Source, Checkable):
    """Cards by the time of their last change, shops all at once."""

    Settings = StampSettings
    holds_nothing = "Stamp erases a person on a letter only; its API has no call for it"

    def streams(self) -> Sequence[Stream]:
        """Cards and shops."""
        rules = (IdentifierRule("member_no", "unique"), IdentifierRule("email", "strong"))
        return [
            Stream("cards", (Customer,), identifiers=rules),
            Stream("shops", (Location,), incremental=False),
        ]

    def pull(self, ask: Pull) -> Iterator[Page]:
        """Read up to `until`; the next run starts there, closed."""
        cursor = dict(ask.cursor or {"since": (ask.since or BEGINNING).isoformat()})
        while True:
            answer = self._get(ask.stream, self._params(cursor, ask.until)).json()
            done = answer["next"] is None
            cursor = {"since": ask.until.isoformat()} if done else {"token": answer["next"]}
            yield Page(answer["items"], cursor)
            if done:
                return

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        """One record for each item."""
        yield to_customer(item) if stream == "cards" else to_location(item)

    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        """One request for each id; Stamp has no other way."""
        for external_id in ids:
            answer = self._get(f"{stream}/{external_id}", {}, allow=(404,))
            if answer.status != 404:
                yield answer.json()

    def check(self) -> Sequence[Finding]:
        """Ask for one shop."""
        try:
            self._get("shops", {"limit": 1})
        except AuthError:
            return [
                Finding("problem", "Stamp refuses the token.", "Make a new one, and set `token`.")
            ]
        return [Finding("ok", "Stamp accepts the token.")]

    def _params(self, cursor: Mapping[str, Any], until: datetime) -> dict[str, str | int]:
        params = {"until": until.isoformat(), "limit": self.settings.page_size}
        if token := cursor.get("token"):
            return {**params, "token": token}
        return {**params, "since": min(cursor["since"], params["until"])}

    def _get(self, path: str, params: Mapping[str, str | int], **how: Any) -> Response:
        token = self.settings.token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}"}
        return self.ctx.http.get(
            f"{self.settings.url}/{path}", params=params, headers=headers, **how
        )


def to_customer(card: Item) -> Customer:
    """A card is one person's; its number is printed on it."""
    email = [] if card["email"] is None else [Identifier(kind="email", value=card["email"])]
    return Customer(
        external_id=card["id"],
        source_version=card["updated_at"],
        name=PersonName(display=card["name"]),
        identifiers=(Identifier(kind="member_no", value=card["number"]), *email),
        tags=(card["rank"],),
    )


def to_location(shop: Item) -> Location:
    """A shop of the programme."""
    return Location(external_id=shop["id"], source_version=shop["updated_at"], name=shop["name"])
