"""
What has been read of which file: the cursor of both streams.

A file is known by what is in it. The same content is never read twice; a file that begins as what was
read of it goes on from its last record; any other is read whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import IO, Protocol

from pydantic import JsonValue, TypeAdapter, ValidationError
from tokui.connector import Cursor

CHUNK = 1 << 20


class Hash(Protocol):
    """A running hash that can be forked."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""

    def copy(self) -> "Hash":
        """Fork it."""

    def hexdigest(self) -> str:
        """The hash so far."""


def new_hash() -> Hash:
    """The hash that marks are made with."""
    return blake2b(digest_size=16)


@dataclass(frozen=True, slots=True)
class Content:
    """
    What is in a file now.

    Attributes:
        whole: Hash of all bytes.
        lines: Line ends in it.
        modified_us: Last change of the file, microseconds since 1970.
    """

    whole: str
    lines: int
    modified_us: int

    def done(self) -> "Mark":
        """The mark of a content of which nothing more is read."""
        return Mark(self.whole, self.lines, self.modified_us, done=True)

    def shortens(self, before: "Mark | None", head: str) -> bool:
        """Is it, with this head, what is left of what was read before?"""
        if before is None or before.whole == self.whole:
            return before is not None and before.shorter
        return self.lines < before.lines and head in ("", before.head)


@dataclass(frozen=True, slots=True)
class Mark:
    """
    How far one content has been read.

    Attributes:
        whole: Hash of the content; a refused file has its reason here.
        lines: Line ends in it.
        modified_us: Last change of the file when it was read, microseconds since 1970.
        done: Nothing of it is left to read.
        shorter: It was read as what is left of a longer content.
        head: Hash of its beginning, up to the end of the first row.
        at: Bytes that are done with: a record that could still grow lies behind them.
        line: Number of the line that begins there.
        seen: Bytes that must be the same for that to hold: the first row behind `at`, which ended the
            record before it, is among them.
        seen_hash: Hash of those bytes.
        encoding: What those bytes were read as.
    """

    whole: str
    lines: int = 0
    modified_us: int = 0
    done: bool = False
    shorter: bool = False
    head: str = ""
    at: int = 0
    line: int = 1
    seen: int = 0
    seen_hash: str = ""
    encoding: str = ""


_MARKS = TypeAdapter(dict[str, Mark])


class Progress:
    """
    The marks of one stream, by name of file.

    Args:
        cursor: As stored; None, or one made under other settings, begins anew.
        settings: Fingerprint of all that decides what a file means.
    """

    def __init__(self, cursor: Cursor | None, settings: str) -> None:
        self._settings = settings
        self._before = _restore(cursor, settings)
        self.marks = dict(self._before)

    def mark(self, name: str, content: Content) -> Mark | None:
        """
        What is known of the file.

        A name that is new, or has new content, may be another's that was renamed, or a copy of it. One that
        was changed later is not taken for it: what it says is said anew.
        """
        own = self.marks.get(name)
        if own and own.whole == content.whole:
            return own
        known = (*self._before.values(), *self.marks.values())
        same = (each for each in known if each.whole == content.whole)
        return next((each for each in same if each.modified_us >= content.modified_us), own)

    def put(self, name: str, mark: Mark | None) -> None:
        """Remember this of the file; None: nothing."""
        if mark:
            self.marks[name] = mark
        else:
            self.marks.pop(name, None)

    def keep(self, names: Iterable[str]) -> None:
        """Forget files that have left the folder; should they come back, they are read again."""
        present = set(names)
        self.marks = {name: mark for name, mark in self.marks.items() if name in present}

    def cursor(self) -> dict[str, JsonValue]:
        """What the core stores."""
        files: dict[str, JsonValue] = {name: asdict(mark) for name, mark in self.marks.items()}
        return {"settings": self._settings, "files": files}


def _restore(cursor: Cursor | None, settings: str) -> Mapping[str, Mark]:
    if cursor is None or cursor.get("settings") != settings:
        return {}
    try:
        return _MARKS.validate_python(cursor.get("files"))
    except ValidationError:
        return {}


def survey(source: IO[bytes], modified_us: int) -> Content:
    """Look at all of a file once."""
    running, lines = new_hash(), 0
    while chunk := source.read(CHUNK):
        running.update(chunk)
        lines += chunk.count(b"\n")
    return Content(running.hexdigest(), lines, modified_us)


def begun(source: IO[bytes], size: int) -> Hash:
    """The running hash of the first `size` bytes."""
    source.seek(0)
    running = new_hash()
    while size > 0 and (chunk := source.read(min(CHUNK, size))):
        running.update(chunk)
        size -= len(chunk)
    return running
