"""SendGrid's API v3: one call for one message, and what its answers mean."""

from collections.abc import Mapping
from typing import Any, Literal

from tokui.connector import Context, Outcome
from tokui.errors import (
    AuthError,
    FatalError,
    QuotaExceeded,
    RateLimited,
    TokuiError,
    Unanswered,
    Unavailable,
)
from tokui.http import Response

from tokui_email.address import Route
from tokui_email.events import PARCEL
from tokui_email.letter import Letter
from tokui_email.settings import SendGridSettings

_JUDGED = (*range(400, 432), *range(500, 600))
_UNAVAILABLE = 503  # "the API is not available"; after any other 5xx the message may be out
_CREDITS = "maximum credits exceeded"


def body(letter: Letter, to: Route, key: str, settings: SendGridSettings) -> dict[str, Any]:
    """The call that sends a letter; of a person it holds the address and the words, no more. Pure."""
    sender = {"email": settings.from_address}
    tracking = {"enable": settings.tracking}
    person: dict[str, Any] = {"to": [{"email": to.envelope}], "custom_args": {PARCEL: key}}
    if letter.headers:
        person["headers"] = dict(letter.headers)
    content = [{"type": "text/plain", "value": letter.text}]
    if letter.html is not None:
        content.append({"type": "text/html", "value": letter.html})
    call: dict[str, Any] = {
        "personalizations": [person],
        "from": sender | ({"name": letter.from_name} if letter.from_name else {}),
        "subject": letter.subject,
        "content": content,
        "tracking_settings": {
            "click_tracking": {**tracking, "enable_text": False},
            "open_tracking": tracking,
            "subscription_tracking": {"enable": False},
        },
    }
    if settings.reply_to:
        call["reply_to"] = {"email": settings.reply_to}
    return call


class Api:
    """The calls of one connection."""

    def __init__(self, who: str, settings: SendGridSettings, ctx: Context) -> None:
        self._who, self._settings, self._ctx = who, settings, ctx

    def send(self, address: str, call: Mapping[str, Any]) -> Outcome:
        """
        Send one message, at one try.

        Raises:
            RateLimited, QuotaExceeded, Unavailable, AuthError: Nothing was sent.
            Unanswered: It may have been sent.
            FatalError: SendGrid does not take this message.
        """
        answer = self._ctx.http.post(
            f"{self._settings.base_url}/v3/mail/send",
            headers=self._headers,
            json=call,
            tries=1,
            allow=_JUDGED,
        )
        if answer.status < 300:
            return Outcome(address, "accepted", provider_id=answer.headers.get("x-message-id"))
        if answer.status == 400 and _fields(answer) and all(map(_is_recipient, _fields(answer))):
            return Outcome(address, "refused", "400 no such address")
        raise self._error(answer)

    def get(self, path: str) -> Any:
        """
        Read a setting of the account.

        Raises:
            AuthError, RetryableError, FatalError: It cannot be read.
        """
        url = f"{self._settings.base_url}/v3/{path}"
        return self._ctx.http.get(url, headers=self._headers, tries=2).json()

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._settings.api_key.get_secret_value()}"}

    def _error(self, answer: Response) -> TokuiError:
        who, status = self._who, answer.status
        what = f"SendGrid answered {status}"
        if status in (401, 403) and _CREDITS in answer.content.decode("utf-8", "replace").lower():
            todo = "buy more at SendGrid, or wait for the next period"
            return QuotaExceeded("SendGrid's credits are used up", who=who, todo=todo)
        if status in (401, 403):
            todo = f"check api_key of [connections.{who}], and that it may send mail"
            return AuthError(what, who=who, todo=todo)
        if status == 429:
            return RateLimited(what, who=who, retry_after_s=self._pause_s(answer))
        if status in (408, _UNAVAILABLE):
            return Unavailable(what, who=who, todo="run again later")
        if status >= 500:
            todo = "look for it in SendGrid's activity feed"
            return Unanswered(f"{what}, and may have sent it", who=who, todo=todo)
        fields = ", ".join(sorted(_fields(answer)))
        return FatalError(f"{what} ({fields})" if fields else what, who=who)

    def _pause_s(self, answer: Response) -> float | None:
        """SendGrid says at which second its limit begins anew; others, after how many."""
        names: tuple[tuple[str, Literal["at", "after"]], ...]
        names = (("x-ratelimit-reset", "at"), ("retry-after", "after"))
        for name, how in names:
            said = answer.headers.get(name, "")
            if said.isascii() and said.isdigit() and len(said) < 12:
                now = self._ctx.now().timestamp() if how == "at" else 0.0
                return max(0.0, int(said) - now)
        return None


def _fields(answer: Response) -> set[str]:
    """Which fields SendGrid has something against; its sentences may quote what is in them."""
    try:
        errors = answer.json()["errors"]
        return {str(each["field"])[:80] for each in errors if each.get("field")}
    except (Unavailable, AttributeError, KeyError, TypeError):
        return set()


def _is_recipient(field: str) -> bool:
    return field.startswith("personalizations.0.to")
