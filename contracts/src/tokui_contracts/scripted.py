"""
A source that says what a test wrote down, for tests of what the core makes of it.

    report = told(store, script("shop", page(Customer(external_id="1"))))

Items are records as JSON, so `parse` only reads them back; `POISON` is an item that it cannot read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from tokui.connector import Context, Item, Page, Pull, Settings, Stop, Stream
from tokui.model import (
    Consent,
    Customer,
    Delivery,
    Event,
    Gone,
    Joined,
    Location,
    Order,
    Product,
    Record,
    Staff,
    Stock,
    Suppression,
    Variant,
)
from tokui.store.engine import Store
from tokui.sync.batch import SourceConnector
from tokui.sync.report import RunReport
from tokui.sync.run import Halt, sync
from tokui.sync.stream import Options
from tokui.sync.worker import Company, Plan

from tokui_contracts.context import context

KINDS: Final[tuple[type[Record], ...]] = (
    Customer,
    Order,
    Event,
    Consent,
    Suppression,
    Delivery,
    Product,
    Variant,
    Stock,
    Location,
    Staff,
    Gone,
    Joined,
)
EVERYTHING: Final = Stream("everything", KINDS)
POISON: Final[Item] = {"records": "none"}

Tell: TypeAlias = Callable[[Pull, Context], Iterable[Page]]

_BY_NAME = {kind.kind_name: kind for kind in KINDS}


class Scripted(SourceConnector):
    """
    Says what it was given.

    Attributes:
        tells: Each stream with what it answers to a pull.
        asked: Every pull so far.
    """

    Settings = Settings
    holds_nothing = "it is a test's own"

    def __init__(self, name: str, ctx: Context, tells: Sequence[tuple[Stream, Tell]]) -> None:
        super().__init__(name, Settings(), ctx)
        self.tells = tells
        self.asked: list[Pull] = []

    def streams(self) -> Sequence[Stream]:
        """As given."""
        return [stream for stream, _ in self.tells]

    def pull(self, ask: Pull) -> Iterator[Page]:
        """What was written down for that stream."""
        self.asked.append(ask)
        tell = next(tell for stream, tell in self.tells if stream.name == ask.stream)
        yield from tell(ask, self.ctx)

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        """Read the records back."""
        return [_BY_NAME[each["kind"]].model_validate(each["record"]) for each in item["records"]]

    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        """It keeps nothing."""
        return ()


def item(*records: Record) -> Item:
    """One item that parses into these records."""
    return {
        "records": [
            {"kind": each.kind_name, "record": each.model_dump(mode="json", exclude_none=True)}
            for each in records
        ]
    }


def page(*contents: Record | Item) -> list[Item]:
    """The items of a page: records, one item each, or items as they are."""
    return [item(each) if isinstance(each, Record) else each for each in contents]


def in_order(pages: Sequence[Sequence[Item]]) -> Tell:
    """Hand out pages one after the other; the cursor counts those that are done."""

    def tell(ask: Pull, ctx: Context) -> Iterator[Page]:  # noqa: ARG001
        done = int(str(ask.cursor["done"])) if ask.cursor else 0
        for number, items in enumerate(pages[done:], done + 1):
            yield Page(items, {"done": number})

    return tell


def script(
    name: str, *pages: Sequence[Item], stream: Stream = EVERYTHING, tell: Tell | None = None
) -> Plan:
    """A connection with one stream, which hands out these pages or whatever `tell` yields."""
    return scripts(name, (stream, tell or in_order(pages)))


def scripts(name: str, *tells: tuple[Stream, Tell]) -> Plan:
    """A connection with several streams."""

    def open_(stop: Stop) -> SourceConnector:
        return Scripted(name, context(name, stop=stop), tells)

    return Plan(name, open_)


def told(
    store: Store,
    *plans: Plan,
    options: Options | None = None,
    company: Company | None = None,
    halt: Halt | None = None,
) -> RunReport:
    """Sync these connections into the store."""
    return sync(store, plans, options or Options(), company, halt=halt)
