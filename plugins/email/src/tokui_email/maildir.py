"""A maildir as pages: what arrived, oldest first. Its files are read, and never moved or changed."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from tokui.connector import Context, Item, Page, Pull
from tokui.errors import ConfigError, Unavailable
from tokui.model import microseconds, moment

from tokui_email.inbound import heard
from tokui_email.progress import Failure, Progress
from tokui_email.records import customer_id, is_soft
from tokui_email.settings import SmtpSettings

PAGE_ITEMS = 50
LONGEST_MAIL = 256 * 1024
"""Bytes of a mail that are looked at: reports stand at its head."""


class Arrived(NamedTuple):
    """
    A file of the folder.

    Attributes:
        at_us: When it was put there.
        name: Unique; what follows the `:` (flags) is left out.
        mark: Differs for another content.
    """

    at_us: int
    name: str
    mark: str
    path: Path


class Maildir:
    """Reads the folder of one connection."""

    def __init__(self, folder: Path, settings: SmtpSettings, ctx: Context) -> None:
        self._folder, self._settings, self._ctx = folder, settings, ctx

    def pages(self, ask: Pull) -> Iterator[Page]:
        """
        What arrived since the cursor, up to the run's start.

        Raises:
            Unavailable: The folder cannot be listed.
        """
        progress = Progress(ask.cursor, timedelta(days=self._settings.soft_days))
        since_us = microseconds(ask.since) if ask.since and not ask.cursor else 0
        until_us = microseconds(ask.until)
        news = [
            each
            for each in self.listed()
            if since_us <= each.at_us <= until_us and progress.is_new(each.at_us, *each[1:3])
        ]
        for start in range(0, len(news), PAGE_ITEMS):
            self._ctx.stop.check()
            batch = news[start : start + PAGE_ITEMS]
            items = list(self._items(batch, progress))
            yield Page(items, progress.cursor())

    def fetch(self, names: Collection[str]) -> Iterator[Item]:
        """Mails by their names, with what came before them."""
        progress = Progress(None, timedelta(days=self._settings.soft_days))
        for item in self._items(self.listed(), progress):
            if item["id"] in names:
                yield item

    def listed(self) -> Sequence[Arrived]:
        """
        All files, oldest first.

        Raises:
            Unavailable: The folder cannot be listed.
            ConfigError: It is no maildir.
        """
        found: dict[str, Arrived] = {}
        for part in ("new", "cur"):  # a program that reads a mail moves it on, never back
            found |= {each.name: each for each in self._in(part)}
        return sorted(found.values())

    def _in(self, part: str) -> Iterator[Arrived]:
        try:
            paths = list((self._folder / part).iterdir())
        except FileNotFoundError:
            raise ConfigError(
                f"its maildir has no folder `{part}`", todo="check maildir: it holds new and cur"
            ) from None
        except OSError as error:
            raise Unavailable(f"its maildir cannot be listed ({error.strerror})") from None
        for path in paths:
            if not path.name.startswith(".") and (arrived := _arrived(path)):
                yield arrived

    def _items(self, batch: Sequence[Arrived], progress: Progress) -> Iterator[Item]:
        for each in batch:
            self._ctx.stop.check()
            raw = self._read(each)
            progress.passed(each.at_us, each.name, each.mark)
            if raw is not None:
                yield self._item(each, raw, progress)

    def _item(self, arrived: Arrived, raw: bytes, progress: Progress) -> Item:
        earlier: Sequence[int] = ()
        for said in heard(raw, self._settings):
            if said.address and said.key and is_soft(said):
                failure = Failure(arrived.at_us, arrived.name, said.key)
                earlier = progress.failed(customer_id(said.address), failure)
        return {
            "id": arrived.name,
            "received_at": moment(arrived.at_us).isoformat(),
            "mail": raw.decode("latin-1"),
            "earlier": [moment(at_us).isoformat() for at_us in earlier],
        }

    def _read(self, arrived: Arrived) -> bytes | None:
        """Its bytes; None when it is gone, or is there no more to be read."""
        flagged = self._folder.glob(f"cur/{_literal(arrived.name)}*")
        for path in (arrived.path, *flagged):
            try:
                with path.open("rb") as file:
                    return file.read(LONGEST_MAIL)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise Unavailable(
                    f"{arrived.name} cannot be read ({error.strerror})",
                    todo="let this program read the maildir",
                ) from None
        return None


def _arrived(path: Path) -> Arrived | None:
    try:
        status = path.stat()
    except OSError:
        return None  # moved on meanwhile; it is listed where it is now, or next time
    at_us = status.st_mtime_ns // 1000
    mark = f"{status.st_size}-{status.st_ino}"
    return Arrived(at_us, path.name.partition(":")[0], mark, path)


def _literal(name: str) -> str:
    return "".join(f"[{each}]" if each in "*?[" else each for each in name)
