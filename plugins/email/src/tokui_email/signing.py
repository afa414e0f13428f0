"""DKIM (RFC 6376)."""

import re
from collections.abc import Iterable

import dkim  # type: ignore[import-untyped]
from tokui.errors import AuthError

from tokui_email.settings import DkimSettings

_SIGNED = (
    *("from", "to", "reply-to", "subject", "date", "message-id", "mime-version", "content-type"),
    *("content-transfer-encoding", "auto-submitted", "list-id", "list-unsubscribe"),
    "list-unsubscribe-post",
)
_TWICE = ("from", "subject", "date", "to")
_NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)


def signed(mail: bytes, settings: DkimSettings, domain: str) -> bytes:
    """
    The mail with a signature over its headers, those of the list among them, and its body.

    Headers that there is one of are named twice, so that a second one breaks the signature.

    Raises:
        AuthError: The key is none.
    """
    try:
        signature: bytes = dkim.sign(
            mail,
            settings.selector.encode(),
            (settings.domain or domain).encode(),
            settings.key.get_secret_value().encode(),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=list(_named(mail)),
        )
    except (dkim.DKIMException, ValueError):
        raise AuthError(
            "the DKIM key cannot be used", todo="give an RSA key in PEM form as dkim.key"
        ) from None
    return signature + mail


def _named(mail: bytes) -> Iterable[bytes]:
    there = {name.decode().lower() for name in _NAME.findall(mail.partition(b"\r\n\r\n")[0])}
    yield from (name.encode() for name in _SIGNED if name in there)
    yield from (name.encode() for name in _TWICE)
