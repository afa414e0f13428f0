"""What `[connections.NAME.http]` sets."""

from pydantic import Field

from tokui.connector import Settings


class HttpSettings(Settings):
    """
    How hard a connection may lean on its far side.

    Attributes:
        rate_per_s: Requests per second, evenly spaced; None leaves it to the far side to complain.
        timeout_s: Silence that ends one try, in seconds. Connecting has at most 10 of them.
        deadline_s: Seconds that one call may take in all, its waits and retries included.
        tries: How often one call is tried.
        max_response_bytes: Size of an answer, decompressed, above which it is refused.
        allow_private: Allow plain http, and addresses of this machine and of private networks.
    """

    rate_per_s: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="Requests per second, evenly spaced."
    )
    timeout_s: float = Field(
        30, gt=0, le=3600, description="Silence that ends one try, in seconds."
    )
    deadline_s: float = Field(
        300, gt=0, le=86_400, description="Seconds one call may take, waits and retries included."
    )
    tries: int = Field(6, ge=1, le=20, description="How often one call is tried.")
    max_response_bytes: int = Field(
        64 * 1024 * 1024, ge=1024, description="Largest answer in bytes, decompressed."
    )
    allow_private: bool = Field(
        False, description="Allow plain http and addresses of this machine or a private network."
    )
