"""
The tables, one set for SQLite and PostgreSQL.

Times are integers, microseconds since 1970 UTC: they compare alike everywhere and lose nothing.
A record's canonical JSON is kept once, in `record`; the columns beside it are what is looked up.
Which rows an index is of is said for SQLite alone here, as a word to PostgreSQL imports its dialect (30 ms
of every start); the migrations say it to both.
"""

from tokui.store.tables.books import AccountRow, EntryRow, LotRow, TransferRow
from tokui.store.tables.chains import ChainRow
from tokui.store.tables.decisions import AnswerRow, DecisionRow, MoveRow, ReviewRow
from tokui.store.tables.keys import Keyed, columns
from tokui.store.tables.mirrored import ForeignTransferRow, MirrorRow
from tokui.store.tables.outreach import (
    MessageRow,
    ParcelRow,
    ProofRow,
    PushRow,
    StepRow,
    SuppressionRow,
)
from tokui.store.tables.people import (
    AliasRow,
    HouseholdMemberRow,
    HouseholdRow,
    IdentifierRow,
    MatchKeyRow,
    SearchRow,
    SharedValueRow,
)
from tokui.store.tables.records import (
    ConsentRow,
    CustomerRow,
    DenialRow,
    DirtyRow,
    EventRow,
    LocationRow,
    OrderRow,
    ProductRow,
    Recorded,
    ReturnedRow,
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
    "AccountRow",
    "AliasRow",
    "AnswerRow",
    "ChainRow",
    "ChangeRow",
    "ConsentRow",
    "CounterRow",
    "CursorRow",
    "CustomerRow",
    "DecisionRow",
    "DenialRow",
    "DirtyRow",
    "EntryRow",
    "EventRow",
    "ForeignTransferRow",
    "HouseholdMemberRow",
    "HouseholdRow",
    "IdentifierRow",
    "Keyed",
    "LeaseRow",
    "LocationRow",
    "LotRow",
    "MatchKeyRow",
    "MessageRow",
    "MirrorRow",
    "MoveRow",
    "OrderRow",
    "ParcelRow",
    "ProductRow",
    "ProofRow",
    "PushRow",
    "QuarantineRow",
    "Recorded",
    "ReturnedRow",
    "ReviewRow",
    "RunRow",
    "SearchRow",
    "SharedValueRow",
    "StaffRow",
    "StepRow",
    "StockRow",
    "SuppressionRow",
    "TransferRow",
    "VariantRow",
    "columns",
]
