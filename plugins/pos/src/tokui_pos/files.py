"""The CSV files of a folder, and in the zips there. Nothing is unpacked to disk."""

import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO
from unicodedata import normalize
from zipfile import BadZipFile, ZipFile, ZipInfo

from tokui.errors import Unavailable

from tokui_pos.rows import Unopened

MAX_RATIO = 100
MAX_MEMBERS = 1000
_ARCHIVES = {".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz", ".lzh", ".zst"}


@dataclass(frozen=True, slots=True)
class Export:
    """
    One exported file.

    Attributes:
        name: Its name in the folder; `sales.zip/april.csv` inside a zip.
        path: The file, or its zip.
        member: Its index in the zip.
        size: Bytes, unpacked.
        modified_us: Last change of the file or zip, microseconds since 1970.
        refused: Why it is not read.
    """

    name: str
    path: Path
    member: int | None
    size: int
    modified_us: int
    refused: str | None = None

    def quiet_s(self, now: datetime) -> float:
        """Seconds between the last change and now; a clock that runs ahead counts the same way."""
        return abs(now.timestamp() - self.modified_us / 1e6)

    def changed(self) -> bool:
        """Somebody has written to it, or taken it away, since it was listed."""
        try:
            found = self.path.stat()
        except OSError:
            return True
        return found.st_mtime_ns // 1000 != self.modified_us or (
            self.member is None and found.st_size != self.size
        )

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """
        The bytes, seekable.

        Raises:
            Unopened: Now or while it is read: no permission, a broken zip.
        """
        try:
            with self._source() as source:
                yield source
        except (OSError, BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise Unopened(f"cannot be read ({type(error).__name__})") from None

    @contextmanager
    def _source(self) -> Iterator[IO[bytes]]:
        if self.member is None:
            with self.path.open("rb") as source:
                yield source
        else:
            with (
                ZipFile(self.path) as archive,
                archive.open(archive.infolist()[self.member]) as source,
            ):
                yield source


def listed(folder: Path, max_bytes: int) -> list[Export]:
    """
    All files in the folder, those inside zips too, oldest change first.

    Raises:
        Unavailable: The folder is not there or cannot be listed.
    """
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise Unavailable(
            f"the folder of exports cannot be listed ({type(error).__name__})",
            todo="check that `folder` is right and mounted, and may be read",
        ) from None
    found = [export for path in paths for export in _exports(path, max_bytes)]
    return sorted(found, key=lambda export: (export.modified_us, export.name))


def matching(exports: Sequence[Export], patterns: Sequence[str]) -> list[Export]:
    """Those whose own name fits a pattern; letter case and Unicode form do not count."""
    folded = [_fold(pattern) for pattern in patterns]
    return [
        export
        for export in exports
        if any(fnmatchcase(_fold(export.name.rpartition("/")[2]), pattern) for pattern in folded)
    ]


def refused_archives(exports: Sequence[Export]) -> list[Export]:
    """Archives that are not looked into; what they hold could belong to any stream."""
    return [
        export
        for export in exports
        if export.refused and PurePosixPath(export.name).suffix.lower() in _ARCHIVES
    ]


def transcoded(source: IO[bytes]) -> IO[bytes]:
    """A UTF-16 file as UTF-8, in memory; an unfinished last character is left out."""
    source.seek(0)
    raw = source.read()
    text = raw[: len(raw) // 2 * 2].decode("utf-16", "surrogatepass")
    cut = -1 if text and "\ud800" <= text[-1] <= "\udbff" else len(text)
    return BytesIO(text[:cut].encode("utf-8", "surrogatepass"))


def _fold(name: str) -> str:
    return normalize("NFC", name).casefold()


def _exports(path: Path, max_bytes: int) -> Iterator[Export]:
    name = normalize("NFC", path.name)
    try:
        found = path.stat()
    except OSError:
        return
    if not stat.S_ISREG(found.st_mode) or name.startswith((".", "~$")):
        return
    modified_us = found.st_mtime_ns // 1000
    if name.lower().endswith(".zip"):
        yield from _members(name, path, modified_us, max_bytes)
        return
    refused = "is larger than `max_file_bytes`" if found.st_size > max_bytes else None
    yield Export(name, path, None, found.st_size, modified_us, refused)


def _members(name: str, path: Path, modified_us: int, max_bytes: int) -> Iterator[Export]:
    whole = Export(name, path, None, path.stat().st_size, modified_us)
    try:
        with ZipFile(path) as archive:
            infos = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        yield _refuse(whole, "is not a zip that can be read")
        return
    if len(infos) > MAX_MEMBERS:
        yield _refuse(whole, f"holds more than {MAX_MEMBERS} files")
    elif sum(info.file_size for info in infos) > max_bytes:
        yield _refuse(whole, "holds more than `max_file_bytes`")
    else:
        for index, info in enumerate(infos):
            if not info.is_dir():
                inside = f"{name}/{_decoded(info)}"
                yield Export(inside, path, index, info.file_size, modified_us, _unsafe(info))


def _refuse(export: Export, reason: str) -> Export:
    return Export(export.name, export.path, None, export.size, export.modified_us, refused=reason)


def _unsafe(info: ZipInfo) -> str | None:
    name = PurePosixPath(info.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or PureWindowsPath(info.filename).drive:
        return "has a path that leads out of its zip"
    if name.suffix.lower() in _ARCHIVES:
        return "is an archive inside an archive"
    if info.flag_bits & 1:
        return "is encrypted"
    if info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"is packed more than {MAX_RATIO} times"
    return None


def _decoded(info: ZipInfo) -> str:
    """Windows packs Japanese names in CP932 without saying so; zipfile then reads them as CP437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return info.filename


def moment(modified_us: int) -> datetime:
    """Microseconds since 1970 as a time."""
    return datetime.fromtimestamp(modified_us / 1e6, UTC)
