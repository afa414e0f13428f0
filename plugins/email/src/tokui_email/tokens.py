"""
The token in an unsubscribe link: who asks for what to stop, sealed.

It is sealed (AES-SIV) rather than signed over a hash: a one-click request brings nothing but the
token, so the address must come out of it; and nobody else may read it, for links are forwarded and
logged. Sealing is authenticated, in constant time, and needs no chance: the same claim is always the
same token.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple, cast, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from tokui.model import Purpose

LONGEST = 1200
_ABOUT = b"tokui unsubscribe 1"


class Claim(NamedTuple):
    """
    What a link asks for.

    Attributes:
        purpose: Of the message that held it.
        topic: Of the message; None is the purpose at large.
        address: Whom it was sent to.
    """

    purpose: Purpose
    topic: str | None
    address: str


def sign(secret: str, claim: Claim) -> str:
    """The token of a claim; only letters, digits, `-` and `_`."""
    plain = "\0".join((claim.purpose, claim.topic or "", claim.address)).encode()
    return urlsafe_b64encode(_seal(secret).encrypt(plain, [_ABOUT])).rstrip(b"=").decode()


def verify(secret: str, token: str) -> Claim | None:
    """What a token claims; None when it was not made with this secret, or was changed."""
    try:
        if len(token) > LONGEST:
            return None
        sealed = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        purpose, topic, address = _seal(secret).decrypt(sealed, [_ABOUT]).decode().split("\0")
    except (InvalidTag, ValueError):
        return None
    known = purpose in get_args(Purpose) and sign(secret, _claim(purpose, topic, address)) == token
    return _claim(purpose, topic, address) if known else None


def _claim(purpose: str, topic: str, address: str) -> Claim:
    return Claim(cast("Purpose", purpose), topic or None, address)


def _seal(secret: str) -> AESSIV:
    return AESSIV(hmac.digest(secret.encode(), _ABOUT, hashlib.sha512))
