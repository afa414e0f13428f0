"""What LINE's answers mean. An error shows codes and field names, never what LINE quotes."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

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

MONTHLY: Final = "monthly limit"
"""What a 429 says when it is not about the rate."""

LOOK_AGAIN: Final = timedelta(hours=1)
"""A limit may have been raised, or what another sending had reserved be free again."""

_PLACE = re.compile(r"[A-Za-z][\w.\[\]/-]{0,120}")
_CODE = re.compile(r"[a-z_]{1,60}")
_KNOWN = (
    "May not be empty",
    "Size must be between",
    "Length must be between",
    "Must be one of the following values",
    "invalid uri",
    "invalid property",
    "The value must be",
    "The property is not",
    "Failed to send messages",
    "The request body could not be parsed as JSON",
)
"""Beginnings of what LINE says of a field; they quote nothing."""


def mapping(answer: Response, who: str) -> dict[str, Any]:
    """
    The answer as an object.

    Raises:
        Unavailable: It is not JSON, or not an object.
    """
    found = answer.json()
    if not isinstance(found, dict):
        raise Unavailable("LINE's answer is not an object", who=who, todo="run again later")
    return found


def quiet_mapping(answer: Response) -> dict[str, Any] | None:
    """The answer as an object; None where it is none."""
    try:
        found = answer.json()
    except Unavailable:
        return None
    return found if isinstance(found, dict) else None


def code(answer: Response) -> str:
    """The OAuth error code of an answer, or its status."""
    said = (quiet_mapping(answer) or {}).get("error")
    return said if isinstance(said, str) and _CODE.fullmatch(said) else str(answer.status)


def monthly(answer: Response) -> bool:
    """Whether a 429 is about the messages of the month."""
    return MONTHLY in str((quiet_mapping(answer) or {}).get("message", ""))


def details(answer: Response) -> str:
    """Which fields LINE finds wrong, and why as far as that quotes nothing."""
    said = quiet_mapping(answer) or {}
    found = said.get("details")
    listed = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return "; ".join(dict.fromkeys(_details([*listed, said])))


def _details(said: list[dict[str, Any]]) -> Iterator[str]:
    for each in said[:10]:
        place, message = each.get("property"), each.get("message")
        where = place if isinstance(place, str) and _PLACE.fullmatch(place) else ""
        known = next((one for one in _KNOWN if str(message).startswith(one)), "")
        if where or known:
            yield ": ".join(part for part in (where, known) if part)


def next_month(now: datetime) -> datetime:
    """When LINE begins to count anew: at midnight in Japan."""
    tokyo = now.astimezone(ZoneInfo("Asia/Tokyo"))
    first = tokyo.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1).astimezone(now.tzinfo)


def refusal(answer: Response, who: str, now: datetime) -> TokuiError:
    """What a refused send means; a 401 is the token's business."""
    status = answer.status
    if status == 429:
        return _limited(answer, who, now)
    if status == 403:
        return AuthError(
            "LINE does not let this account send by its API (403)",
            who=who,
            todo="look at the account's plan and the channel's permissions",
        )
    if status == 408 or status >= 500:
        # LINE's own word: after a 5xx the message may have been sent all the same.
        return Unanswered(f"LINE answered {status}", who=who, todo="run again later")
    about = details(answer)
    return FatalError(f"LINE refuses the message ({status}{about and ': '}{about})", who=who)


def _limited(answer: Response, who: str, now: datetime) -> RateLimited:
    if monthly(answer):
        again = min(LOOK_AGAIN, next_month(now) - now)
        return QuotaExceeded(
            "the messages of this month are used up",
            who=who,
            todo="raise the limit in LINE Official Account Manager, or wait for the next month",
            retry_after_s=again.total_seconds(),
        )
    return RateLimited("rate limited by LINE", who=who, retry_after_s=_seconds(answer.headers))


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "")
    return float(value) if re.fullmatch(r"\d{1,6}", value) else None
