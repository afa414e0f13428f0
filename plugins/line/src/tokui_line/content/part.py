"""What all parts of a message are made of, and the texts and addresses in them."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

from tokui_line import limits


class Part(BaseModel):
    """
    A part of a message: its fields are LINE's, in camel case or in Python's way.

    Unknown fields are refused, and no error quotes what was written.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


def units(text: str) -> int:
    """Length as LINE counts it: UTF-16 code units, two for most emoji and some kanji."""
    return len(text.encode("utf-16-le")) // 2


def written(text: str) -> str:
    """Refuse a text that shows nothing."""
    if not text.strip():
        raise ValueError("the text is empty")
    return text


def within(limit: int) -> AfterValidator:
    """At most so many UTF-16 code units."""

    def check(text: str) -> str:
        if units(text) > limit:
            raise ValueError(f"{units(text)} characters, and LINE takes {limit}")
        return written(text)

    return AfterValidator(check)


def short(limit: int) -> AfterValidator:
    """
    At most so many code points.

    LINE counts these fields in grapheme clusters, of which a text never has more.
    """

    def check(text: str) -> str:
        if len(text) > limit:
            raise ValueError(f"{len(text)} characters, and LINE takes {limit}")
        return written(text)

    return AfterValidator(check)


Https = Annotated[
    str, StringConstraints(pattern=r"^https://[!-~]+$", max_length=limits.URL, strict=True)
]
"""Address of an image, percent-encoded."""

Uri = Annotated[
    str,
    StringConstraints(
        pattern=r"^(https?://|line://|tel:)[!-~]+$", max_length=limits.URI, strict=True
    ),
]
"""What a tap opens, percent-encoded."""

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
"""Such as `#FFFFFF`."""
