"""SendGrid's signature under its events: ECDSA over the timestamp and the raw body."""

import base64
import binascii
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from tokui.connector import Request

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"


def verifier(text: str) -> Callable[[Request], bool]:
    """
    What tells SendGrid's requests from others; `text` is the public key in base64.

    How old the timestamp is does not matter: SendGrid tries for a day, and an event that comes again
    is known by its id.

    Raises:
        ValueError: It is no such key.
    """
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        raise ValueError("is no verification key as SendGrid shows it") from None
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("is no verification key as SendGrid shows it")

    def is_genuine(request: Request) -> bool:
        try:
            said = base64.b64decode(request.headers.get(SIGNATURE, "").encode(), validate=True)
            at = request.headers.get(TIMESTAMP, "").encode()
            key.verify(said, at + request.body, ECDSA(SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True

    return is_genuine
