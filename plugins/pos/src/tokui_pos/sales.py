"""The rows of a receipt → Order, and the Location and Staff that they name. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal

from tokui.connector import Item
from tokui.model import Location, Order, OrderLine, Record, Staff, Tender

from tokui_pos.amounts import excel_float, to_amount
from tokui_pos.cells import BadCell, Clock, Head, check_widths, row_key, word
from tokui_pos.dates import at, to_date, to_moment, to_time
from tokui_pos.encoding import GETA
from tokui_pos.layout import Layout, SalesLayout
from tokui_pos.lines import ToLines
from tokui_pos.settings import PosCsvSettings

Kind = Literal["sale", "return", "exchange", "preorder", "hold"]


class ToOrder:
    """Maps receipts of one layout."""

    def __init__(self, layout: Layout, part: SalesLayout, settings: PosCsvSettings) -> None:
        self._part = part
        self._columns = part.columns
        self._settings = settings
        self._clock = Clock(settings.timezone, layout.date_order)
        self._amount = partial(to_amount, currency=settings.currency)
        self._to_date = partial(to_date, order=layout.date_order)
        self._lines = ToLines(part, settings)

    def __call__(self, receipt: Item) -> Iterator[Record]:
        """
        The order, after the location and staff that it names.

        Raises:
            ValueError: A cell cannot be understood, or the amounts contradict one another.
        """
        rows, state = self._last_state(receipt["@rows"])
        if state is None:
            return
        for row in rows:
            check_widths(row, self._settings.widths)
        head = Head(rows)
        version = receipt["@modified"]
        yield from self._named(head, version)
        yield self._order(head, self._lines(head), state, version)

    def _last_state(self, rows: Sequence[Item]) -> tuple[Sequence[Item], str | None]:
        """The rows of the receipt's last state (a pickup after a hold); None when it is no sale."""
        states = [self._state(row) for row in rows]
        said = next((state for state in states if state), "paid")
        for index, state in enumerate(states):  # a blank cell repeats the one above
            said = states[index] = state or said
        if len(set(states)) > 1:
            rows = [row for row, state in zip(rows, states, strict=True) if state == said]
        return rows, None if said == "ignored" else said

    def _state(self, row: Item) -> str | None:
        """What the first column that says anything says."""
        for column, words in self._part.states.items():
            if found := word(row, column, words):
                return found
        return None

    def _named(self, head: Head, version: int) -> Iterator[Record]:
        columns = self._columns
        location, staff = head.text(columns.location), head.text(columns.staff)
        if location and (name := head.text(columns.location_name)):
            yield Location(external_id=location, source_version=version, name=name)
        if staff and (name := head.text(columns.staff_name)):
            yield Staff(external_id=staff, source_version=version, display_name=name)

    def _order(self, head: Head, lines: tuple[OrderLine, ...], state: str, version: int) -> Order:
        columns = self._columns
        kind, _, final = state.rpartition(" ")
        placed_at, day = self._moment(head)
        order = Order(
            external_id=row_key(head.first, self._part.receipt),
            source_version=version,
            kind=kind or _kind(lines),  # the model checks the layout's words
            state=final,
            number=head.text(columns.number) or None,
            placed_at=placed_at,
            business_date=head.read(columns.business_date, self._to_date) or day,
            currency=self._settings.currency,
            buyer=self._buyer(head),
            location=head.text(columns.location) or None,
            staff=head.text(columns.staff) or None,
            channel="store",
            lines=lines,
            note=head.text(columns.note) or None,
        )
        self._check_total(head, order)
        return order.model_copy(update={"tenders": self._tenders(head, order.total_minor)})

    def _check_total(self, head: Head, order: Order) -> None:
        total = head.read(self._columns.receipt_total, self._amount)
        if total is not None and abs(total) != abs(order.total_minor):
            raise BadCell(self._columns.receipt_total, "is not what the lines add up to")

    def _buyer(self, head: Head) -> str | None:
        buyer = head.text(self._columns.customer)
        if excel_float(buyer) or GETA in buyer:
            raise BadCell(self._columns.customer, "is no key any more: some of it is lost")
        return buyer if buyer and buyer not in self._part.anonymous else None

    def _moment(self, head: Head) -> tuple[datetime, date]:
        """When it was, in UTC, and the shop's own day."""
        columns, clock = self._columns, self._clock
        both = head.read(columns.placed_at, lambda cell: to_moment(cell, clock.order, clock.zone))
        if both is None:
            day = head.read(columns.date, self._to_date)
            if day is None:
                raise BadCell(columns.date or columns.placed_at, "has no date of the sale")
            both = at(day, head.read(columns.time, to_time) or timedelta(), clock.zone)
        placed_at, day = both
        opening = timedelta(hours=self._settings.day_starts)
        return placed_at, min(day, (placed_at.astimezone(clock.zone) - opening).date())

    # --- money -----------------------------------------------------------------------------------

    def _tenders(self, head: Head, total: int) -> tuple[Tender, ...]:
        paid = [
            (tender, self._paid(head, tender.column, tender.less)) for tender in self._part.tenders
        ]
        sign = -1 if total < 0 < sum(amount for _, amount in paid) else 1
        return tuple(
            Tender(
                kind=tender.kind, amount_minor=sign * amount, label=tender.label or tender.column
            )
            for tender, amount in paid
            if amount
        )

    def _paid(self, head: Head, column: str, less: str | None) -> int:
        return (head.read(column, self._amount) or 0) - (head.read(less, self._amount) or 0)


def _kind(lines: Sequence[OrderLine]) -> Kind:
    back = [line.quantity < 0 for line in lines]
    if not any(back):
        return "sale"
    return "return" if all(back) else "exchange"
