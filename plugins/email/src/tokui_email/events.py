"""What SendGrid's events say of messages and addresses."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from tokui.connector import Item
from tokui.model import Delivery, Record, Suppression

from tokui_email.records import Reason, refused, suppression
from tokui_email.verdict import status_of

PARCEL = "tokui_parcel"
"""Our custom argument: it comes back with each event of the message."""


class Told(BaseModel):
    """
    One event, as far as it is read. What SendGrid may leave out has a default.

    Attributes:
        id: Of the event; the same when it is told again.
        parcel: None for messages that were not ours.
        kind: Of a bounce: `bounce`, or `blocked` for a time.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: Annotated[str, Field(alias="sg_event_id", min_length=1, max_length=200)]
    address: Annotated[str, Field(alias="email", min_length=1, max_length=512)]
    timestamp: Annotated[int, Field(ge=0, le=253_402_300_799)]
    parcel: Annotated[str | None, Field(alias=PARCEL, max_length=128)] = None
    kind: Annotated[str, Field(alias="type")] = "bounce"
    status: str | None = None
    reason: str | None = None
    response: str | None = None
    by_machine: Annotated[bool, Field(alias="sg_machine_open")] = False

    @property
    def at(self) -> datetime:
        """When it happened."""
        return datetime.fromtimestamp(self.timestamp, UTC)

    @property
    def code(self) -> str | None:
        """The status code; of what servers said no more, for they quote addresses."""
        return status_of(f"{self.status} {self.reason} {self.response}")


READ = frozenset(field.alias or name for name, field in Told.model_fields.items())
"""All that is kept of an event: no network address, no program of the person's."""


def records(event: str, told: Item) -> list[Record]:
    """
    All that an event says; nothing, where it is of a kind that does not matter, or new. Pure.

    Raises:
        ValidationError: A field is missing or of another form.
    """
    meaning = _MEANINGS.get(event)
    return list(meaning(Told.model_validate(told))) if meaning else []


State = Literal["delivered", "bounced", "deferred", "opened", "clicked"]


def _delivery(told: Told, state: State) -> list[Record]:
    if not told.parcel:
        return []
    return [
        Delivery(
            external_id=told.id,
            parcel=told.parcel,
            value=told.address,
            state=state,
            occurred_at=told.at,
            reason=told.code,
        )
    ]


def _stopped(told: Told, reason: Reason) -> Suppression:
    return suppression(told.id, told.address, reason, told.at, told.code)


def _bounced(told: Told) -> Iterable[Record]:
    yield from _delivery(told, "bounced")
    if told.kind == "bounce":
        yield _stopped(told, "bounce")


def _dropped(told: Told) -> Iterable[Record]:
    """SendGrid did not even try, for what it knows of the address."""
    yield from _delivery(told, "bounced")
    for words, reason in _DROPPED.items():
        if words in (told.reason or "").lower():
            yield _stopped(told, reason)


def _unsubscribed(told: Told) -> Iterable[Record]:
    return refused(told.id, told.address, told.at, "sendgrid_unsubscribe")


def _resubscribed(told: Told) -> Iterable[Record]:
    """The stop is lifted; a yes it is not."""
    return [_stopped(told, "unsubscribe").model_copy(update={"lifted": True})]


_DROPPED: Mapping[str, Reason] = {
    "bounced address": "bounce",
    "spam reporting address": "complaint",
    "unsubscribed address": "unsubscribe",
}
_MEANINGS: Mapping[str, Callable[[Told], Iterable[Record]]] = {
    "delivered": lambda told: _delivery(told, "delivered"),
    "deferred": lambda told: _delivery(told, "deferred"),
    "open": lambda told: [] if told.by_machine else _delivery(told, "opened"),
    "click": lambda told: _delivery(told, "clicked"),
    "bounce": _bounced,
    "dropped": _dropped,
    "spamreport": lambda told: [_stopped(told, "complaint")],
    "unsubscribe": _unsubscribed,
    "group_unsubscribe": _unsubscribed,
    "group_resubscribe": _resubscribed,
}
