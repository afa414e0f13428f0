"""Pages and cursors: every check catches a connector that was broken on purpose."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tokui.connector import Item, Page, Pull
from tokui.model import Customer, Record
from tokui_contracts.example import Stamp, StampSandbox
from tokui_contracts.suite.proof import Mutants
from tokui_contracts.suite.reading import ReadingChecks

MUTANTS = Mutants[Stamp](ReadingChecks, StampSandbox)
TICK = timedelta(microseconds=1)


@MUTANTS.caught_by("test_every_object_arrives")
class ForgetsTheLastPage(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        for page in super().pull(ask):
            last = "token" not in page.cursor
            yield Page([] if last else page.items, page.cursor)


@MUTANTS.caught_by("test_every_object_arrives")
class AddsADemoCard(Stamp):
    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        yield from super().parse(stream, item)
        if stream == "cards":
            yield Customer(external_id="demo")


@MUTANTS.caught_by("test_resume_after_every_page")
class SaysWhereTheNextPageEnds(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        pages = list(super().pull(ask))
        following = [page.cursor for page in pages[1:]]
        for page, cursor in zip(pages, [*following, pages[-1].cursor], strict=True):
            yield Page(page.items, cursor)


@MUTANTS.caught_by("test_resume_after_every_page")
class KeepsItsPlaceInMemory(Stamp):
    place: Mapping[str, Any] | None = None

    def pull(self, ask: Pull) -> Iterator[Page]:
        begun = {"since": ask.until.isoformat()} if ask.cursor else None
        for page in super().pull(replace(ask, cursor=self.place or begun)):
            self.place = page.cursor
            yield Page(page.items, {"begun": True})


@MUTANTS.caught_by("test_cursor_is_never_ahead_of_the_data")
class ReusesItsCursor(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        cursor: dict[str, Any] = {}
        for page in super().pull(ask):
            cursor.clear()
            cursor.update(page.cursor)
            yield Page(page.items, cursor)


@MUTANTS.caught_by("test_cursor_never_passes_until")
class FollowsTheNewestSeen(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        newest = str((ask.cursor or {}).get("since", ""))
        for page in super().pull(replace(ask, until=datetime(9000, 1, 1, tzinfo=UTC))):
            newest = max([newest, *(item["updated_at"] for item in page.items)])
            yield Page(page.items, page.cursor if "token" in page.cursor else {"since": newest})


@MUTANTS.caught_by("test_far_future_cursor")
class AsksForTheFuture(Stamp):
    def _params(self, cursor: Mapping[str, Any], until: datetime) -> dict[str, str | int]:
        return {**super()._params(cursor, until), **cursor}


@MUTANTS.caught_by("test_equal_times_across_a_page_edge")
class PagesByTimeAlone(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        cursor: dict[str, Any] = dict(ask.cursor or {})
        while True:
            page = next(super().pull(replace(ask, cursor=cursor or None)))
            cursor = {**page.cursor}
            if "token" not in cursor:
                yield page
                return
            cursor["token"] = cursor["token"].partition("|")[0] + "|~"
            yield Page(page.items, cursor)


@MUTANTS.caught_by("test_equal_times_across_a_page_edge")
class StartsOpen(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        for page in super().pull(ask):
            done = "token" not in page.cursor
            later = {"since": (ask.until + TICK).isoformat()}
            yield Page(page.items, later if done else page.cursor)


@MUTANTS.caught_by("test_changes_between_pages_are_seen")
class PagesByOffset(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        cursor: dict[str, Any] = dict(ask.cursor or {})
        offset = cursor.pop("offset", 0)
        while True:
            pages = super().pull(replace(ask, cursor=cursor or None))
            items = [item for page in pages for item in page.items]
            chosen, offset = items[offset : offset + 2], offset + 2
            done = offset >= len(items)
            yield Page(
                chosen, {"since": ask.until.isoformat()} if done else {**cursor, "offset": offset}
            )
            if done:
                return


@MUTANTS.caught_by("test_since_loses_nothing")
class TakesSinceAsOpen(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        yield from super().pull(replace(ask, since=ask.since + TICK if ask.since else None))


@MUTANTS.caught_by("test_second_run_has_nothing_to_do")
class StartsOverEachTime(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        yield from super().pull(replace(ask, cursor=None))


@MUTANTS.caught_by("test_second_run_has_nothing_to_do")
class CountsFirst(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        self._get(ask.stream, {"limit": 1})
        yield from super().pull(ask)


@MUTANTS.caught_by("test_pages_are_plain_json")
class HandsOutTuples(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        for page in super().pull(ask):
            yield Page([{**item, "labels": ("a", "b")} for item in page.items], page.cursor)


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Stamp], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)
