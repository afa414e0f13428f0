"""What every record has: a frozen model with the key its source gives it, and a version."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, Strict

FROZEN = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


def _to_utc(value: datetime) -> datetime:
    return value.astimezone(UTC) if value.utcoffset() else value


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A moment, always aware and in UTC. Strings in ISO 8601 with an offset are accepted."""

ExternalId = Annotated[str, Field(min_length=1, max_length=512)]
"""An id of the source system. Opaque: never parsed, never compared across connections."""

SourceVersion = Annotated[
    Annotated[int, Strict(), Field(ge=0)] | Instant, Field(union_mode="left_to_right")
]
"""Orders the states of one object: the source's update time, or a sequence number."""

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 4217, three capitals."""

LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""BCP 47, such as `ja` or `en-GB`."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("there is no such time zone; write one such as Asia/Tokyo") from None
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone)]
"""Name of a time zone in the IANA database, such as `Asia/Tokyo`."""

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""


class Value(BaseModel):
    """A part of a record: frozen, unknown fields refused, input never shown in errors."""

    model_config = FROZEN


class Record(Value):
    """
    One canonical object, as one source states it, whole.

    Attributes:
        external_id: The source's own id of it; with the connection and the kind, its key.
        source_version: Update time or sequence. An older record never overwrites a newer one;
            None means that the source cannot say, and the record read last stands.
    """

    kind_name: ClassVar[str]

    external_id: ExternalId
    source_version: SourceVersion | None = None

    @property
    def key(self) -> str:
        """What tells this record from others of its kind and connection."""
        return self.external_id

    @property
    def version_us(self) -> int | None:
        """`source_version` as an integer; microseconds since 1970 for a time."""
        version = self.source_version
        if isinstance(version, datetime):
            return microseconds(version)
        return version


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, exact (a float timestamp is not)."""
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def moment(microseconds: int) -> datetime:
    """The moment that many microseconds after 1970, UTC."""
    return EPOCH + timedelta(microseconds=microseconds)
