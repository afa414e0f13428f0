"""What is installed, read from metadata: no plugin is imported to learn its name."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from traceback import extract_tb, print_exception
from typing import Literal, TypeAlias

from tokui.errors import TokuiError

Kind: TypeAlias = Literal["connector", "hooks", "command"]
GROUPS: dict[str, Kind] = {
    "tokui.connectors": "connector",
    "tokui.hooks": "hooks",
    "tokui.commands": "command",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """
    Something a distribution offers under a name.

    Attributes:
        kind: Which group of entry points.
        name: The entry point's name, as used in tokui.toml.
        distribution: Who offers it.
        version: Of the distribution.
    """

    kind: Kind
    name: str
    distribution: str
    version: str
    entry: EntryPoint

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}"

    def load(self) -> object:
        """Import it. Whatever the plugin raises comes through."""
        loaded: object = self.entry.load()
        return loaded


@dataclass(frozen=True, slots=True)
class Failure:
    """
    Why something of a plugin is left out.

    Attributes:
        plugin: Name of the connector, the hooks plugin or the command.
        distribution: Who offers it; two when they clash.
        cause: One line, without personal data.
        connection: The connection it was wanted for, if any.
    """

    plugin: str
    distribution: str
    cause: str
    connection: str | None = None

    def __str__(self) -> str:
        return f"{self.plugin} ({self.distribution}): {self.cause}"


def installed(entries: Iterable[EntryPoint] | None = None) -> list[Offer]:
    """
    All that is offered, by kind and name. By default of the running environment, whose metadata is
    read once: whatever is installed later is seen by the next process.
    """
    if entries is None:
        return [*_found(tuple(sys.path))]
    offers = [_offer(entry) for entry in entries if entry.group in GROUPS]
    return sorted(offers, key=lambda offer: (offer.kind, offer.name, offer.distribution))


@lru_cache(maxsize=8)
def _found(_: tuple[str, ...]) -> tuple[Offer, ...]:
    every = entry_points()  # at once: each call reads the files of every distribution
    return tuple(installed(entry for group in GROUPS for entry in every.select(group=group)))


def clashes(offers: Iterable[Offer]) -> dict[tuple[Kind, str], str]:
    """For each name that several distributions offer, all of them."""
    claims: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for offer in offers:
        claims[offer.kind, offer.name].append(str(offer))
    return {key: " and ".join(names) for key, names in claims.items() if len(names) > 1}


def trace(error: BaseException) -> None:
    """Print the whole of it for the author who asks for that; it may hold personal data."""
    if os.environ.get("TOKUI_DEBUG") == "1":
        print_exception(error)


def cause(error: BaseException, *, quote: bool = False) -> str:
    """
    One line on an error that a plugin raised: its type and place.

    The message is left out, as it may hold a name or a secret, unless it is tokui's own, or `quote`
    says that there was nothing of the kind around (at import).
    """
    trace(error)
    line = str(error).partition("\n")[0]
    if isinstance(error, TokuiError):
        return line
    if quote and line:
        return f"{type(error).__name__}: {line}"
    frames = extract_tb(error.__traceback__)
    place = f" in {_short(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _short(filename: str) -> str:
    return "/".join(filename.replace("\\", "/").split("/")[-2:])


def _offer(entry: EntryPoint) -> Offer:
    name = entry.dist.name if entry.dist else "unknown distribution"
    version = entry.dist.version if entry.dist else "?"
    return Offer(GROUPS[entry.group], entry.name, name, version, entry)
