"""
The tables, one set for SQLite and PostgreSQL.

Times are integers, microseconds since 1970 UTC: they compare alike everywhere and lose nothing.
A record's canonical JSON is kept once, in `record`; the columns beside it are what is looked up.
"""

from tokui.store.tables.keys import Keyed, columns
from tokui.store.tables.people import AliasRow, DecisionRow, IdentifierRow, SearchRow
from tokui.store.tables.records import (
    ConsentRow,
    CustomerRow,
    EventRow,
    LocationRow,
    OrderRow,
    ProductRow,
    Recorded,
    StaffRow,
    StockRow,
    VariantRow,
)
from tokui.store.tables.runs import (
    ChangeRow,
    CounterRow,
    CursorRow,
    LeaseRow,
    QuarantineRow,
    RunRow,
)

__all__ = [
    "AliasRow",
    "ChangeRow",
    "ConsentRow",
    "CounterRow",
    "CursorRow",
    "CustomerRow",
    "DecisionRow",
    "EventRow",
    "IdentifierRow",
    "Keyed",
    "LeaseRow",
    "LocationRow",
    "OrderRow",
    "ProductRow",
    "QuarantineRow",
    "Recorded",
    "RunRow",
    "SearchRow",
    "StaffRow",
    "StockRow",
    "VariantRow",
    "columns",
]
