"""What a mail that came in is about: a bounce, a complaint, a wish to unsubscribe, or nothing."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Literal
from urllib.parse import unquote

from flufl.bounce import all_failures

from tokui_email.address import same
from tokui_email.returned import (
    addresses,
    inner,
    kind,
    opened,
    original,
    parts,
    recipient,
    text,
    words,
)
from tokui_email.settings import SmtpSettings
from tokui_email.stamp import Stamp, in_message_id, in_recipient
from tokui_email.tokens import Claim, verify
from tokui_email.verdict import status_of

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it would log what it reads

MOST_REPORTS = 50
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}")
_STOP = re.compile(r"unsubscribe|opt.?out|\bstop\b|停止|解除|不要|退会", re.IGNORECASE)
_COMPLAINTS = frozenset({"abuse", "fraud", "other", "opt-out", "opt-out-list"})
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_STATUS = ("message/delivery-status", "message/global-delivery-status")


About = Literal["failed", "delayed", "delivered", "complaint", "unsubscribe", "unclear"]

_ACTIONS: tuple[tuple[str, About], ...] = (
    ("fail", "failed"),
    ("error", "failed"),  # as OpenSMTPD says it
    ("delayed", "delayed"),
    ("delivered", "delivered"),
    ("relayed", "delivered"),
    ("expanded", "delivered"),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """
    One thing that a mail says.

    Attributes:
        about: `failed` and `delayed` messages, `delivered` ones, a `complaint`, a wish to
            `unsubscribe`; `unclear` is a report on a message of ours that says none of these.
        address: Whom we had written to, proven by the mark or token; None where nothing proves it.
        key: Of the parcel.
        status: Enhanced status code.
        claim: What the token of a link claims.
    """

    about: About
    address: str | None
    key: str | None = None
    status: str | None = None
    claim: Claim | None = None


def heard(mail: bytes, settings: SmtpSettings) -> Sequence[Heard]:
    """
    Read one mail. Pure; hostile mail says nothing, and raises nothing.

    What is proven by nothing of ours, neither a mark nor a token, is not believed.
    """
    message = opened(mail)
    reader = _Reader(message, original(message), settings)
    return tuple(reader.complaints() or reader.reports() or reader.wishes() or reader.plain())


class _Reader:
    """One mail, and the message of ours that came back with it."""

    def __init__(self, message: Message, ours: Message | None, settings: SmtpSettings) -> None:
        self._message, self._ours, self._settings = message, ours, settings
        self._stamp = self._found_stamp()

    def complaints(self) -> list[Heard]:
        """ARF (RFC 5965)."""
        for part in parts(self._message):
            if kind(part) == "message/feedback-report":
                fields = _fields(part)
                if not set(map(str.lower, words(fields, "Feedback-Type"))) & _COMPLAINTS:
                    return []
                named = [recipient(each) for each in words(fields, "Original-Rcpt-To")]
                address = self._proven(named)
                return [Heard("complaint", address, self._key)] if address else []
        return []

    def reports(self) -> list[Heard]:
        """Delivery status notifications (RFC 3464, and 6533 for addresses in UTF-8)."""
        if not self._stamp:
            return []
        blocks = [block for part in parts(self._message) for block in _recipients(part)]
        found = [self._report(block) for block in blocks[:MOST_REPORTS]]
        believed = [each for each in found if each.address] or found[:1]
        if believed or not any(kind(part) in _STATUS for part in parts(self._message)):
            return believed
        return [Heard("unclear", self._proven(()), self._key)]

    def wishes(self) -> list[Heard]:
        """A mail to the address for unsubscribing, with the token of a link, or just the wish."""
        own = self._settings.unsubscribe_address
        if own is None or not any(same(each, own) for each in addresses(self._message, *_TO)):
            return []
        subject = " ".join(words(self._message, "Subject"))
        if claim := self._claim(subject):
            return [Heard("unsubscribe", claim.address, None, None, claim)]
        senders = addresses(self._message, "From")
        return [Heard("unsubscribe", each) for each in senders[:1] if self._wants_out(subject)]

    def plain(self) -> list[Heard]:
        """Bounces in the words of one server or another."""
        if not self._stamp:
            return []
        temporary, permanent = _named(self._message)
        status = status_of("\n".join(_texts(self._message)))
        if permanent:
            return [Heard("failed", self._proven(permanent), self._key, status or "5.0.0")]
        return [Heard("delayed", self._proven(temporary), self._key, status)] if temporary else []

    @property
    def _key(self) -> str | None:
        return self._stamp.key if self._stamp else None

    def _report(self, block: Message) -> Heard:
        action = "".join(words(block, "Action")[:1]).strip().lower()
        named = words(block, "Original-Recipient", "Final-Recipient", "X-Actual-Recipient")
        address = self._proven([recipient(each) for each in named])
        status = status_of(" ".join(words(block, "Status", "Diagnostic-Code")))
        known = (said for word, said in _ACTIONS if action.startswith(word))
        about: About = next(known, "unclear")
        return Heard(about, address, self._key, status)

    def _found_stamp(self) -> Stamp | None:
        outer = addresses(self._message, *_TO)
        inner = words(self._ours, "Return-Path") if self._ours else []
        for each in (*outer, *inner):
            if stamp := in_recipient(each):
                return stamp
        ids = words(self._ours, "Message-ID") if self._ours else []
        ids += words(self._message, "In-Reply-To", "References")
        return in_message_id("\n".join((*ids, *_texts(self._message))), self._settings.domain)

    def _proven(self, named: Sequence[str]) -> str | None:
        """The one of these addresses, or of those in our message, that we wrote to."""
        ours = self._ours
        if ours and (claim := self._claim(" ".join(words(ours, "List-Unsubscribe")))):
            return claim.address
        known = [*named, *addresses(self._message, "X-Failed-Recipients")]
        known += addresses(ours, "To") if ours else []
        stamp, secret = self._stamp, self._settings.secret
        return next((each for each in known if stamp and stamp.fits(secret, each)), None)

    def _claim(self, where: str) -> Claim | None:
        if not (secret := self._settings.secret):
            return None
        claims = (verify(secret, found) for found in _TOKEN.findall(unquote(where))[:5])
        return next((claim for claim in claims if claim), None)

    def _wants_out(self, subject: str) -> bool:
        return bool(_STOP.search(subject) or _STOP.search("".join(_texts(self._message))[:500]))


def _named(message: Message) -> tuple[list[str], list[str]]:
    """Whom a mail calls unreachable, for a time and for good."""
    try:
        found = all_failures(message)
    except Exception:  # its detectors trip over what they did not expect
        return [], []
    temporary, permanent = (
        sorted(each.decode("ascii", "replace") for each in named)[:MOST_REPORTS] for named in found
    )
    return temporary, permanent


def _texts(message: Message) -> Iterator[str]:
    for part in parts(message):
        if kind(part) in ("text/plain", "text/html"):
            yield text(part)


def _fields(part: Message) -> Message:
    """The fields in a report, which some programs parse as a message and some do not."""
    held = inner(part)
    return held[0] if held else opened(text(part).encode("utf-8", "replace"))


def _recipients(part: Message) -> Iterator[Message]:
    """The blocks of a delivery status that speak of one recipient each."""
    if kind(part) not in _STATUS:
        return
    held = inner(part)  # one that the standard library does not know holds the first block only
    written = "\n\n".join(text(each) for each in held or [part])
    pieces = re.split(r"\r?\n\r?\n", written)[: 2 * MOST_REPORTS]
    for block in (*held, *(opened(each.encode("utf-8", "replace")) for each in pieces)):
        if "Action" in block or "Final-Recipient" in block:
            yield block
