"""From a letter to the bytes of an e-mail (RFC 5322). Pure."""

from collections.abc import Callable
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import format_datetime
from typing import Any

from tokui_email.address import route
from tokui_email.letter import Letter

_AS_THEY_ARE = frozenset({"list-id", "list-unsubscribe", "list-unsubscribe-post", "message-id"})


class _Policy(EmailPolicy):
    """Writes a subject as it is, and leaves the addresses of a list whole."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Do not read a subject: what looks encoded in it is meant so."""
        return (name, value) if name == "Subject" else super().header_store_parse(name, value)

    def fold(self, name: str, value: Any) -> str:
        """One header, in lines."""
        text = str(value)
        if name.lower() in _AS_THEY_ARE:
            text = text.replace(", ", f",{self.linesep} ")
        elif name != "Subject":
            return str(super().fold(name, value))
        elif "=?" in text or not (self.utf8 or text.isascii()):
            text = Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {text}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same, encoded."""
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii", "surrogateescape")


_PLAIN = _Policy(linesep=SMTP.linesep, cte_type="7bit")
_UTF8 = _Policy(linesep=SMTPUTF8.linesep, cte_type="7bit", utf8=True)


def written(
    letter: Letter, sender: Address, reply_to: str | None, message_id: str, at: datetime
) -> bytes:
    """
    The message, lines ended by CRLF, its bodies in seven bits so that no server recodes them.

    Args:
        sender: From.
        reply_to: None leaves the header out.
        message_id: Without brackets.
        at: Date.

    Raises:
        ValueError: The address is none, or a header would be of more than one line.
    """
    to = route(letter.address)
    policy = _UTF8 if to.utf8 else _PLAIN
    message = EmailMessage(policy)
    put = _putter(message)
    put("From", sender)
    put("To", to.envelope)
    if reply_to:
        put("Reply-To", Address(addr_spec=reply_to))
    put("Subject", letter.subject)
    put("Date", format_datetime(at))
    put("Message-ID", f"<{message_id}>")
    for name, value in letter.headers.items():
        put(name, value)
    message.set_content(letter.text, charset="utf-8")
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html", charset="utf-8")
        message.set_boundary(f"=_{message_id.partition('@')[0]}")
    return message.as_bytes()


def _putter(message: EmailMessage) -> Callable[[str, Any], None]:
    def put(name: str, value: Any) -> None:
        if any(mark in str(value) for mark in "\r\n\0"):
            raise ValueError(f"the header {name} would be of more than one line")
        message[name] = value

    return put
