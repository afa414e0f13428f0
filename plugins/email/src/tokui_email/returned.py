"""Reads mails that others made: whatever they hold, the answer is text, or nothing."""

from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, HeaderParser
from email.utils import getaddresses

MOST_PARTS = 200
_ORIGINALS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")


def opened(mail: bytes) -> Message:
    """The mail, whatever it is; of one that is nested without end, its headers."""
    try:
        return message_from_bytes(mail)
    except RecursionError:
        return BytesHeaderParser().parsebytes(mail)


def parts(message: Message) -> Iterator[Message]:
    """Itself and what is in it, level by level; no more than a few hundred, none of an original."""
    waiting = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        yield part
        if kind(part) not in _ORIGINALS:
            waiting += inner(part)


def inner(part: Message) -> list[Message]:
    """The parts of a part."""
    held = part.get_payload() if part.is_multipart() else ()
    return [each for each in held if isinstance(each, Message)]


def kind(part: Message) -> str:
    """Its content type."""
    return part.get_content_type().lower()


def original(message: Message) -> Message | None:
    """The headers of our message, as it was sent back."""
    for part in parts(message):
        if kind(part) in _ORIGINALS:
            held = inner(part)
            return held[0] if held else HeaderParser().parsestr(text(part))
    return None


def text(part: Message) -> str:
    """A part's text, in whatever charset it says, or might have meant."""
    try:
        content, charset = part.get_payload(decode=True), part.get_content_charset()
    except (LookupError, TypeError, ValueError):  # what it says of itself is nonsense
        return ""
    if not isinstance(content, bytes):
        return ""
    for each in (charset, "utf-8"):
        with suppress(LookupError, ValueError):
            return content.decode(each or "utf-8")
    return content.decode("latin-1")


def words(message: Message, *names: str) -> list[str]:
    """The values of these headers, decoded."""
    raw = [(name.lower(), str(value)) for name, value in message.raw_items()]
    return [_decoded(value) for name in names for at, value in raw if at == name.lower()]


def addresses(message: Message, *names: str) -> list[str]:
    """The addresses in these headers."""
    found = getaddresses(words(message, *names))
    return [address for _, address in found if "@" in address]


def recipient(value: str) -> str:
    """`rfc822; someone@example.jp` (RFC 3464) → the address."""
    _, _, address = value.rpartition(";")
    return address.strip().strip("<>")


def _decoded(value: str) -> str:
    plain = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return str(make_header(decode_header(plain)))
    except (MessageError, LookupError, ValueError):  # a charset that is none, or not its bytes
        return plain
