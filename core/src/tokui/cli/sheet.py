"""Sheets that a command reads: how they are opened, and what is said of their bad lines."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tokui.cli.exits import Unknown
from tokui.cli.output import count
from tokui.sync.sheet import Bad

SHOWN = 20
"""Bad lines on a screen; `--json` has more."""


@contextmanager
def sheet(file: Path) -> Iterator[Iterable[str]]:
    """
    Open CSV in UTF-8, with or without a byte order mark.

    Raises:
        Unknown: It is in another encoding.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            yield lines
    except UnicodeDecodeError:
        raise Unknown("the file is not in UTF-8; save it as CSV UTF-8") from None


def bad_lines(bad: Sequence[Bad], many: int) -> list[str]:
    """
    The first of them, and how many more there are.

    Args:
        bad: Those that are listed.
        many: How many there are in all.
    """
    shown = [f"line {each.number}: {each.reason}" for each in bad[:SHOWN]]
    more = many - len(shown)
    return [*shown, *([f"… and {count(more, 'bad line')} more"] if more else [])]
