"""What a tap does."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tokui_line import limits
from tokui_line.content.part import Part, Uri, short, within

Label = Annotated[str, short(2 * limits.LABEL)]
Said = Annotated[str, short(limits.POSTBACK)]
Data = Annotated[str, within(limits.POSTBACK)]


class Desktop(Part):
    """Another address for LINE on a computer."""

    desktop: Uri


class UriAction(Part):
    """Opens an address."""

    type: Literal["uri"]
    uri: Uri
    label: Label | None = None
    alt_uri: Desktop | None = None


class MessageAction(Part):
    """Says something in the person's name."""

    type: Literal["message"]
    text: Said
    label: Label | None = None


class PostbackAction(Part):
    """Comes back as a postback event."""

    type: Literal["postback"]
    data: Data
    label: Label | None = None
    display_text: Said | None = None
    text: Said | None = None
    input_option: Literal["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"] | None = (
        None
    )
    fill_in_text: Said | None = None

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        if self.text and self.display_text:
            raise ValueError("set displayText or text, not both")
        return self


class DatetimeAction(Part):
    """Lets the person pick a moment, which comes back as a postback event."""

    type: Literal["datetimepicker"]
    data: Data
    mode: Literal["date", "time", "datetime"]
    label: Label | None = None
    initial: str | None = None
    max: str | None = None
    min: str | None = None


class ClipboardAction(Part):
    """Copies a text."""

    type: Literal["clipboard"]
    clipboard_text: Annotated[str, within(limits.CLIPBOARD)]
    label: Label | None = None


class ToolAction(Part):
    """Opens the camera, the photos or the map; for quick replies only."""

    type: Literal["camera", "cameraRoll", "location"]
    label: Label


Action = Annotated[
    UriAction | MessageAction | PostbackAction | DatetimeAction | ClipboardAction,
    Field(discriminator="type"),
]
QuickAction = Annotated[Action | ToolAction, Field(discriminator="type")]


def labelled(action: Action) -> Action:
    """Refuse a button without a label, or with a long one."""
    if action.label is None:
        raise ValueError("a button needs a label")
    return _labelled(action, limits.LABEL)


def captioned(action: Action) -> Action:
    """Refuse a long label on an image of an image carousel."""
    return _labelled(action, limits.IMAGE_LABEL)


def _labelled(action: Action, limit: int) -> Action:
    if action.label and len(action.label) > limit:
        raise ValueError(f"the label has {len(action.label)} characters, and LINE takes {limit}")
    return action


Button = Annotated[Action, AfterValidator(labelled)]
Caption = Annotated[Action, AfterValidator(captioned)]


def labels(actions: Sequence[Action]) -> list[str]:
    """What is written on buttons."""
    return [action.label for action in actions if action.label]
