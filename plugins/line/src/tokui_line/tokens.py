"""
The channel access token: long-lived, or v2.1, issued for a signed assertion and renewed in time.

https://developers.line.biz/en/docs/messaging-api/generate-json-web-token/
"""

from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

from tokui.connector import Context
from tokui.errors import AuthError, ConfigError, FatalError, TokuiError, Unanswered, Unavailable
from tokui.http import Response

from tokui_line.answers import code, mapping
from tokui_line.settings import LineSettings

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE = "https://api.line.me/"
ASSERTION_LIFE: Final = timedelta(minutes=5)
"""LINE takes up to 30 minutes; it is used at once."""

RENEWED_BEFORE: Final = timedelta(minutes=5)
"""Before it ends, so that no call that waits is sent with a dead one."""


class Tokens:
    """The token of one channel, kept in memory only; shared by all threads of a connection."""

    def __init__(self, name: str, settings: LineSettings, ctx: Context) -> None:
        self._name = name
        self._settings = settings
        self._ctx = ctx
        self._lock = Lock()
        self._token = settings.access_token.get_secret_value() if settings.access_token else None
        self._until: datetime | None = None
        self._proven = False

    def header(self) -> dict[str, str]:
        """
        The header of a request.

        Raises:
            AuthError: LINE issues no token for this key.
            Unavailable: LINE does not answer; nothing was sent.
        """
        with self._lock:
            if self._token is None or (self._until and self._ctx.now() >= self._until):
                self._token, self._until = self._issue()
                self._proven = False
            return {"Authorization": f"Bearer {self._token}"}

    def worked(self) -> None:
        """LINE accepted it."""
        self._proven = True

    def refused(self) -> TokuiError:
        """What a 401 means: a token that was issued and worked is renewed, any other is wrong."""
        with self._lock:
            if self._until and self._proven:
                self._token = self._until = None
                return Unavailable(
                    "LINE has withdrawn the token", who=self._name, todo="try again for a new one"
                )
        return AuthError(
            "LINE refuses the channel access token",
            who=self._name,
            todo=f"check the token of [connections.{self._name}] in the LINE Developers Console",
        )

    def _issue(self) -> tuple[str, datetime]:
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": self._assertion(),
        }
        issued = self._ctx.now()
        answer = mapping(self._post(urlencode(fields).encode()), self._name)
        try:
            life = timedelta(seconds=int(answer["expires_in"]))
            token = str(answer["access_token"])
        except (KeyError, TypeError, ValueError, OverflowError):
            raise FatalError("LINE's answer holds no token", who=self._name) from None
        return token, issued + life - min(RENEWED_BEFORE, life / 2)

    def _post(self, form: bytes) -> Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url = f"{self._settings.base_url}/oauth2/v2.1/token"
        try:
            answer = self._ctx.http.post(url, headers=headers, content=form, allow=(400, 401, 403))
        except Unanswered as error:  # of the token, not of what is to be sent with it
            raise Unavailable(error.what, who=self._name, todo=error.todo) from None
        if answer.status != 200:
            raise AuthError(
                f"LINE issues no channel access token ({code(answer)})",
                who=self._name,
                todo="check channel_id, kid and private_key; LINE allows 30 valid tokens at a time",
            )
        return answer

    def _assertion(self) -> str:
        """The signed claim to be this channel."""
        import jwt

        now = self._ctx.http.server_time() or self._ctx.now()
        claims = {
            "iss": self._settings.channel_id,
            "sub": self._settings.channel_id,
            "aud": AUDIENCE,
            "exp": int((now + ASSERTION_LIFE).timestamp()),
            "token_exp": self._settings.valid_minutes * 60,
        }
        try:
            key, headers = self._key(), {"kid": self._settings.kid}
            return jwt.encode(claims, key, algorithm="RS256", headers=headers)
        except (AttributeError, TypeError, ValueError, jwt.exceptions.PyJWTError):
            raise ConfigError(
                "private_key is no RSA key that can sign",
                who=self._name,
                todo="give the private assertion signing key as JWK or PEM",
            ) from None

    def _key(self) -> Any:
        import jwt

        assert self._settings.private_key is not None  # noqa: S101 - the settings have one of both
        text = self._settings.private_key.get_secret_value().strip()
        return jwt.PyJWK.from_json(text, algorithm="RS256").key if text.startswith("{") else text
