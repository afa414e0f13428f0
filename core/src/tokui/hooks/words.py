"""What hooks are told, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from tokui.model import Customer, Instant, Purpose, Reach, Value


@dataclass(frozen=True, slots=True)
class Known:
    """
    A customer as matching sees it.

    Attributes:
        connection: Name of the connection that states the record.
        customer: The record.
    """

    connection: str
    customer: Customer


@dataclass(frozen=True, slots=True)
class Vote:
    """An opinion on whether two customers are one person, with the reason staff may read."""

    verdict: Literal["same", "different", "ask"]
    reason: str


class Trait(Value):
    """
    A computed property of a profile.

    Attributes:
        name: Such as `usual_size` or `replenish_interval_days`.
        value: Shown as it is.
        source: What it was computed from, one clause.
        at: When. UTC.
    """

    name: str
    value: str | int | float | bool
    source: str
    at: datetime


class Suggestion(Value):
    """
    Something a person may do next for a customer.

    Attributes:
        kind: What sort of thing.
        text: What to do, one sentence.
        reason: Why, one sentence that staff could say aloud.
    """

    kind: Literal["recommend", "contact", "alert", "service"]
    text: str
    reason: str


class Draft(Value):
    """
    A message to one person before it is approved.

    Attributes:
        profile_id: To whom.
        connection: The channel's connection that will send it.
        reaches: Kind of contact point that it goes to.
        purpose: What it is for.
        topic: The narrower subject, such as `new_arrivals`; None is the purpose at large.
        language: BCP 47; of its words.
        tone: Variant of the template's words; None is the plain one.
        template: Name of the template; None for words of staff's own.
        content: What the channel's `Content` will be made of.
    """

    profile_id: int
    connection: str
    reaches: Reach
    purpose: Purpose
    topic: str | None = None
    language: str = "ja"
    tone: str | None = None
    template: str | None = None
    content: Mapping[str, JsonValue]


class Denial(Value):
    """
    Why a message must not go out now.

    Attributes:
        reason: One clause that staff may read.
        until: Not before then: the message waits. None: it is refused. UTC.
    """

    reason: str
    until: Instant | None = None
