"""What databases raise, as the store's own errors."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from tokui.errors import StoreBusy, StoreError, StoreFull, StoreUnreachable

BUSY_TIMEOUT_S = 10.0

_FILE = {
    sqlite3.SQLITE_CANTOPEN: (
        "the database file cannot be opened, or made",
        "check the URL under [store], and that the file and its folder may be written to",
    ),
    sqlite3.SQLITE_READONLY: (
        "the database file may not be written to",
        "check the permissions of the file and of its folder",
    ),
    sqlite3.SQLITE_NOTADB: (
        "the file is no SQLite database",
        "check the URL under [store]",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "the database file is damaged",
        "put back a copy that was kept, and run `tokui sync`, which reads on from there",
    ),
}
"""SQLite's code → what is wrong with the file, and what to do."""


@contextmanager
def mapped() -> Iterator[None]:
    """Database errors, whichever layer raises them, become the store's own."""
    try:
        yield
    except DBAPIError as error:
        raise _store_error(error.orig or error) from error
    except Exception as error:
        if isinstance(error, sqlite3.Error) or hasattr(error, "sqlstate"):
            raise _store_error(error) from error
        raise


def _store_error(error: BaseException) -> StoreError:
    code = getattr(error, "sqlite_errorcode", None)
    state = getattr(error, "sqlstate", None) or ""
    primary = None if code is None else code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state == "55P03":
        return StoreBusy(
            f"another process held the database for more than {BUSY_TIMEOUT_S:.0f} s",
            who="store",
            todo="try again when it has finished",
        )
    if primary == sqlite3.SQLITE_FULL or state == "53100":
        return StoreFull(
            "no space is left; nothing was written half",
            who="store",
            todo="free some space and run again, it goes on where it stopped",
        )
    if state.startswith(("08", "57P")) or not (state or code):
        return StoreUnreachable(
            "the database cannot be reached", who="store", todo="check that it runs and the URL"
        )
    if primary in _FILE:
        what, todo = _FILE[primary]
        return StoreError(what, who="store", todo=todo)
    name = getattr(error, "sqlite_errorname", None) or f"SQLSTATE {state}"
    return StoreError(
        f"the database refused a statement ({name})", who="store", todo="run `tokui db current`"
    )
