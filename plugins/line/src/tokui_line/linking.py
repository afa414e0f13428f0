"""
Linking a LINE account to an account of the shop, by LINE's own flow.

https://developers.line.biz/en/docs/messaging-api/linking-accounts/

1. `invite` asks LINE for a link token and says the address of the shop's login page to send to the
   person.
2. The person logs in there. The page knows then which account it is, and sends the browser on to
   the address that `redirect` says.
3. LINE checks that the browser's owner is the person who was invited, and sends the event
   `accountLink` with the nonce; `unpack` reads the account out of it.

Nothing is stored in between: the nonce is the account itself, sealed with a key made of the channel
secret (AES-SIV), bound to the LINE user and good for a quarter of an hour. Without that key nobody can
make or foresee one, so it needs no secret source of randomness.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

from pydantic import SecretStr
from tokui.connector import Context
from tokui.errors import ConfigError, FatalError
from tokui.model import Identifier, moment

from tokui_line import limits

ACCOUNT_LINK = "https://access.line.me/dialog/bot/accountLink"
LIFE: Final = timedelta(minutes=15)
"""A link token lives for ten minutes; the rest is for clocks that differ."""


class Seal:
    """Closes and opens what travels through the person's browser."""

    def __init__(self, secret: SecretStr) -> None:
        self._key = hmac.digest(
            secret.get_secret_value().encode(), b"tokui: linking accounts", "sha256"
        )

    def state(self, user: str, salt: bytes) -> str:
        """Who was invited, closed."""
        return self._close(salt, [user], b"state")

    def open_state(self, state: str) -> str | None:
        """Who was invited; None for what this seal did not close."""
        found = self._open(state, b"state")
        return str(found[0]) if found else None

    def nonce(self, account: Identifier, user: str, at: datetime, salt: bytes) -> str:
        """An account, closed for one LINE user from a moment on."""
        seconds = int((at - moment(0)) / timedelta(seconds=1))
        parts = [seconds, account.kind, account.issuer, account.value]
        return self._close(salt, parts, b"nonce", user.encode())

    def open_nonce(self, nonce: str, user: str, at: datetime) -> Identifier | None:
        """The account; None where it was closed for somebody else, at another time, or elsewhere."""
        found = self._open(nonce, b"nonce", user.encode())
        if not found:
            return None
        seconds, kind, issuer, value = found
        age = at - moment(0) - timedelta(seconds=int(str(seconds)))
        if abs(age) > LIFE:
            return None
        return Identifier(
            kind=str(kind),
            value=str(value),
            issuer=None if issuer is None else str(issuer),
            verified=True,
        )

    def _close(self, salt: bytes, parts: Sequence[object], *bound: bytes) -> str:
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        plain = salt + json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
        return urlsafe_b64encode(AESSIV(self._key).encrypt(plain, list(bound))).decode().rstrip("=")

    def _open(self, text: str, *bound: bytes) -> list[object] | None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        try:
            sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            plain = AESSIV(self._key).decrypt(sealed, list(bound))
        except (InvalidTag, ValueError):
            return None
        found: list[object] = json.loads(plain[SALT:])
        return found


SALT: Final = 16


def login_page(page: str, link_token: str, state: str) -> str:
    """
    The shop's login page with what it must hand on.

    Raises:
        ConfigError: The page is not on https.
    """
    parts = urlsplit(page)
    if parts.scheme != "https" or not parts.netloc or parts.fragment:
        raise ConfigError("the login page must be an https address", todo="write it with https://")
    mark = "&" if parts.query else "?"
    return f"{page}{mark}{urlencode({'linkToken': link_token, 'state': state})}"


def redirect(seal: Seal, link_token: str, state: str, account: Identifier, ctx: Context) -> str:
    """
    Where to send the browser once its owner has logged in.

    Args:
        seal: The channel's.
        link_token: As the login page received it.
        state: As the login page received it.
        account: What the shop's account is known by in other systems, such as a member number with
            its issuer.
        ctx: Time and salt.

    Raises:
        FatalError: The state is not ours, or the account's number is too long.
    """
    user = seal.open_state(state)
    if user is None:
        raise FatalError("the state was not made here", todo="let the person begin again in LINE")
    nonce = seal.nonce(account, user, ctx.now(), ctx.rng.randbytes(SALT))
    if len(nonce) > limits.NONCE:
        raise FatalError("the account's number is too long to be linked", todo="use a shorter one")
    return f"{ACCOUNT_LINK}?{urlencode({'linkToken': link_token, 'nonce': nonce})}"
