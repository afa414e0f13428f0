"""By which ways a person can be reached: a channel's connection and one contact point each."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tokui.card import KnownAs, Profile
from tokui.config import Config
from tokui.config.problem import meant
from tokui.connector import Channel
from tokui.errors import ConfigError
from tokui.model import Reach

Channels = Mapping[str, Channel]
"""By the name of their connection, the preferred one first."""


@dataclass(frozen=True, slots=True)
class Way:
    """
    One channel to one contact point.

    Attributes:
        connection: The channel's.
        channel: What sends.
        point: `kind:issuer:key`, as `identifier.token`; without a key when the person has none there.
        address: As written, to send to; empty when there is none.
        source: Connection and external id of the customer whose it is; None when there is none.
    """

    connection: str
    channel: Channel
    point: str
    address: str
    source: tuple[str, str] | None


def in_order(config: Config, channels: Channels, on: str | None = None) -> Channels:
    """
    Those to use: the one asked for, or as `[outreach].channels` says, or all, as tokui.toml has them.

    Raises:
        ConfigError: One of them does not exist, or cannot send.
    """
    names = (on,) if on else config.outreach.channels or tuple(channels)
    for name in (*names, *config.outreach.preferred.values()):
        if name not in channels:
            raise ConfigError(
                f"there is no connection `{name}` that can send{meant(name, channels)}",
                who=str(config.path),
            )
    if not names:
        raise ConfigError(
            "there is no connection that can send",
            who=str(config.path),
            todo="add one, such as [connections.line] or [connections.mail]",
        )
    return {name: channels[name] for name in names}


def preferring(channels: Channels, profile: Profile, preferred: Mapping[str, str]) -> Channels:
    """Those that the person's tags ask for come first; one that is not to be used still is not."""
    wanted = [preferred[each.value] for each in profile.tags if each.value in preferred]
    names = dict.fromkeys([*(name for name in wanted if name in channels), *channels])
    return {name: channels[name] for name in names}


def ways(
    profile: Profile, channels: Channels, reaches: Collection[Reach] | None = None
) -> list[Way]:
    """
    All ways to a person: by the preferred channel first, a verified contact point first.

    Args:
        profile: The person.
        channels: To choose from, in order.
        reaches: Only these kinds of contact points; None means all.
    """
    return [
        Way(name, channel, f"{known.kind}:{known.issuer}:{known.key}", known.raw, _first(known))
        for name, channel in _fitting(channels, reaches)
        for known in profile.identifiers
        if known.key and (known.kind, known.issuer) == (channel.reaches, channel.issuer)
    ]


def nowhere(channels: Channels, reaches: Collection[Reach] | None = None) -> Way | None:
    """The preferred way of somebody who has no contact point for any; for the record of a refusal."""
    for name, channel in _fitting(channels, reaches):
        return Way(name, channel, f"{channel.reaches}:{channel.issuer}:", "", None)
    return None


def _fitting(
    channels: Channels, reaches: Collection[Reach] | None
) -> Iterator[tuple[str, Channel]]:
    return (each for each in channels.items() if reaches is None or each[1].reaches in reaches)


def _first(known: KnownAs) -> tuple[str, str]:
    source = known.sources[0]
    return source.connection, source.external_id


def kinds(channels: Channels) -> Sequence[Reach]:
    """What the channels are reached by, each once."""
    return tuple(dict.fromkeys(channel.reaches for channel in channels.values()))
