"""A record on its way into the store: its canonical form, and its fate beside what is there."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from tokui.errors import SkipItem
from tokui.model import Order, Record

LONE_SURROGATES = "the text has lone surrogates"
NUL = "the text has NUL characters"
MAX_RECORD_BYTES = 1_000_000
MAX_KEY = 640
BIGGEST = 2**63 - 1


class Entry(NamedTuple):
    """
    A record, ready to be stored.

    Attributes:
        key: `Record.external_id`.
        version: `Record.version_us`.
        text: Canonical JSON.
        hash: 64 bits of it, the version left out: what is read again is the same.
    """

    record: Record
    key: str
    version: int | None
    text: str
    hash: int


class Stored(NamedTuple):
    """What the store knows of a key."""

    id: int
    version: int | None
    hash: int
    gone_at: int | None


def entry(record: Record) -> Entry:
    """
    Bring a record into its canonical form.

    Raises:
        SkipItem: It cannot be stored: too large, or with characters that no database takes.
    """
    try:
        data = record.__pydantic_serializer__.to_json(record, exclude_none=True)
    except ValueError:
        raise SkipItem(LONE_SURROGATES, todo="fix its encoding at the source") from None
    if b"\\u0000" in data:
        raise SkipItem(NUL, todo="remove them at the source")
    if len(data) > MAX_RECORD_BYTES:
        raise SkipItem(f"larger than {MAX_RECORD_BYTES:,} bytes", todo="shorten it at the source")
    key, version = record.external_id, record.version_us
    if len(key) > MAX_KEY:
        raise SkipItem(f"the key is longer than {MAX_KEY} characters", todo="shorten it")
    if version is not None and version > BIGGEST:
        raise SkipItem("the version has more than 63 bits", todo="take a smaller sequence")
    if isinstance(record, Order) and abs(record.spent.amount_minor) > BIGGEST:
        raise SkipItem("the amount has more than 63 bits", todo="correct it at the source")
    return Entry(record, key, version, data.decode(), hash64(_timeless(data)))


def askable(text: str) -> str:
    """A text that may be looked for: in the place of what no database takes stands `?`."""
    return text.encode(errors="replace").decode().replace("\0", "?")


def check_text(text: str) -> None:
    """
    Refuse a text that does not fit a column of its own.

    Raises:
        SkipItem: Too long, or with characters that no database takes.
    """
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise SkipItem(LONE_SURROGATES, todo="fix its encoding at the source")
    if "\0" in text:
        raise SkipItem(NUL, todo="remove them at the source")
    if len(text) > MAX_KEY:
        raise SkipItem(f"a key is longer than {MAX_KEY} characters", todo="shorten it")


def check_texts(*texts: str | None) -> None:
    """
    Refuse texts that do not fit columns of their own.

    Raises:
        SkipItem: As `check_text`.
    """
    for text in texts:
        if text is not None:
            check_text(text)


def _timeless(data: bytes) -> bytes:
    """The JSON without its `source_version`, which is neither first nor ever holds a comma."""
    head, _, tail = data.partition(b',"source_version":')
    return head + tail.partition(b",")[2]


def hash64(data: bytes) -> int:
    """64 bits of BLAKE2b, signed, so that it fits a BIGINT."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def fate(stored: Stored | None, entry: Entry) -> str:
    """`stored`, `unchanged` or `stale`: what happens to an entry. An older never beats a newer."""
    if stored is None:
        return "stored"
    if newer(stored, entry.version):
        return "stale"
    same = stored.hash == entry.hash and stored.gone_at is None
    return "unchanged" if same else "stored"


def newer(stored: Stored, version: int | None) -> bool:
    """Is what is stored newer than what a record of this version says?"""
    return version is not None and stored.version is not None and version < stored.version


def renewed(stored: Stored, entry: Entry) -> bool:
    """Does an unchanged record have a newer version, to be kept so that none in between beats it?"""
    return entry.version is not None and entry.version != stored.version


def latest(entries: Iterable[Entry]) -> dict[str, Entry]:
    """One entry for each key: the newest, and among equals the one that came last."""
    found: dict[str, Entry] = {}
    for each in entries:
        other = found.get(each.key)
        if (
            other is None
            or other.version is None
            or each.version is None
            or each.version >= other.version
        ):
            found[each.key] = each
    return found
