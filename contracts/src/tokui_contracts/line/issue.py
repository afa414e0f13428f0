"""Channel access tokens v2.1: checks the signed claim to be the channel, and gives out tokens."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MOST_TOKENS = 30
LONGEST = timedelta(days=30)
LONGEST_CLAIM = timedelta(minutes=30)


class Issuer:
    """
    Gives out tokens to who can sign.

    Args:
        channel: Channel id.
        keys: Key id → public key, PEM.
        now: The sandbox's clock.
    """

    def __init__(self, channel: str, keys: Mapping[str, str], now: Callable[[], datetime]) -> None:
        self._channel = channel
        self._keys = keys
        self._now = now
        self._tokens: dict[str, datetime] = {}
        self.issued = 0

    def valid(self, token: str) -> bool:
        """Whether a token was given out and is not over."""
        return self._tokens.get(token, self._now()) > self._now()

    def revoke(self) -> None:
        """End every token."""
        self._tokens.clear()

    def answer(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status and JSON for a request."""
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        if form.get("client_assertion_type") != ASSERTION:
            return 400, {"error": "invalid_request", "error_description": "client_assertion_type"}
        life = self._life(form.get("client_assertion", ""))
        if life is None:
            return 400, {"error": "invalid_client", "error_description": "Invalid client assertion"}
        if sum(map(self.valid, self._tokens)) >= MOST_TOKENS:
            return 400, {"error": "invalid_request", "error_description": "too many tokens"}
        return 200, self._issue(life)

    def _issue(self, life: timedelta) -> dict[str, Any]:
        self.issued += 1
        token = f"line-token-v2.1-{self.issued}"
        self._tokens[token] = self._now() + life
        return {
            "access_token": token,
            "expires_in": int(life.total_seconds()),
            "token_type": "Bearer",
            "key_id": f"key-{self.issued}",
        }

    def _life(self, assertion: str) -> timedelta | None:
        """For how long a token is asked for; None where the claim is not good."""
        import jwt

        try:
            key = self._keys[jwt.get_unverified_header(assertion)["kid"]]
            claims = jwt.decode(
                assertion,
                key,
                algorithms=["RS256"],
                audience="https://api.line.me/",
                options={"verify_exp": False, "require": ["exp", "iss", "sub", "token_exp"]},
            )
        except (KeyError, jwt.exceptions.PyJWTError):
            return None
        left = datetime.fromtimestamp(claims["exp"], self._now().tzinfo) - self._now()
        life = timedelta(seconds=claims["token_exp"])
        mine = claims["iss"] == claims["sub"] == self._channel
        good = mine and timedelta() < left <= LONGEST_CLAIM and timedelta() < life <= LONGEST
        return life if good else None
