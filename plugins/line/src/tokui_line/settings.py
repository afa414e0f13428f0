"""What a LINE connection is configured with."""

from typing import Self

from pydantic import Field, SecretStr, model_validator
from tokui.connector import Settings


class LineSettings(Settings):
    """The table `[connections.NAME]` with `use = "line"`."""

    provider: str = Field(
        pattern=r"^[^\s:]{1,100}$",
        description="ID of the provider that the channel belongs to; "
        "user ids are the same in all channels of one provider.",
    )
    access_token: SecretStr | None = Field(
        None, min_length=1, description="Long-lived channel access token."
    )
    channel_id: str | None = Field(
        None,
        pattern=r"^\d{1,20}$",
        description="Channel ID, for channel access tokens v2.1 in the place of `access_token`.",
    )
    kid: str | None = Field(
        None, min_length=1, max_length=200, description="Key ID of the assertion signing key."
    )
    private_key: SecretStr | None = Field(
        None, min_length=1, description="Private assertion signing key, as JWK or PEM."
    )
    valid_minutes: int = Field(
        30,
        ge=10,
        le=43_200,
        description="Minutes that a token v2.1 is valid; LINE allows 30 valid ones at a time.",
    )
    channel_secret: SecretStr | None = Field(
        None, min_length=1, description="Channel secret, to receive webhooks and to link accounts."
    )
    page_size: int = Field(300, ge=1, le=1000, description="Followers in one request.")
    profiles: bool = Field(
        True, description="Read each follower's name and language, by one request each."
    )
    base_url: str = Field(
        "https://api.line.me",
        pattern=r"^https?://[^/\s]+$",
        description="Scheme and host of LINE's API; another one for a sandbox.",
    )

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        assertion = (self.channel_id, self.kid, self.private_key)
        if self.access_token is None and None in assertion:
            raise ValueError("set access_token, or channel_id, kid and private_key")
        if self.access_token is not None and (self.kid or self.private_key):
            raise ValueError("set either access_token or kid and private_key, not both")
        return self

    @property
    def issuer(self) -> str:
        """Who gives out the user ids."""
        return f"line:{self.provider}"
