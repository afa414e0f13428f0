"""A template's texts, with the person's words put in."""

import re
from collections.abc import Iterator
from typing import NoReturn

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import JsonValue

from tokui.config.document import meant
from tokui.config.places import Path as Keys
from tokui.errors import ConfigError
from tokui.outreach.template import Table, Template, Variant
from tokui.outreach.words import KNOWN, Words

MARKUP = frozenset({"html", "mjml"})
"""Keys whose texts are markup: what is put into them is escaped."""

GLOBALS = ("range", "dict", "namespace")


class Missing(StrictUndefined):
    """Says which word is missing, and nothing of what is there."""

    __slots__ = ()

    def _fail_with_undefined_error(self, *args: object, **kwargs: object) -> NoReturn:
        raise MissingWord(str(self._undefined_name))

    __str__ = __iter__ = __len__ = __bool__ = __eq__ = __ne__ = __hash__ = (
        _fail_with_undefined_error
    )


class Unwritten(ConfigError):
    """The words cannot be made for this person; they may be for others."""


class MissingWord(TemplateError):
    """
    A word is not known of this person, or of nobody.

    Attributes:
        word: As the template has it.
    """

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def render(template: Template, variant: Variant, words: Words) -> Table:
    """
    Every text of a variant with the words in it; all else stays as it is.

    Raises:
        Unwritten: A word is not known of this person; says which and where, never what is there.
        ConfigProblems: A text is no template.
    """
    return {
        key: _value(template, (*variant.keys, key), value, words)
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
            asked = meta.find_undeclared_variables(_environment(keys).parse(text))
        except TemplateSyntaxError as error:
            raise template.mistake(keys, f"{error.message}", error.lineno) from None
        for name in sorted(asked.difference(KNOWN)):
            line = next(n for n, row in enumerate(text.split("\n"), 1) if name in row)
            raise template.mistake(keys, f"there is no word `{name}`{meant(name, KNOWN)}", line)


def _value(template: Template, keys: Keys, value: JsonValue, words: Words) -> JsonValue:
    if isinstance(value, str):
        return _text(template, keys, value, words)
    if isinstance(value, list):
        return [_value(template, (*keys, n), each, words) for n, each in enumerate(value)]
    if isinstance(value, dict):
        return {key: _value(template, (*keys, key), each, words) for key, each in value.items()}
    return value


def _text(template: Template, keys: Keys, text: str, words: Words) -> str:
    try:
        return _environment(keys).from_string(text).render(words)
    except TemplateSyntaxError as error:
        raise template.mistake(keys, f"{error.message}", error.lineno) from None
    except Exception as error:
        what, line = _said(error, text), _line(error)
    raise Unwritten(str(template.mistake(keys, what, line)))


def _said(error: Exception, text: str) -> str:
    """What went wrong, in words of the template only."""
    if isinstance(error, MissingWord):
        written = re.search(rf"(?<!\w){re.escape(error.word)}(?!\w)", text)
        return f"`{error.word}` is not known of this person" if written else "a word is not known"
    return f"it cannot be filled in ({type(error).__name__})"


def _line(error: BaseException) -> int:
    """The line of the template at which it was raised."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _environment(keys: Keys) -> ImmutableSandboxedEnvironment:
    return _MARKUP if keys[-1] in MARKUP else _PLAIN


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
