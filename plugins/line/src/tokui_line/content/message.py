"""The content of a LINE parcel: a text, or up to five message objects."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from tokui_line import limits
from tokui_line.content.action import QuickAction
from tokui_line.content.flex import Container
from tokui_line.content.part import Https, Part, short, within
from tokui_line.content.template import Template

Text = Annotated[str, within(limits.TEXT)]
AltText = Annotated[str, within(limits.ALT_TEXT)]


class QuickReplyItem(Part):
    """A button under the newest message."""

    type: Literal["action"] = "action"
    image_url: Https | None = None
    action: QuickAction

    @model_validator(mode="after")
    def _labelled(self) -> Self:
        if not self.action.label or len(self.action.label) > limits.LABEL:
            raise ValueError(f"a quick reply needs a label of 1 to {limits.LABEL} characters")
        return self


class QuickReply(Part):
    """Up to 13 buttons under the newest message."""

    items: Annotated[
        tuple[QuickReplyItem, ...], Field(min_length=1, max_length=limits.QUICK_REPLIES)
    ]


class Alias(Part):
    """Another name and icon for one message."""

    name: Annotated[str, short(20)] | None = None
    icon_url: Https | None = None


class _Message(Part):
    quick_reply: QuickReply | None = None
    sender: Alias | None = None


class TextMessage(_Message):
    """A text."""

    type: Literal["text"]
    text: Text


class ImageMessage(_Message):
    """An image; JPEG or PNG."""

    type: Literal["image"]
    original_content_url: Https
    preview_image_url: Https


class TemplateMessage(_Message):
    """Buttons, a question, or a carousel."""

    type: Literal["template"]
    alt_text: AltText
    template: Template


class FlexMessage(_Message):
    """A layout of one's own."""

    type: Literal["flex"]
    alt_text: AltText
    contents: Container


Message = Annotated[
    TextMessage | ImageMessage | TemplateMessage | FlexMessage, Field(discriminator="type")
]


class LineContent(Part):
    """
    What one call sends.

    Attributes:
        text: Short for one text message.
        messages: Or one to five message objects, as LINE's reference has them.
        silent: The person's device makes no sound.
    """

    text: Text | None = None
    messages: Annotated[tuple[Message, ...], Field(max_length=limits.MESSAGES)] = ()
    silent: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (not self.messages):
            raise ValueError(f"set text, or 1 to {limits.MESSAGES} messages")
        return self

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The message objects of the request."""
        if self.text is not None:
            return [{"type": "text", "text": self.text}]
        return [
            each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in self.messages
        ]
