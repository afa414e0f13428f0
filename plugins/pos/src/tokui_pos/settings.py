"""What a `pos-csv` connection is configured with."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from tokui.connector import Settings
from tokui.model import ContactKind

from tokui_pos.dates import zone


class ConsentColumn(BaseModel):
    """
    A column that says whether a customer may be contacted, and what its words mean.

    Attributes:
        column: Header name.
        contact: Kind of contact point.
        purpose: What for.
        topic: A narrower subject; None means all.
        granted: Words for yes.
        denied: Words for no. A blank cell says nothing; any other word is an error.
        said_at: Header name of the date on which it was said.
        evidence: What proves it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str = Field(description="Header name.")
    contact: ContactKind = Field(description="Kind of contact point.")
    purpose: Literal["marketing", "service", "transactional"] = Field(
        "marketing", description="What for."
    )
    topic: str | None = Field(None, description="A narrower subject; without it, all.")
    granted: tuple[str, ...] = Field(description="Words for yes.")
    denied: tuple[str, ...] = Field(description="Words for no.")
    said_at: str | None = Field(None, description="Header name of the date on which it was said.")
    evidence: str = Field(
        "import",
        min_length=1,
        description="What proves it: form, receipt, …; an import proves little.",
    )


class ReturnTarget(BaseModel):
    """
    Numbers of original receipts that belong to another connection.

    Attributes:
        pattern: Regular expression that fits the whole number; its group `order`, or else all of it,
            is the order.
        connection: Name of the connection that has the order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: str = Field(
        description="Regular expression that fits the whole number; its group `order` is the order."
    )
    connection: str = Field(description="Name of the connection that has the order.")


class PosCsvSettings(Settings):
    """Settings of `pos-csv`; the README's table says the same."""

    folder: Path = Field(
        description="Folder that the POS writes its exports into; taken from that of tokui.toml."
    )
    layout: str | dict[str, Any] = Field(
        "plain", description="What the columns mean: `plain`, `smaregi`, or a table."
    )
    layout_file: Path | None = Field(
        None, description="A TOML file with such a table; `layout` is not looked at then."
    )
    encoding: Literal["auto", "utf-8", "cp932", "utf-16"] = Field(
        "auto", description="`auto`: by BOM, else UTF-8 if all of the file is, else CP932."
    )
    delimiter: Annotated[str, Field(pattern=r"^[\x09\x20-\x7e]$")] = Field(
        ",", description='One character between columns; `"\\t"` for tabs.'
    )
    timezone: str = Field("Asia/Tokyo", description="Zone of times written without an offset.")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field(
        "JPY", description="ISO 4217 code of all amounts."
    )
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = Field(
        "JP", description="ISO 3166-1 code of all addresses and phone numbers."
    )
    day_starts: Annotated[int, Field(ge=0, le=12)] = Field(
        0,
        description="Hour at which the shop's day begins; earlier sales belong to the day before.",
    )
    member_issuer: str | None = Field(
        None, description="Card programme that gives out member numbers; else the connection's own."
    )
    widths: dict[str, Annotated[int, Field(ge=1, le=64)]] = Field(
        {}, description="Digits that a column's numbers must have; shorter ones lost their zeros."
    )
    gift_cards: tuple[str, ...] = Field(
        (), description="Product codes and categories that are gift cards."
    )
    consents: tuple[ConsentColumn, ...] = Field(
        (),
        description="Columns that say who may be contacted, what their words mean, and what proves them.",
    )
    returns: tuple[ReturnTarget, ...] = Field(
        (), description="Original receipt numbers that are orders of another connection."
    )
    settle_s: Annotated[float, Field(ge=0)] = Field(
        10, description="Seconds for which a file must have been quiet before it is read."
    )
    last_line_s: Annotated[float, Field(ge=0)] = Field(
        3600,
        description="Seconds of quiet after which a last line without line end counts as whole.",
    )
    max_file_bytes: Annotated[int, Field(ge=1)] = Field(
        256 * 1024 * 1024,
        description="Larger files, and zips with more than that inside, are refused.",
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            zone(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("is no time zone that this machine knows") from None
        return name
