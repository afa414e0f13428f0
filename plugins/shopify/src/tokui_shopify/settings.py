"""What a Shopify connection is configured with."""

from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
)
from tokui.connector import Settings


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError):
        raise ValueError("not a time zone of the IANA database, such as Asia/Tokyo") from None
    return name


def _as_table(value: Any) -> Any:
    return {"from": value} if isinstance(value, str) else value


Metafield = Annotated[str, StringConstraints(pattern=r"^metafield:[^.\s]+\.[^.\s]+$")]
"""`metafield:NAMESPACE.KEY`."""


class IdentifierSource(BaseModel):
    """Where an identifier of one kind stands."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    source: str = Field(
        alias="from",
        pattern=r"^(metafield:[^.\s]+\.[^.\s]+|tag:.+)$",
        description="`metafield:NAMESPACE.KEY`, or `tag:PREFIX` for what follows it in a tag.",
    )
    issuer: str | None = Field(
        None, description="Who gives the value out; without it, this connection."
    )


Identifiers: TypeAlias = dict[
    Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")],
    Annotated[IdentifierSource, BeforeValidator(_as_table)],
]
Channel: TypeAlias = Literal["store", "online", "phone", "other"]
TenderKind: TypeAlias = Literal["cash", "card", "points", "gift_card", "prepaid", "other"]


class ShopifySettings(Settings):
    """The table `[connections.NAME]` with `use = "shopify"`."""

    shop: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]*\.myshopify\.com$",
        description="The shop's permanent domain, such as `my-shop.myshopify.com`.",
    )
    access_token: SecretStr = Field(
        min_length=1, description="Access token of a custom app for the Admin API (`shpat_…`)."
    )
    api_version: str = Field(
        "2026-07",
        pattern=r"^(\d{4}-\d{2}|unstable)$",
        description="Version of the Admin API that the queries are written for.",
    )
    base_url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+$",
        description="Scheme and host to ask instead of the shop, for a sandbox.",
    )
    page_size: int = Field(
        250,
        ge=1,
        le=250,
        description="Most items in one request; fewer are asked for where a query would cost too much.",
    )
    overlap_s: int = Field(
        300,
        ge=0,
        le=604_800,
        description="Seconds that each incremental read goes back before where the last one ended.",
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "Asia/Tokyo", description="Time zone of the shop, for the day of a sale."
    )
    identifiers: Identifiers = Field(
        default_factory=dict,
        description="Numbers kept in metafields or tags, by kind: `metafield:NAMESPACE.KEY`, "
        '`tag:PREFIX`, or `{from = "…", issuer = "…"}`.',
    )
    family_kana: Metafield | None = Field(
        None, description="Metafield with the reading of the family name."
    )
    given_kana: Metafield | None = Field(
        None, description="Metafield with the reading of the given name."
    )
    birthday: Metafield | None = Field(
        None, description="Metafield with the birthday, such as `metafield:facts.birth_date`."
    )
    size_options: tuple[str, ...] = Field(
        ("size", "サイズ"),
        description="Names of the product option that holds the size; case does not matter.",
    )
    colour_options: tuple[str, ...] = Field(
        ("color", "colour", "カラー", "色"),
        description="Names of the product option that holds the colour; case does not matter.",
    )
    channels: dict[str, Channel] = Field(
        default_factory=dict,
        description="Channel by the order's source name, beside those known: "
        '`{"580111" = "online"}`.',
    )
    tenders: dict[str, TenderKind] = Field(
        default_factory=dict,
        description="Kind of tender by payment gateway, beside those known: "
        '`{"my-points-app" = "points"}`.',
    )
    preorder_tags: tuple[str, ...] = Field(
        ("preorder", "pre-order", "予約"),
        description="Tags that mark an order as a preorder until it is fulfilled.",
    )
    write_back: bool = Field(
        False,
        description="Write consents to e-mail and SMS that people gave or took back elsewhere.",
    )
