"""What the person will read, as plain text."""

from collections.abc import Iterator

from tokui_line.content.action import labels
from tokui_line.content.flex import texts
from tokui_line.content.message import (
    FlexMessage,
    ImageMessage,
    LineContent,
    Message,
    TemplateMessage,
    TextMessage,
)
from tokui_line.content.template import (
    ButtonsTemplate,
    CarouselTemplate,
    Column,
    ConfirmTemplate,
    ImageCarouselTemplate,
)

IMAGE = {"ja": "[画像]", "en": "[image]"}


def preview(content: LineContent, language: str) -> str:
    """
    Every text and label, top down; an image is named.

    Args:
        content: To show.
        language: BCP 47; English unless it is Japanese.
    """
    if content.text is not None:
        return content.text
    image = IMAGE["ja" if language.startswith("ja") else "en"]
    return "\n\n".join("\n".join(_lines(each, image)) for each in content.messages)


def _lines(message: Message, image: str) -> Iterator[str]:
    match message:
        case TextMessage():
            yield message.text
        case ImageMessage():
            yield f"{image} {message.original_content_url}"
        case TemplateMessage():
            yield from _template(message, image)
        case FlexMessage():
            yield from texts(dict(message.contents))


def _template(message: TemplateMessage, image: str) -> Iterator[str]:
    match message.template:
        case ConfirmTemplate(text=text, actions=actions):
            yield text
            yield from (f"[{label}]" for label in labels(actions))
        case CarouselTemplate(columns=columns):
            for column in columns:
                yield from _card(column, image)
        case ImageCarouselTemplate(columns=images):
            for each in images:
                yield " ".join([image, each.image_url, *labels([each.action])])
        case ButtonsTemplate() as buttons:
            yield from _card(buttons, image)


def _card(card: ButtonsTemplate | Column, image: str) -> Iterator[str]:
    if card.thumbnail_image_url:
        yield f"{image} {card.thumbnail_image_url}"
    if card.title:
        yield card.title
    yield card.text
    yield from (f"[{label}]" for label in labels(card.actions))
