"""What a template, or a member of staff, says in an e-mail."""

import re
from typing import Annotated, Any

import mrml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

BODY_END = re.compile(r"</mj-body\s*>(?=\s*</mjml\s*>\s*\Z)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Fonts are named, never fetched: opening a letter tells nobody but the shop's own pictures.
_RENDER = mrml.RenderOptions(fonts={})


def rendered(mjml: str) -> str:
    """
    HTML of an MJML document. Nothing is included from files or the network.

    Raises:
        ValueError: It is no MJML; the message does not quote it.
    """
    try:
        return mrml.to_html(mjml, None, _RENDER).content
    except OSError:
        raise ValueError("is no MJML: look for tags that are not closed") from None


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("must be one line, without control characters")
    return text


def _sendable(text: str) -> str:
    if _UNSENDABLE.search(text):
        raise ValueError("holds control characters")
    return text


def _whole(mjml: str) -> str:
    if not BODY_END.search(mjml):
        raise ValueError("must end with </mj-body></mjml>: the notice of who sends it goes there")
    rendered(mjml)
    return mjml


MARKUP: dict[str, Any] = {"markup": True}
"""Says of a field that values put into it must be escaped."""


class EmailContent(BaseModel):
    """
    One e-mail, whole but for what the channel adds: the notice of who sends it, and the headers.

    Attributes:
        subject: One line.
        text: The text part; every e-mail has one.
        mjml: The HTML part, in MJML. Values that are put into it are escaped (`markup` in the schema).
        promotional: It advertises something, so it is marketing, whatever else it says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    subject: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
        AfterValidator(_one_line),
    ]
    text: Annotated[
        str, StringConstraints(min_length=1, max_length=100_000), AfterValidator(_sendable)
    ]
    mjml: Annotated[
        Annotated[
            str,
            StringConstraints(max_length=300_000),
            AfterValidator(_sendable),
            AfterValidator(_whole),
        ]
        | None,
        Field(json_schema_extra=MARKUP),
    ] = None
    promotional: bool = False
