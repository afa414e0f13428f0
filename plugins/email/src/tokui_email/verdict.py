"""What a server's refusal means: a dead mailbox, a refusal, or a not yet."""

import re
from typing import Literal

Verdict = Literal["dead", "refused", "temporary"]

ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_POLICY = re.compile(
    r"spam|polic|block|denied|relay|spf|dkim|dmarc|reputation|blacklist|blocklist|authenti|quota|full"
    r"|rate|too many|size|virus|content|迷惑",
    re.IGNORECASE,
)
_DEAD_STATUS = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
_DEAD_CODES = frozenset({550, 551, 553})


def verdict(code: int | None, status: str | None, text: str = "") -> Verdict:
    """
    Judge a refusal.

    Args:
        code: Of SMTP, three digits; None where only the status is known.
        status: Enhanced status code (RFC 3463), such as `5.1.1`. It says more, so it comes first.
        text: What else was said; looked at only where neither tells a dead mailbox from a policy.
    """
    if status:
        if not status.startswith("5."):
            return "temporary"
        return "dead" if status in _DEAD_STATUS else "refused"
    if code is None or 400 <= code < 500:
        return "temporary"
    return "dead" if code in _DEAD_CODES and not _POLICY.search(text) else "refused"


def status_of(text: str) -> str | None:
    """The first enhanced status code in a text."""
    found = ENHANCED.search(text)
    return found[0] if found else None


def reason(code: int | None, status: str | None) -> str:
    """`550 5.1.1`: all of a server's words that never hold an address."""
    return " ".join(str(part) for part in (code, status) if part) or "no status"
