"""What came back, and how its parts are read."""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any

from pydantic_core import from_json

from tokui.errors import Unavailable

CHUNK = 64 * 1024
_PAGE = re.compile(r"(text|application)/(html|plain|xml|xhtml\+xml)\b", re.IGNORECASE)
"""What often comes in the place of JSON; of no other type is anything repeated."""


@dataclass(frozen=True, slots=True)
class Response:
    """
    A whole answer.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
        content: The body, decompressed.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """
        The body as JSON. NaN, lone surrogates, huge integers and nesting over 200 are refused.

        Raises:
            Unavailable: It is not JSON.
        """
        try:
            return from_json(self.content, allow_inf_nan=False, cache_strings="keys")
        except ValueError:
            found = _PAGE.match(self.headers.get("content-type", ""))
            kind = f" of {found[0].lower()}" if found else ""
            raise Unavailable(
                f"the answer ({len(self.content):,} bytes{kind}) is not JSON",
                todo="run again later; if this repeats, check the address that is asked",
            ) from None


def decoded(encoding: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """
    Undo `Content-Encoding` in pieces of at most 64 KiB, so that a gzip bomb can be stopped in time.

    Raises:
        ValueError: An encoding that was not asked for, or a broken stream.
    """
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip"):
        raise ValueError("unknown content encoding")
    yield from _gunzip(chunks)


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    gzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for chunk in chunks:
            rest = chunk
            if gzip.eof:
                raise ValueError("data after the gzip stream")
            while rest and not gzip.eof:
                yield gzip.decompress(rest, CHUNK)
                rest = gzip.unconsumed_tail
        yield gzip.flush()
    except zlib.error:
        raise ValueError("broken gzip stream") from None
    if not gzip.eof or gzip.unused_data:
        raise ValueError("broken gzip stream")


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds that `Retry-After` asks for, given as a number (`2`, `2.0`) or as an HTTP date."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        moment = http_date(value)
        seconds = (moment - now).total_seconds() if moment else -1.0
    return seconds if isfinite(seconds) and seconds >= 0 else None


def http_date(value: str | None) -> datetime | None:
    """An HTTP date, aware; None when it is missing or unreadable."""
    try:
        moment = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
