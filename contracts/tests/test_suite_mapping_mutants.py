"""What parse and fetch make of items: every check catches a connector that was broken on purpose."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tokui.connector import Item, Page, Pull, Stream
from tokui.errors import FatalError
from tokui.model import Location, Record
from tokui_contracts.example import Stamp, StampSandbox
from tokui_contracts.suite.mapping import MappingChecks
from tokui_contracts.suite.proof import Mutants

MUTANTS = Mutants[Stamp](MappingChecks, StampSandbox)
TICK = timedelta(microseconds=1)


@MUTANTS.caught_by("test_parse_is_pure")
class LooksAtTheClock(Stamp):
    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        age = datetime.now(UTC) - datetime.fromisoformat(item["updated_at"])
        return super().parse(stream, item) if age > TICK else []


@MUTANTS.caught_by("test_parse_is_pure")
class RemembersItems(Stamp):
    last = ""

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        self.last, before = item["name"], self.last
        yield from super().parse(stream, {**item, "name": f"{item['name']}{before and '.'}"})


@MUTANTS.caught_by("test_parse_leaves_the_item_alone")
class MarksItsItems(Stamp):
    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        yield from super().parse(stream, item)
        item.update(seen=True)  # type: ignore[attr-defined]


@MUTANTS.caught_by("test_kinds_are_truthful")
class SlipsInAPlace(Stamp):
    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        yield from super().parse(stream, item)
        if stream == "cards":
            yield Location(external_id="online", name="online")


@MUTANTS.caught_by("test_identifiers_are_declared")
class DeclaresNoIdentifiers(Stamp):
    def streams(self) -> Sequence[Stream]:
        return [replace(stream, identifiers=()) for stream in super().streams()]


@MUTANTS.caught_by("test_external_ids_are_unique")
class KeysByName(Stamp):
    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        yield from super().parse(stream, {**item, "id": item["name"]})


@MUTANTS.caught_by("test_external_ids_are_unique")
class SaysEverythingTwice(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        for page in super().pull(ask):
            again = [{**item, "name": f"{item['name']}様"} for item in page.items]
            yield Page([*page.items, *again], page.cursor)


@MUTANTS.caught_by("test_keys_are_stable")
class KeysByPosition(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        position = int(str((ask.cursor or {}).get("position", 0)))
        for page in super().pull(ask):
            items = [
                {**item, "id": f"{item['id'][0]}{position + place}"}
                for place, item in enumerate(page.items, 1)
            ]
            position += len(items)
            yield Page(items, {**page.cursor, "position": position})


@MUTANTS.caught_by("test_unknown_fields_are_ignored")
class InsistsOnItsFields(Stamp):
    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        if set(item) - {"id", "updated_at", "number", "rank", "name", "email"}:
            raise ValueError("unknown fields")
        return super().parse(stream, item)


@MUTANTS.caught_by("test_missing_fields_are_noticed")
class FillsInWhatIsMissing(Stamp):
    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        return super().parse(stream, {"email": None, **item})


@MUTANTS.caught_by("test_wrong_types_are_noticed")
class MakesTextOfAnything(Stamp):
    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        rank = {"rank": str(item["rank"])} if stream == "cards" else {}
        return super().parse(stream, {**item, **rank})


@MUTANTS.caught_by("test_a_bad_object_stops_nothing")
class MapsInPull(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        for page in super().pull(ask):
            for item in page.items:
                if not isinstance(item["name"], str):
                    raise FatalError("a card without a name")
            yield page


@MUTANTS.caught_by("test_fetch_returns_what_exists")
class FailsOnWhatIsGone(Stamp):
    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        for external_id in ids:
            yield self._get(f"{stream}/{external_id}", {}).json()


@MUTANTS.caught_by("test_fetch_returns_what_exists")
class FetchesLess(Stamp):
    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        for item in super().fetch(stream, ids):
            yield {**item, "email": None, "name": "?"}


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Stamp], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)
