"""Template messages: buttons, a question, columns, images."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tokui_line import limits
from tokui_line.content.action import Action, Button, Caption
from tokui_line.content.part import Colour, Https, Part, short

Title = Annotated[str, short(limits.TITLE)]
Ratio = Literal["rectangle", "square"]
Fit = Literal["cover", "contain"]


class _Card(Part):
    thumbnail_image_url: Https | None = None
    image_background_color: Colour | None = None
    title: Title | None = None
    default_action: Action | None = None

    @property
    def crowded(self) -> bool:
        """A title or an image leaves less room for the text."""
        return bool(self.title or self.thumbnail_image_url)


class ButtonsTemplate(_Card):
    """A text with up to four buttons."""

    type: Literal["buttons"]
    image_aspect_ratio: Ratio | None = None
    image_size: Fit | None = None
    text: Annotated[str, short(limits.BUTTONS_TEXT)]
    actions: Annotated[tuple[Button, ...], Field(min_length=1, max_length=limits.BUTTONS)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _check_room(self, self.text)
        return self


class ConfirmTemplate(Part):
    """A question with two answers."""

    type: Literal["confirm"]
    text: Annotated[str, short(limits.CONFIRM_TEXT)]
    actions: Annotated[tuple[Button, ...], Field(min_length=2, max_length=2)]


class Column(_Card):
    """One card of a carousel."""

    text: Annotated[str, short(limits.COLUMN_TEXT)]
    actions: Annotated[tuple[Button, ...], Field(min_length=1, max_length=limits.COLUMN_BUTTONS)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _check_room(self, self.text)
        return self


class CarouselTemplate(Part):
    """Cards side by side, all of one build."""

    type: Literal["carousel"]
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=limits.COLUMNS)]
    image_aspect_ratio: Ratio | None = None
    image_size: Fit | None = None

    @model_validator(mode="after")
    def _alike(self) -> Self:
        builds = {
            (len(each.actions), bool(each.title), bool(each.thumbnail_image_url))
            for each in self.columns
        }
        if len(builds) > 1:
            raise ValueError(
                "all columns need as many buttons, and all or none a title or an image"
            )
        return self


class ImageColumn(Part):
    """One image of an image carousel."""

    image_url: Https
    action: Caption


class ImageCarouselTemplate(Part):
    """Images side by side."""

    type: Literal["image_carousel"]
    columns: Annotated[tuple[ImageColumn, ...], Field(min_length=1, max_length=limits.COLUMNS)]


Template = Annotated[
    ButtonsTemplate | ConfirmTemplate | CarouselTemplate | ImageCarouselTemplate,
    Field(discriminator="type"),
]


def _check_room(card: _Card, text: str) -> None:
    if card.crowded and len(text) > limits.SHORT_TEXT:
        raise ValueError(
            f"{len(text)} characters, and LINE takes {limits.SHORT_TEXT} beside a title or an image"
        )
