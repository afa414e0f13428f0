"""The core's own tables of tokui.toml."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from tokui.connector import Settings
from tokui.http import HttpSettings

SCHEMES = ("sqlite", "postgresql+psycopg")


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


class IdentitySettings(Settings):
    """
    `[connections.NAME.identity]`.

    Attributes:
        link: False keeps its customers apart: each has a profile of its own, found by name only.
    """

    link: bool = Field(True, description="Link its customers to those of other connections.")


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
    identity: IdentitySettings = Field(
        IdentitySettings(), description="How its customers are linked."
    )
