"""`[connections.NAME] use = "voucherify"`."""

from pydantic import Field, SecretStr, field_validator
from tokui.connector import Settings
from tokui.model.record import ZoneName


class VoucherifySettings(Settings):
    """
    One loyalty campaign of a Voucherify project.

    Attributes:
        campaign: Its id (`camp_…`) or name. The codes of its loyalty cards are the member numbers.
        application_id: Of a server-side key, from Project Settings.
        secret_key: That key.
        base_url: Of the cluster that the project is in.
        timezone: Of the dates on which points end there.
    """

    campaign: str = Field(min_length=1, description="Id or name of the loyalty campaign.")
    application_id: str = Field(min_length=1, description="Application ID of a server-side key.")
    secret_key: SecretStr = Field(description="Secret of that key.")
    base_url: str = Field("https://api.voucherify.io", description="Of the project's cluster.")
    timezone: ZoneName = Field("Asia/Tokyo", description="Zone of the dates on which points end.")

    @field_validator("base_url")
    @classmethod
    def _has_no_end(cls, url: str) -> str:
        return url.rstrip("/")
