"""
The mark by which a bounce is known: the parcel's key, and a tag that ties it to its address.

It stands in the envelope's sender and in the Message-ID. Without the tag, anybody who ever got a
message could have any other address declared dead.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from typing import NamedTuple

from tokui_email.address import folded

_STAMP = r"(?P<key>[0-9A-Za-z-]{1,40})(?:\.(?P<tag>[A-Za-z2-7]{10}))?"
_SENDER = re.compile(rf"\+{_STAMP}@")
_MESSAGE_ID = re.compile(rf"<{_STAMP}@(?P<domain>[^\s<>@]+)>")


class Stamp(NamedTuple):
    """
    A mark as it was found.

    Attributes:
        key: The parcel's.
        tag: None when there was none.
    """

    key: str
    tag: str | None

    def fits(self, secret: str | None, address: str) -> bool:
        """Whether we sent this parcel to that address; without a secret there is no telling."""
        if secret is None:
            return True
        return hmac.compare_digest(tag(secret, self.key, address), self.tag or "")


def stamp(secret: str | None, key: str, address: str) -> str:
    """The mark of a message."""
    return key if secret is None else f"{key}.{tag(secret, key, address)}"


def tag(secret: str, key: str, address: str) -> str:
    """Fifty bits that only we can make, in small letters and digits."""
    said = f"tokui stamp 1\0{key.lower()}\0{folded(address)}".encode()
    return b32encode(hmac.digest(secret.encode(), said, hashlib.sha256))[:10].decode().lower()


def envelope_sender(bounce_address: str, mark: str) -> str:
    """`bounce@shop.example` → `bounce+MARK@shop.example`."""
    local, _, domain = bounce_address.rpartition("@")
    return f"{local}+{mark}@{domain}"


def in_recipient(address: str) -> Stamp | None:
    """The mark in an address that something was returned to."""
    found = _SENDER.search(address)
    return _read(found) if found else None


def in_message_id(text: str, domain: str) -> Stamp | None:
    """The mark in the first Message-ID of ours; `domain` is that of our Message-IDs."""
    for found in _MESSAGE_ID.finditer(text):
        if found["domain"].lower() == domain.lower():
            return _read(found)
    return None


def _read(found: re.Match[str]) -> Stamp:
    tag = found["tag"]
    return Stamp(found["key"], tag.lower() if tag else None)
