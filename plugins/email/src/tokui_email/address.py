"""How an address is written in an envelope: domains in ASCII, odd local parts in quotes."""

import re
from typing import NamedTuple

import idna

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"  # \w also takes what SMTPUTF8 allows
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_NEVER = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff<>()\[\],;:]")
_LONGEST_LOCAL, _LONGEST = 64, 254


class Route(NamedTuple):
    """
    An address as SMTP takes it.

    Attributes:
        local: Its local part, in quotes where RFC 5321 wants them.
        domain: In ASCII.
    """

    local: str
    domain: str

    @property
    def envelope(self) -> str:
        """As it stands between `<` and `>`."""
        return f"{self.local}@{self.domain}"

    @property
    def utf8(self) -> bool:
        """Whether the server must know SMTPUTF8."""
        return not self.local.isascii()


def route(address: str) -> Route:
    """
    Read an address. The dots that old carrier addresses have in odd places go into quotes.

    Raises:
        ValueError: It is none; the message does not quote it.
    """
    local, at, domain = address.strip().rpartition("@")
    bare = local[1:-1] if len(local) > 2 and local[0] == local[-1] == '"' else local
    if not (at and bare and domain) or _NEVER.search(bare) or _NEVER.search(domain):
        raise ValueError("not an e-mail address")
    if '"' in bare or "\\" in bare or "@" in bare:
        raise ValueError("not an e-mail address that this house writes to")
    written = bare if _DOT_ATOM.fullmatch(bare) else f'"{bare}"'
    found = Route(written, _ascii(domain))
    if len(written.encode()) > _LONGEST_LOCAL or len(found.envelope.encode()) > _LONGEST:
        raise ValueError("too long for an e-mail address")
    return found


def same(one: str, other: str) -> bool:
    """Whether two written addresses are one mailbox, letters' case aside."""
    return folded(one) == folded(other)


def folded(address: str) -> str:
    """An address for comparing only; what is none is compared as it is."""
    try:
        return route(address).envelope.replace('"', "").lower()
    except ValueError:
        return address.strip().lower()


def _ascii(domain: str) -> str:
    try:
        written = idna.encode(domain.rstrip("."), uts46=True).decode().lower()
    except idna.IDNAError:
        raise ValueError("its domain is none") from None
    if "." not in written and written != "localhost":
        raise ValueError("its domain is none")
    return written
