"""
What has been read of which content: the cursor of both streams.

A file is known by what is in it. Its mark holds the hash of the part that was read and, once the file
is done with, of all of it; name and inode are for people. So a renamed copy costs nothing, a file that
grew goes on where it stood, and a rewritten one is read whole.
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
class Mark:
    """
    How far one content has been read.

    Attributes:
        at: Bytes that are done with, for ever: a record that could still grow lies behind them.
        at_hash: Hash of those bytes.
        line: Number of the line that begins there.
        encoding: What those bytes were read as.
        size: Bytes of the whole content.
        whole: Hash of the whole content, once it is done with; a refused file has its reason here.
        since_us: Last change of the file when its first byte was read, microseconds since 1970: no
            record of it is stored with an older version.
        older_us: Set while a file is read that has become shorter: the version of its last record,
            which may have been cut, and then must not replace what is stored.
    """

    at: int = 0
    at_hash: str = ""
    line: int = 1
    encoding: str = ""
    size: int = 0
    whole: str = ""
    since_us: int = 0
    older_us: int = 0


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
        self.marks = _restore(cursor, settings)
        self._before = tuple(self.marks.values())

    def known(self) -> Iterable[Mark]:
        """All marks of earlier runs and of this one."""
        return {*self._before, *self.marks.values()}

    def keep(self, names: Iterable[str]) -> None:
        """Forget files that have left the folder; should they come back, they are read again."""
        present = set(names)
        self.marks = {name: mark for name, mark in self.marks.items() if name in present}

    def cursor(self) -> dict[str, JsonValue]:
        """What the core stores."""
        files: dict[str, JsonValue] = {name: asdict(mark) for name, mark in self.marks.items()}
        return {"settings": self._settings, "files": files}


def _restore(cursor: Cursor | None, settings: str) -> dict[str, Mark]:
    if cursor is None or cursor.get("settings") != settings:
        return {}
    try:
        return _MARKS.validate_python(cursor.get("files"))
    except ValidationError:
        return {}


def digest(source: IO[bytes], size: int) -> str:
    """Hash of the first `size` bytes."""
    return next(iter(hashes(source, [size]).values())).hexdigest()


def hashes(source: IO[bytes], lengths: Iterable[int]) -> Mapping[int, Hash]:
    """The running hash after each of these numbers of bytes; a shorter file ends it early."""
    source.seek(0)
    running, at, found = new_hash(), 0, {}
    for length in sorted(set(lengths)):
        while at < length and (chunk := source.read(min(CHUNK, length - at))):
            running.update(chunk)
            at += len(chunk)
        found[length] = running.copy()
    return found


def resume(source: IO[bytes], size: int, encoding: str, known: Iterable[Mark]) -> tuple[Mark, Hash]:
    """The mark of the longest beginning of this content that was read before, and its hash."""
    fitting = [mark for mark in known if 0 < mark.at <= size and mark.encoding == encoding]
    found = hashes(source, [mark.at for mark in fitting])
    same = [mark for mark in fitting if found[mark.at].hexdigest() == mark.at_hash]
    if not same:
        return Mark(encoding=encoding), new_hash()
    best = max(same, key=lambda mark: mark.at)
    return best, found[best.at]
