"""`[outreach]` and `[sender.LANGUAGE]` of tokui.toml."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from tokui.config.problem import meant
from tokui.connector import Settings
from tokui.model import Purpose, Sender
from tokui.model.record import ZoneName


def _there(name: str, asked: ValidationInfo) -> str:
    known = (asked.context or {}).get("connections")
    if known is not None and name not in known:
        raise ValueError(f"there is no connection `{name}`{meant(name, known)}")
    return name


ConnectionName = Annotated[str, AfterValidator(_there)]
"""Name of a connection that tokui.toml has."""


class CapSettings(Settings):
    """
    How often one person is written to, over all channels together.

    Attributes:
        messages: So many messages that were sent.
        days: Within so many days before now.
    """

    messages: int = Field(2, ge=0, le=1000, description="Messages sent to one person …")
    days: int = Field(7, ge=1, le=366, description="… within so many days.")


class CapsSettings(Settings):
    """
    `[outreach.cap]`: one cap for each purpose; transactional messages have none.

    Attributes:
        marketing: None switches the cap off.
        service: None switches the cap off.
    """

    marketing: CapSettings | None = Field(CapSettings(), description="Of marketing messages.")
    service: CapSettings | None = Field(None, description="Of service messages.")


class QuietSettings(Settings):
    """
    `[outreach.quiet]`: hours at which nobody is disturbed by marketing. Custom, not law.

    Attributes:
        start: Local time at which they begin.
        end: Local time at which they end, on the next day where it is earlier than `start`; equal
            times are no quiet hours.
        timezone: Whose local time.
    """

    start: time = Field(time(21), description="Local time at which quiet hours begin.")
    end: time = Field(time(9), description="Local time at which they end.")
    timezone: ZoneName = Field("Asia/Tokyo", description="Zone of these times.")


class OutreachSettings(Settings):
    """
    `[outreach]`: by what rules people are written to.

    Attributes:
        channels: Connections to send by, the preferred one first; empty takes those that can send,
            in the order of the file.
        preferred: Tag of a customer → the connection that people with it want to be written to by.
        templates: Folder of message templates, from that of tokui.toml on.
        approve: Purposes whose messages need no person to approve them.
        quiet: Hours at which marketing waits.
        cap: How often one person is written to.
        evidence_days: So long the proof of a consent is kept after the last message to that address.
    """

    channels: tuple[ConnectionName, ...] = Field(
        (), description="Connections to send by, in this order."
    )
    preferred: dict[str, ConnectionName] = Field(
        {}, description="Tag of a customer → the connection that they prefer."
    )
    templates: str = Field("templates", description="Folder of message templates.")
    approve: tuple[Purpose, ...] = Field(
        (), description="Purposes whose messages need no person to approve them."
    )
    quiet: QuietSettings = Field(QuietSettings(), description="Hours at which marketing waits.")
    cap: CapsSettings = Field(CapsSettings(), description="How often one person is written to.")
    evidence_days: int = Field(
        365,
        ge=31,
        le=36_500,
        description="Days to keep the proof of a consent after the last send.",
    )


class SenderSettings(Settings):
    """
    `[sender]`: who the shop is, by language.

    Attributes:
        ja: In Japanese.
        en: In English.
    """

    ja: Annotated[Sender | None, Field(description="In Japanese.")] = None
    en: Annotated[Sender | None, Field(description="In English.")] = None

    @property
    def by_language(self) -> dict[str, Sender]:
        """Those that were said."""
        return {name: said for name, said in (("ja", self.ja), ("en", self.en)) if said}
