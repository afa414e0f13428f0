"""
Message templates: one TOML file for each, beside tokui.toml.

    purpose = "marketing"
    topic = "birthday"                  # if consent is asked for it by itself

    [line_user_id.ja]                   # what the channel is reached by, and the language
    text = "{{ name.family }}様 …"

    [line_user_id.ja.casual]            # the same in another tone
    text = "{{ name.given }}さん …"

A table has the fields of the channel's `Content`. Every text in it is a Jinja template; its words are
those of `tokui.outreach.words`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast, get_args

from pydantic import BaseModel, JsonValue

from tokui.config.document import Document, read_document
from tokui.config.places import Path as Keys
from tokui.config.problem import ConfigProblems, meant
from tokui.errors import ConfigError
from tokui.model import Purpose, Reach

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
REACHES: tuple[Reach, ...] = get_args(Reach)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")

Table = Mapping[str, JsonValue]


class Unwritten(ConfigError):
    """The words cannot be made for this person and this channel; they may be for others."""


class Variant(NamedTuple):
    """
    One table of a template.

    Attributes:
        keys: Where it stands.
        language: BCP 47, as the table says.
        content: What is to become the channel's `Content`.
    """

    keys: Keys
    language: str
    content: Table


@dataclass(frozen=True, slots=True)
class Template:
    """
    A template as it is written.

    Attributes:
        name: Of the file, without its ending.
        purpose: What its messages are for.
        topic: The narrower subject.
        document: The file; it knows where everything stands.
    """

    name: str
    purpose: Purpose
    topic: str | None
    document: Document

    @property
    def reaches(self) -> tuple[Reach, ...]:
        """The kinds of contact point that it has words for."""
        return tuple(kind for kind in REACHES if kind in self.document.data)

    def variant(
        self,
        content: type[BaseModel],
        reaches: Reach,
        language: str,
        tone: str | None,
        *,
        exact: bool = False,
    ) -> Variant:
        """
        Choose the table.

        Args:
            content: The channel's `Content`: a table in a table that is none of its fields is a tone.
            reaches: What the channel is reached by.
            language: Else the language without its region, else the first of the file.
            tone: None takes the plain words.
            exact: The language must be there.

        Raises:
            Unwritten: There are no such words.
        """
        keys: Keys = (reaches,)
        languages = self._table(keys)
        spoken = _spoken(language, languages, exact)
        if spoken is None:
            raise self.unwritten(keys, f"no words in `{language}`{meant(language, languages)}")
        keys = (*keys, spoken)
        own, tones = _apart(self._table(keys), content)
        if tone is not None:
            if tone not in tones:
                raise self.unwritten(keys, f"no tone `{tone}`{meant(tone, tones)}")
            keys, own = (*keys, tone), self._table((*keys, tone))
        if not own:
            raise self.unwritten(keys, f"no plain words, only tones{meant('', tones)}")
        return Variant(keys, spoken, own)

    def mistake(self, keys: Keys, what: str, line: int = 1) -> ConfigProblems:
        """An error that points at a place of the file."""
        document = Document(self.document.path, self.document.text, self.document.data, {})
        document.problem(keys, what, line=line)
        return ConfigProblems(document.problems)

    def unwritten(self, keys: Keys, what: str, line: int = 1) -> Unwritten:
        """The same, where another person or channel may have better luck."""
        return Unwritten(str(self.mistake(keys, what, line)))

    def _table(self, keys: Keys) -> Table:
        table: JsonValue = self.document.data
        for key in keys:
            table = table.get(str(key), {}) if isinstance(table, dict) else {}
        if not isinstance(table, dict):
            raise self.mistake(keys, f"`{keys[-1]}` must be a table")
        return table


def read_template(folder: Path, name: str) -> Template:
    """
    Read `NAME.toml` of the folder.

    Raises:
        ConfigError: There is no such template, or its file is not built like one.
    """
    path = folder / f"{name}.toml"
    if not (_NAME.fullmatch(name) and path.is_file()):
        known = {each.stem for each in folder.glob("*.toml")}
        raise ConfigError(
            f"there is no template `{name}`{meant(name, known)}",
            who=str(folder),
            todo=f"write one there, as {name if _NAME.fullmatch(name) else 'birthday'}.toml",
        )
    document = read_document(path, {})
    for keys, what in _mistakes(document.data):
        document.problem(keys, what)
    document.check()
    data = document.data
    return Template(
        name, cast("Purpose", data["purpose"]), cast("str | None", data.get("topic")), document
    )


def _mistakes(data: Table) -> Iterator[tuple[Keys, str]]:
    for key in data:
        if key not in (known := ("purpose", "topic", *REACHES)):
            yield (key,), f"unknown key `{key}`{meant(key, known)}"
    if data.get("purpose") not in PURPOSES:
        yield ("purpose",), f"`purpose` is one of {', '.join(PURPOSES)}"
    if not isinstance(data.get("topic", ""), str):
        yield ("topic",), "`topic` is a word"
    if not any(kind in data for kind in REACHES):
        yield (), "it has no words; write some below [email.ja] or [line_user_id.ja]"


def _spoken(language: str, languages: Table, exact: bool) -> str | None:
    for each in (language, language.partition("-")[0]):
        if each in languages:
            return each
    return None if exact else next(iter(languages), None)


def _apart(table: Table, content: type[BaseModel]) -> tuple[Table, Table]:
    """A table's own content, and the tones in it."""
    fields = content.model_fields.items()
    names = {name for key, field in fields for name in (key, field.alias) if name}
    tones = {
        key: value for key, value in table.items() if isinstance(value, dict) and key not in names
    }
    return {key: value for key, value in table.items() if key not in tones}, tones
