"""The core's own tables of tokui.toml."""

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from tokui.connector import Settings
from tokui.connector.source import CheckDigit, Strength
from tokui.http import HttpSettings

SCHEMES = ("sqlite", "postgresql+psycopg")

Duplicates: TypeAlias = Literal["likely", "evidence", "review", "never"]

_DOMAIN = re.compile(r"@[\w-]+(\.[\w-]+)+")


class StoreSettings(Settings):
    """
    `[store]`.

    Attributes:
        url: `sqlite:///FILE` (relative to tokui.toml) or `postgresql+psycopg://…`; one with a
            password only by reference, such as `{env = "DATABASE_URL"}`.
    """

    url: str | SecretStr = Field(
        "sqlite:///tokui.sqlite3",
        description="sqlite:///FILE or postgresql+psycopg://…; with a password by reference only.",
    )

    @field_validator("url")
    @classmethod
    def _is_a_store(cls, url: str | SecretStr) -> str | SecretStr:
        text = url.get_secret_value() if isinstance(url, SecretStr) else url
        parts = urlsplit(text)
        if parts.scheme not in SCHEMES or not text.startswith(f"{parts.scheme}://"):
            raise ValueError("a store is sqlite:///FILE or postgresql+psycopg://HOST/NAME")
        if isinstance(url, str) and parts.password:
            raise ValueError('an address with a password must not stand here; write {env = "NAME"}')
        return url


class SyncSettings(Settings):
    """
    `[sync]`.

    Attributes:
        stall_s: Seconds without a page, announced waits excluded, after which a connection's thread
            is abandoned.
        quarantine_days: Days after which a raw item in quarantine is dropped.
    """

    stall_s: float = Field(
        300, gt=0, le=86_400, description="Seconds without a page before a thread is abandoned."
    )
    quarantine_days: int = Field(
        90, ge=1, le=3650, description="Days after which a raw item in quarantine is dropped."
    )


class BlockedSettings(Settings):
    """
    `[identity.blocked]`: a list of values for each kind of identifier, and regular expressions.

    Attributes:
        patterns: Kind → regular expressions; one that fits a whole normalised value blocks it.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, tuple[str, ...]]

    patterns: dict[str, tuple[re.Pattern[str], ...]] = Field(
        {}, description="Kind of identifier → regular expressions of whole normalised values."
    )

    @property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """Kind → values, as written."""
        return self.__pydantic_extra__


class IdentitySettings(Settings):
    """
    `[identity]`: how much evidence is enough, and what is none. Weights are natural logarithms of odds.

    Attributes:
        merge: Score from which two customers are linked; 1.4 is odds of 4 to 1.
        review: Score from which people are asked.
        alone: How much likelier two records at one address are one person than two of a family, before
            anything else is compared: 0 for shops, about 8 for lists that families do not share.
        max_records: Customers who bear an identifier beyond which it is shared by too many to prove
            much; those of one given name count once.
        max_readings: So many different given names make an identifier a shared one.
        relays: Ends of e-mail addresses that name a person to one source only, beside the known ones.
        blocked: Values that say nothing of who somebody is, such as the shop's own numbers.
        check_digits: Issuer of numbers → the scheme of their check digit.
    """

    merge: float = Field(1.4, ge=0, le=30, description="Score from which customers are linked.")
    review: float = Field(
        0, ge=-30, le=30, validate_default=True, description="Score from which people are asked."
    )
    alone: float = Field(
        0,
        ge=-10,
        le=30,
        description="Weight for one person where a family could be; 8: no families.",
    )
    max_records: int = Field(
        10, ge=2, le=1000, description="Customers beyond which an identifier is a shared one."
    )
    max_readings: int = Field(
        3, ge=2, le=100, description="Given names that make an identifier a shared one."
    )
    relays: tuple[str, ...] = Field(
        (), description="Ends of e-mail addresses that are one source's own, as @fw.example.jp."
    )
    blocked: BlockedSettings = Field(
        BlockedSettings(), description="Values that say nothing of who somebody is."
    )
    check_digits: dict[str, CheckDigit] = Field(
        {}, description="Issuer of member numbers → luhn, mod10w3, mod11 or none."
    )

    @field_validator("review")
    @classmethod
    def _asks_before_it_links(cls, review: float, info: ValidationInfo) -> float:
        if review > info.data.get("merge", review):
            raise ValueError("people are asked below `merge`, so it must not be higher")
        return review

    @field_validator("relays")
    @classmethod
    def _are_ends(cls, relays: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [each for each in relays if not _DOMAIN.fullmatch(each)]:
            raise ValueError(f"`{wrong[0]}` is no end of an address such as @fw.example.jp")
        return tuple(each.lower() for each in relays)


class LinkSettings(Settings):
    """
    `[connections.NAME.identity]`.

    Attributes:
        link: False keeps its customers apart: each has a profile of its own, found by name only.
        duplicates: When two of its own customers are one person: as `likely` as two of other sources,
            on `evidence` of two kinds, on a `review` by people, or `never` but on the source's word.
        identifiers: Kind → what it is worth, in the place of what the connector says.
    """

    link: bool = Field(True, description="Link its customers to others.")
    duplicates: Duplicates = Field(
        "evidence",
        description="Join two of its own customers: evidence, review (asked), never, or likely.",
    )
    identifiers: dict[str, Strength] = Field(
        {}, description="Kind of identifier → unique, strong, shareable or blocked."
    )


class Connection(Settings):
    """
    What the core reads of `[connections.NAME]`; the rest belongs to the connector.

    Attributes:
        use: Name of the connector.
        priority: Whose value the golden view prefers between equals; the lower wins.
        streams: Only these, in this order; None means all the connector offers.
        http: Limits of its requests.
        identity: How its customers are linked.
    """

    use: str = Field(min_length=1, description="Name of the connector.")
    priority: int = Field(100, description="Golden view: the lower wins.")
    streams: tuple[str, ...] | None = Field(
        None, min_length=1, description="Sync only these, in this order."
    )
    http: HttpSettings = Field(HttpSettings(), description="Limits of its requests.")
    identity: LinkSettings = Field(LinkSettings(), description="How its customers are linked.")
