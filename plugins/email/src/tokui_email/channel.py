"""What every way of sending e-mail has in common."""

from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel
from tokui.connector import Channel, Connector
from tokui.model import Purpose

from tokui_email.content import EmailContent
from tokui_email.letter import Letterhead
from tokui_email.settings import MailSettings

M = TypeVar("M", bound=MailSettings)


class MailChannel(Connector[M], Channel):
    """Sends letters, each to one address."""

    Content = EmailContent
    reaches = "email"

    @cached_property
    def letterhead(self) -> Letterhead:
        """What all its letters share."""
        return Letterhead(self.name, self.settings, self.ctx.sender)

    def objection(self, content: BaseModel, purpose: Purpose, language: str) -> str | None:
        """What 特定電子メール法 has against it."""
        assert isinstance(content, EmailContent)  # noqa: S101 - the core validated it
        return self.letterhead.objection(content, purpose, language)

    def preview(self, content: BaseModel, purpose: Purpose, language: str) -> str:
        """Subject and text, with the notice below."""
        assert isinstance(content, EmailContent)  # noqa: S101 - the core validated it
        return self.letterhead.preview(content, purpose, language)
