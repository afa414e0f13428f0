"""Reads mails that others made: whatever they hold, the answer is text, or nothing."""

from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

MOST_PARTS = 200
_ORIGINALS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")


def opened(mail: bytes) -> Message:
    """The mail, whatever it is."""
    return message_from_bytes(mail)


def parts(message: Message) -> Iterator[Message]:
    """Itself and what is in it, level by level; no more than a few hundred, none of an original."""
    waiting = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        yield part
        inner = part.get_payload()
        if kind(part) not in _ORIGINALS and isinstance(inner, list):
            waiting += [each for each in inner if isinstance(each, Message)]


def kind(part: Message) -> str:
    """Its content type."""
    return part.get_content_type().lower()


def original(message: Message) -> Message | None:
    """The headers of our message, as it was sent back."""
    for part in parts(message):
        if kind(part) in _ORIGINALS:
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                return inner[0]
            return message_from_string(text(part))
    return None


def text(part: Message) -> str:
    """A part's text, in whatever charset it says, or might have meant."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeError):
            continue
    return content.decode("latin-1")


def words(message: Message, *names: str) -> list[str]:
    """The values of these headers, decoded."""
    return [_decoded(str(value)) for name in names for value in message.get_all(name, ())]


def addresses(message: Message, *names: str) -> list[str]:
    """The addresses in these headers."""
    found = getaddresses(words(message, *names))
    return [address for _, address in found if "@" in address]


def recipient(value: str) -> str:
    """`rfc822; someone@example.jp` (RFC 3464) → the address."""
    _, _, address = value.rpartition(";")
    return address.strip().strip("<>")


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, UnicodeError):  # a charset that is none, or not its bytes
        return value
