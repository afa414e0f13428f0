"""Where a request may go, and how an address is shown."""

import ipaddress
import re
import socket
from collections.abc import Collection
from contextvars import ContextVar
from urllib.parse import unquote, urlsplit

from tokui.errors import ConfigError

_NAMES_SOMEBODY = re.compile(r"@|%40|^(?=.*\d).{16,}$|^.{24,}$", re.IGNORECASE)
"""A part of a path that may be somebody's address or id."""


PRIVATE: ContextVar[Collection[str]] = ContextVar("private", default=())
"""Parts of the path of the request under way that are never shown, whatever they look like."""


def shown_path(path: str) -> str:
    """A path without what may name a person: long ids, e-mail addresses, what is said to be private."""
    return "/".join("…" if _hides(part) else part for part in path.split("/"))


def _hides(part: str) -> bool:
    return bool(_NAMES_SOMEBODY.search(part)) or unquote(part) in PRIVATE.get()


def shown(method: str, url: str) -> str:
    """Method, host and path: all of a request that may be printed."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return f"{method} (unreadable address)"
    return f"{method} {parts.hostname or ''}{port}{shown_path(parts.path)}"


def check_public(who: str, url: str) -> None:
    """
    Refuse plain http, and hosts that are, or resolve to, an address of no public network.

    The name is resolved here and once more when the connection is made: a name server that changes
    its answer in between is not caught, nor is what a proxy makes of the name. A name that does not
    resolve passes, as connecting to it fails anyway.

    Raises:
        ConfigError: It is one of them.
    """
    parts = urlsplit(url)
    todo = f"if this is meant, set allow_private = true under [connections.{who}.http]"
    if parts.scheme != "https":
        raise ConfigError("the address must begin with https://", who=who, todo=todo)
    if not all(_is_public(address) for address in _resolve(parts.hostname or "")):
        raise ConfigError("the address is in a private network", who=who, todo=todo)


def _resolve(host: str) -> list[str]:
    try:
        return [str(row[4][0]) for row in socket.getaddrinfo(host, None)]
    except (OSError, UnicodeError):
        return []


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    return ip.is_global and not ip.is_multicast
