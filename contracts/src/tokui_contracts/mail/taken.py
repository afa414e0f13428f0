"""What the mail server took, and what it does wrong."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Literal

At = Literal["mail", "rcpt", "body", "data"]


@dataclass(frozen=True)
class MailFault:
    """
    A way in which the taking of one message goes wrong.

    Attributes:
        kind: `answer`: `says` in place of a yes. `drop`: the connection breaks. `slow`: the answer
            comes after `seconds`. `silent`: no answer comes, and after `seconds` the connection breaks.
        at: When: at `mail` (the sender), at `rcpt` (the recipient), within the `body` (then the
            message is not taken), or at `data`, once it was received whole: a message that is then
            dropped or slowly answered was taken, one that is answered otherwise was not.
        says: Three digits, and what follows.
        seconds: How slow.
    """

    kind: Literal["answer", "drop", "slow", "silent"]
    at: At = "data"
    says: str = "451 4.3.0 not now"
    seconds: float = 0.0

    @property
    def taken(self) -> bool:
        """Whether the message is delivered in spite of it."""
        return self.kind == "slow" or (self.kind in ("drop", "silent") and self.at == "data")


@dataclass(frozen=True)
class Received:
    """
    A message that was taken.

    Attributes:
        sender: Of the envelope.
        recipients: Of the envelope.
        content: Its bytes, with CRLF.
    """

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, decoded."""
        parsed = message_from_bytes(self.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        """Its text part."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""
