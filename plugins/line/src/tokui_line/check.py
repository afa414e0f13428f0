"""Whether a connection is set up well, for `tokui doctor`."""

from collections.abc import Iterator
from datetime import datetime

from tokui.connector import Finding, Quota
from tokui.errors import AuthError, ConfigError, FatalError, RetryableError

from tokui_line.client import Client
from tokui_line.settings import LineSettings

FEW = 0.1
"""Share of the month's messages below which a warning is due."""

LARGEST_SKEW_S = 300
TROUBLE = (AuthError, ConfigError, FatalError, RetryableError)


def findings(client: Client, settings: LineSettings, quota: Quota | None) -> Iterator[Finding]:
    """What the account may, has left, and is told; `quota` is None where it could not be read."""
    yield from _quota(quota)
    yield from _webhook(client, settings)
    yield from _followers(client)


def clock(ours: datetime, theirs: datetime | None) -> Iterator[Finding]:
    """Compare this machine's clock with LINE's."""
    if theirs and abs((ours - theirs).total_seconds()) > LARGEST_SKEW_S:
        yield Finding("warning", "this machine's clock differs from LINE's", "set the clock")


def _quota(quota: Quota | None) -> Iterator[Finding]:
    if quota is None:
        return
    if quota.limit is None or quota.left is None:
        yield Finding("ok", f"{quota.used:,} messages sent this month, without a limit")
        return
    what = f"{quota.left:,} of this month's {quota.limit:,} messages are left"
    if quota.left < FEW * quota.limit or quota.left == 0:
        todo = "raise the limit in LINE Official Account Manager, or wait for the next month"
        yield Finding("warning", what, todo)
    else:
        yield Finding("ok", what)


def _webhook(client: Client, settings: LineSettings) -> Iterator[Finding]:
    if settings.channel_secret is None:
        yield Finding(
            "warning",
            "webhooks cannot be checked, as channel_secret is not set",
            "set channel_secret, from the channel's page Basic settings",
        )
    endpoint = client.webhook()
    if endpoint is None:
        yield Finding(
            "warning",
            "no webhook address is set: nobody hears of chats, follows and blocks",
            "set the webhook URL in the LINE Developers Console",
        )
    elif not endpoint.get("active"):
        yield Finding(
            "warning",
            "webhooks are switched off: nobody hears of chats, follows and blocks",
            "switch Use webhook on in the LINE Developers Console",
        )
    else:
        yield Finding("ok", "webhooks are switched on")


def _followers(client: Client) -> Iterator[Finding]:
    try:
        client.followers(None, 1)
    except AuthError:
        yield Finding(
            "warning",
            "LINE lets only verified and premium accounts list their followers: who follows is known"
            " from webhooks alone",
            "have the account verified, in LINE Official Account Manager",
        )
    else:
        yield Finding("ok", "followers can be listed")
