"""A template's texts, with the person's words put in."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from jinja2 import ChainableUndefined, StrictUndefined, meta
from jinja2 import Template as Compiled
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, JsonValue

from tokui.config.places import Path as Keys
from tokui.config.problem import meant
from tokui.outreach.template import Template, Variant
from tokui.outreach.words import KNOWN, Words

GLOBALS = ("range", "dict", "namespace")


class Missing(ChainableUndefined, StrictUndefined):
    """Says which word is missing, and nothing of what is there; a part of it is missing with it."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name)


def render(
    template: Template, variant: Variant, words: Words, content: type[BaseModel]
) -> dict[str, JsonValue]:
    """
    Every text of a variant with the words in it; all else stays as it is.

    Args:
        content: The channel's `Content`: into fields that it calls markup, words are put escaped.

    Raises:
        Unwritten: A word is not known of this person; says which and where, never what is there.
        ConfigProblems: A text is no template.
    """
    markup = markup_of(content)
    return {
        key: _Filling(template, words, _MARKUP if key in markup else _PLAIN).value(
            (*variant.keys, key), value
        )
        for key, value in variant.content.items()
    }


def check(template: Template) -> None:
    """
    Look at every text of the file, before anybody's words are put in.

    Raises:
        ConfigProblems: A text is no template, or asks for a word that nobody has.
    """
    for keys, text in _texts((), template.document.data):
        try:
            asked = meta.find_undeclared_variables(_PLAIN.parse(text))
        except TemplateSyntaxError as error:
            raise template.mistake(keys, f"{error.message}", error.lineno) from None
        for name in sorted(asked.difference(KNOWN)):
            line = next(n for n, row in enumerate(text.split("\n"), 1) if name in row)
            raise template.mistake(keys, f"there is no word `{name}`{meant(name, KNOWN)}", line)


def markup_of(content: type[BaseModel]) -> frozenset[str]:
    """Fields whose schema says `markup`."""
    fields = content.model_fields.items()
    return frozenset(
        name
        for name, field in fields
        if isinstance(said := field.json_schema_extra, dict) and said.get("markup") is True
    )


class _Filling(NamedTuple):
    template: Template
    words: Words
    sandbox: ImmutableSandboxedEnvironment

    def value(self, keys: Keys, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return self.text(keys, value)
        if isinstance(value, list):
            return [self.value((*keys, number), each) for number, each in enumerate(value)]
        if isinstance(value, dict):
            return {key: self.value((*keys, key), each) for key, each in value.items()}
        return value

    def text(self, keys: Keys, text: str) -> str:
        try:
            return _compiled(self.sandbox, text).render(self.words)
        except TemplateSyntaxError as error:
            raise self.template.mistake(keys, f"{error.message}", error.lineno) from None
        except Exception as error:
            what, line = _said(error, text), _line(error)
        raise self.template.unwritten(keys, what, line)


@lru_cache(256)
def _compiled(sandbox: ImmutableSandboxedEnvironment, text: str) -> Compiled:
    return sandbox.from_string(text)


def _said(error: Exception, text: str) -> str:
    """What went wrong, in words of the template only."""
    if isinstance(error, UndefinedError | SecurityError):
        word = str(error.message)
        written = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
        return f"`{word}` is not known of this person" if written else "a word is not known"
    return f"it cannot be filled in ({type(error).__name__})"


def _line(error: BaseException) -> int:
    """The line of the template at which it was raised."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _sandbox(autoescape: bool) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=Missing, autoescape=autoescape, trim_blocks=True, lstrip_blocks=True
    )
    made.globals = {name: made.globals[name] for name in GLOBALS}
    return made


_PLAIN, _MARKUP = _sandbox(False), _sandbox(True)


def _texts(keys: Keys, value: JsonValue) -> Iterator[tuple[Keys, str]]:
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts((*keys, number), each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts((*keys, key), each)
