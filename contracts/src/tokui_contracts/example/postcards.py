"""Postcards: a service that prints and posts them, on loopback only. A channel, and its news."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr
from pydantic_core import from_json
from tokui.connector import (
    Channel,
    Connector,
    Note,
    Outcome,
    Parcel,
    Quota,
    Receiver,
    Refetch,
    Request,
    Settings,
)
from tokui.errors import AuthError, FatalError, QuotaExceeded, SkipItem
from tokui.http import Response
from tokui.model import Delivery, Purpose, Reach, Record, Suppression

SIGNATURE = "x-postcards-signature"


class PostcardsSettings(Settings):
    """What a connection to Postcards needs."""

    url: str = Field(description="Where its API answers, without a slash at the end.")
    token: SecretStr = Field(description="API token.")
    webhook_secret: SecretStr = Field(description="Signs what it tells us.")


class Card(BaseModel):
    """What is on a card."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    text: str = Field(min_length=1, max_length=200)


class News(BaseModel):
    """One event, as Postcards tells it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    id: str
    kind: str
    at: AwareDatetime
    card: str
    to: str


class Postcards(Connector[PostcardsSettings], Channel, Receiver):
    """Up to three persons get the same card by one call; a key is known for a day."""

    Settings = PostcardsSettings
    Content = Card
    reaches: ClassVar[Reach] = "post"
    key_lifetime = timedelta(hours=24)
    most_addresses = 3
    holds_nothing = "Postcards shreds its list of addresses each night"

    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        """One call, whatever it says."""
        if len(parcel.addresses) > self.most_addresses:
            raise FatalError("more persons than a call takes", who=self.name)
        body = {"to": parcel.addresses, **parcel.content.model_dump()}
        answer = self._post(body, {"Idempotency-Key": parcel.key}, allow=(402, 409))
        if answer.status == 402:
            todo = "order more stamps"
            raise QuotaExceeded("no stamps are left this month", who=self.name, todo=todo)
        return [Outcome(address, "accepted") for address in parcel.addresses]

    def objection(self, content: BaseModel, purpose: Purpose, language: str) -> str | None:
        """Advertising needs the word for it on the card."""
        if purpose == "marketing" and "広告" not in Card.model_validate(dict(content)).text:
            return "a marketing card must say 広告"
        return None

    def preview(self, content: BaseModel, purpose: Purpose, language: str) -> str:
        """The words."""
        return Card.model_validate(dict(content)).text

    def quota(self) -> Quota:
        """Stamps of this month."""
        answer = self.ctx.http.get(f"{self.settings.url}/stamps", headers=self._headers()).json()
        return Quota(answer["limit"], answer["used"])

    def verify(self, request: Request) -> Sequence[Note]:
        """HMAC-SHA256 of the raw body, in hexadecimal."""
        given = request.headers.get(SIGNATURE, "").encode(errors="replace")
        secret = self.settings.webhook_secret.get_secret_value().encode()
        right = hmac.new(secret, request.body, sha256).hexdigest().encode()
        if not hmac.compare_digest(given, right):
            raise AuthError("the signature is missing or wrong", who=self.name)
        return [Note(event["id"], event["kind"], event) for event in self._events(request.body)]

    def unpack(self, note: Note) -> Iterable[Record | Refetch]:
        """A card that arrived, or came back."""
        news = News.model_validate(note.payload)
        if news.kind == "delivered":
            yield Delivery(
                external_id=news.id,
                parcel=news.card,
                value=news.to,
                state="delivered",
                occurred_at=news.at,
            )
        elif news.kind == "moved":
            yield Suppression(
                external_id=news.id,
                contact="post",
                value=news.to,
                stops="all",
                reason="bounce",
                occurred_at=news.at,
            )

    def _events(self, body: bytes) -> Sequence[Mapping[str, Any]]:
        try:
            told = from_json(body)["events"]
            return [News.model_validate(each).model_dump(mode="json") for each in told]
        except (ValueError, TypeError, KeyError):
            raise SkipItem("its news cannot be read", who=self.name) from None

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.token.get_secret_value()}"}

    def _post(self, body: object, headers: Mapping[str, str], **how: Any) -> Response:
        sent = {**self._headers(), **headers}
        url = f"{self.settings.url}/cards"
        return self.ctx.http.post(url, json=body, headers=sent, tries=1, **how)
