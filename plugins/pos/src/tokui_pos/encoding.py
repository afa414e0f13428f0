"""
Which encoding a file has, and characters that cannot be shown.

A file has one encoding: that of its BOM, else UTF-8 if every byte of it is, else CP932. Characters of
the CP932 user-defined area (外字, F040-F9FC) and bytes that cannot be decoded are shown as 〓; the bytes
are kept beside the row.
"""

import codecs
import re
from collections.abc import Callable
from typing import IO

GETA = "〓"

CHUNK = 1 << 20
DAMAGED_UTF8 = 10
"""A file with this many times more whole UTF-8 characters than broken ones is damaged UTF-8."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\uf8ff\udc80-\udcff]")
# CP932 and the other Shift_JIS tables disagree on these; one spelling, so that a re-export in
# another encoding is the same record.
_TWINS = str.maketrans({"～": "〜", "−": "－", "‖": "∥", "¢": "￠", "£": "￡", "¬": "￢"})
_TWIN = re.compile("[～−‖¢£¬]")


def detect(source: IO[bytes]) -> str:
    """
    Name the encoding of the whole file: `utf-8`, `utf-16` or `cp932`. An unfinished last character
    counts for nothing.

    Raises:
        ValueError: The file is mostly UTF-8 with broken bytes; reading it as CP932 would garble it.
    """
    source.seek(0)
    head = source.read(4)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    source.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    whole = broken = 0
    while chunk := source.read(CHUNK):
        if not chunk.isascii() or decoder.getstate()[0]:
            text = decoder.decode(chunk)
            bad = text.count("\ufffd")
            broken += bad
            whole += len(text) - len(text.encode("ascii", "ignore")) - bad
    if not broken:
        return "utf-8"
    if whole > DAMAGED_UTF8 * broken:
        raise ValueError(
            f"is UTF-8 with {broken} broken characters; say its encoding in `encoding`"
        )
    return "cp932"


def decoder(encoding: str) -> Callable[[bytes], str]:
    """Decodes one line; bytes that cannot be decoded become lone surrogates (`surrogateescape`)."""
    return lambda raw: raw.decode(encoding, "surrogateescape")


def shown(cells: list[str], encoding: str) -> tuple[list[str], dict[int, str]]:
    """
    The cells as they may be stored and shown, and the raw bytes, in hex, of those that hold 〓.

    Line breaks within a cell stay; other control characters count as not decodable.
    """
    row = "".join(cells)
    raw: dict[int, str] = {}
    if not row.isprintable() and _STRANGE.search(row):
        raw = {
            index: cell.encode(encoding, "surrogateescape").hex()
            for index, cell in enumerate(cells)
            if _STRANGE.search(cell)
        }
        cells = [_STRANGE.sub(GETA, cell) for cell in cells]
    if not row.isascii() and _TWIN.search(row):
        cells = [cell.translate(_TWINS) for cell in cells]
    return cells, raw
