"""Where an incremental listing stands, and how that is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a listing by `updatedAt` stands, ascending.

    Attributes:
        seen: Everything before it, and some at it, was handed out.
        filter: What the listing that `after` belongs to was filtered by.
        after: Shopify's cursor into that listing; None begins a new one at `seen`.
    """

    seen: datetime | None = None
    filter: str | None = None
    after: str | None = None

    @classmethod
    def of(cls, cursor: Mapping[str, JsonValue], until: datetime, overlap: timedelta) -> Self:
        """Read a stored cursor; one that lies after `until` is taken back to it."""
        seen = read_time(cursor.get("updated_at"))
        if seen is None:
            return cls()
        place = cls(min(seen, until)).anew(overlap)
        after, filter_ = cursor.get("after"), cursor.get("filter")
        if isinstance(after, str) and seen <= until:
            return replace(place, after=after, filter=filter_ if filter_ is None else str(filter_))
        return place

    def anew(self, overlap: timedelta) -> Self:
        """Begin a new listing, `overlap` before what was seen."""
        return replace(self, after=None, filter=since(self.seen - overlap) if self.seen else None)

    def cursor(self) -> dict[str, JsonValue]:
        """To be stored. Whole seconds, rounded down: a listing begins closed."""
        seen = {"updated_at": written(self.seen)} if self.seen else {}
        return {**seen, "filter": self.filter, "after": self.after} if self.after else {**seen}


def since(moment: datetime) -> str:
    """Shopify's search syntax for what was updated at or after a moment."""
    return f"updated_at:>='{written(moment)}'"


def written(moment: datetime) -> str:
    """ISO 8601 in UTC, whole seconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_time(value: object) -> datetime | None:
    """A time as Shopify or a cursor writes it; None for anything else."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def updated(node: Mapping[str, Any]) -> datetime:
    """When the item was last updated."""
    return datetime.fromisoformat(node["updatedAt"])
