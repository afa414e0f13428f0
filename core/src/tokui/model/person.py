"""The parts of a person: names, partial dates, addresses, identifiers."""

import re
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tokui.model.record import CountryCode, Value

_PARTIAL = re.compile(r"(?P<year>\d{4}|-)-(?P<month>\d\d)(-(?P<day>\d\d))?")


class PartialDate(Value):
    """
    A date of which parts may be unknown, such as a birthday without the year.

    Written `1985-04-12`, `1985-04`, `--04-12` (ISO 8601, vCard RFC 6350 §4.3.1).

    Attributes:
        year: 1 to 9999.
        month: 1 to 12.
        day: Must exist in its month; 29 February needs a leap year or no year.
    """

    year: Annotated[int, Field(ge=1, le=9999)] | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None

    @model_validator(mode="after")
    def _exists(self) -> Self:
        if self.year is None and self.month is None:
            raise ValueError("a partial date needs a year or a month")
        if self.day is not None:
            if self.month is None:
                raise ValueError("a day needs its month")
            date(self.year or 2000, self.month, self.day)
        return self

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read the written form.

        Raises:
            ValueError: Not in that form, or no such date.
        """
        found = _PARTIAL.fullmatch(text)
        if not found:
            raise ValueError("not a date of the form YYYY-MM-DD, YYYY-MM or --MM-DD")
        parts = {k: int(v) for k, v in found.groupdict().items() if v not in (None, "-")}
        return cls(**parts)

    def __str__(self) -> str:
        year = f"{self.year:04}" if self.year is not None else "-"
        return "-".join([year, *(f"{part:02}" for part in (self.month, self.day) if part)])

    def days_until(self, today: date) -> int | None:
        """Days from `today` to the next such day; 29 February falls on 1 March in other years."""
        if self.month is None or self.day is None:
            return None
        for year in (today.year, today.year + 1):
            try:
                next_day = date(year, self.month, self.day)
            except ValueError:
                next_day = date(year, 2, 28) + timedelta(days=1)
            if next_day >= today:
                return (next_day - today).days
        return None


class PersonName(Value):
    """
    A name as its source writes it; never guessed apart, never mixed from two sources.

    Attributes:
        family: Family name in its usual script.
        given: Given name in its usual script.
        family_kana: Reading of the family name, as the source writes it.
        given_kana: Reading of the given name, as the source writes it.
        display: The whole name where the source has one field only, or a nickname (LINE).
    """

    family: str | None = None
    given: str | None = None
    family_kana: str | None = None
    given_kana: str | None = None
    display: str | None = None

    def __str__(self) -> str:
        parts = [part for part in (self.family, self.given) if part]
        return " ".join(parts) or self.display or ""

    @property
    def kana(self) -> str:
        """The reading, family name first; empty when unknown."""
        return " ".join(part for part in (self.family_kana, self.given_kana) if part)


class Address(Value):
    """
    A postal address as its source writes it.

    Attributes:
        name: Who lives there, when the source says so. Never an identifier of the customer.
        postal_code: As written; Japanese codes with or without the hyphen.
        region: Prefecture, state or province.
        city: City, ward or town.
        line1: Street, block and house number.
        line2: Building, floor and room.
        country: ISO 3166-1 alpha-2.
        phone: As written. Never an identifier of the customer.
    """

    name: str | None = None
    postal_code: str | None = None
    region: str | None = None
    city: str | None = None
    line1: str | None = None
    line2: str | None = None
    country: CountryCode | None = None
    phone: str | None = None


class Identifier(Value):
    """
    Something the customer is known by in this source, as written there.

    Attributes:
        kind: `email`, `phone`, `member_no`, `line_user_id`, or a kind of the plugin's own.
        value: As the source writes it. The core normalises; leading zeros are data.
        issuer: Who gives the value out: the card programme, the LINE provider. None takes the
            stream's rule, then `*` for email and phone, then the connection.
        verified: The source checked that it belongs to this person.
    """

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    value: Annotated[str, Field(min_length=1, max_length=512)]
    issuer: str | None = None
    verified: bool = False


Reach = Literal["email", "phone", "line_user_id", "post"]
"""What a person can be reached by."""

ContactKind = Literal[Reach, "any"]
"""What a statement of consent is about: a kind of contact point, or the person, however reached."""

Purpose = Literal["marketing", "service", "transactional"]
"""What a message is for. `service` is about something the person asked for; `transactional` is owed."""
