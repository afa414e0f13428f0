"""
Records of a set as five connections, one for each system that they come from.

Every connection reads `records.csv` and hands out the rows of its own source, in the file's order.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import ClassVar

from pydantic import Field
from tokui.connector import (
    Connector,
    IdentifierRule,
    Item,
    Page,
    Pull,
    Settings,
    Source,
    Stream,
)
from tokui.identity.normalise.birth import birth_date
from tokui.model import Address, Customer, Identifier, PersonName, Record

SOURCES = ("shopify", "pos", "line", "email", "points")
RULES = (
    IdentifierRule("line_user_id", "unique", "line-provider"),
    IdentifierRule("member_no", "strong", "club", check="mod10w3"),
    IdentifierRule("email", "shareable"),
    IdentifierRule("phone", "shareable"),
)
COLUMNS = {
    "email": "email",
    "phone": "phone",
    "member_no": "member_card",
    "line_user_id": "line_user_id",
}


class RecordsSettings(Settings):
    """Where the records are, and whose."""

    path: str = Field(description="A file `records.csv`.")
    source: str = Field(description="The value of its column `source`.")
    page: int = Field(500, ge=1, description="Items of a page.")


class Records(Connector[RecordsSettings], Source):
    """The rows of one source."""

    Settings = RecordsSettings
    holds_nothing: ClassVar[str | None] = "made for measuring"

    def streams(self) -> Sequence[Stream]:
        """Customers."""
        return [Stream("customers", kinds=(Customer,), identifiers=RULES)]

    def pull(self, ask: Pull) -> Iterator[Page]:
        """Go on behind the row that was read last."""
        done = int(str((ask.cursor or {}).get("done", 0)))
        with Path(self.settings.path).open(encoding="utf-8", newline="") as file:
            rows = (row for row in csv.DictReader(file) if row["source"] == self.settings.source)
            rest = islice(rows, done, None)
            while items := list(islice(rest, self.settings.page)):
                done += len(items)
                yield Page(items, {"done": done})

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        """Map a row."""
        yield to_customer(item)

    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        """Nobody asks."""
        return ()


def to_customer(item: Item) -> Customer:
    """Map a row."""
    return Customer(
        external_id=item["source_id"],
        source_version=datetime.fromisoformat(item["updated_at"]).replace(tzinfo=UTC),
        name=to_name(item),
        identifiers=tuple(
            Identifier(kind=kind, value=item[column])
            for kind, column in COLUMNS.items()
            if item[column]
        ),
        birthday=birth_date(item["birth_date"]),
        addresses=to_addresses(item),
    )


def to_name(item: Item) -> PersonName | None:
    """Map the names that are there."""
    parts = {
        "family": item["family"],
        "given": item["given"],
        "family_kana": item["family_kana"],
        "given_kana": item["given_kana"],
        "display": item["display_name"],
    }
    known = {name: part for name, part in parts.items() if part}
    return PersonName(**known) if known else None


def to_addresses(item: Item) -> tuple[Address, ...]:
    """Map the one address, if any of it is there."""
    if not (item["address"] or item["postal_code"]):
        return ()
    return (Address(line1=item["address"] or None, postal_code=item["postal_code"] or None),)
