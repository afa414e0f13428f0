"""The change feed: what changed on which profile, in the order of commits."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from tokui.connector import Change
from tokui.model import moment
from tokui.store.engine import Transaction
from tokui.store.tables import ChangeRow, columns

AT = columns(ChangeRow)


@dataclass(slots=True)
class Changes:
    """What the transaction changes on which profile; written to the feed at its end."""

    seen: set[tuple[int, str]] = field(default_factory=set)

    def add(self, profile_id: int, what: str) -> None:
        """Note a change."""
        self.seen.add((profile_id, what))

    def move(self, merged: Iterable[int], current: Callable[[int], int]) -> None:
        """Let what changed on merged profiles count for those that they joined."""
        self.seen = {(current(profile_id), what) for profile_id, what in self.seen}
        self.seen |= {(profile_id, "merged") for profile_id in merged}

    def write(self, tx: Transaction) -> None:
        """Append them to the feed."""
        numbers = tx.allocate("change", len(self.seen))
        rows = [(next(numbers), profile, what, tx.now_us) for profile, what in sorted(self.seen)]
        tx.upsert(ChangeRow, rows)


def after(tx: Transaction, seq: int, limit: int) -> Sequence[Change]:
    """The changes behind `seq`, at most `limit`."""
    query = sa.select(AT.seq, AT.profile_id, AT.what, AT.at).where(AT.seq > seq)
    rows = tx.all(query.order_by(AT.seq).limit(limit))
    return [Change(number, profile_id, what, moment(at)) for number, profile_id, what, at in rows]


def last(tx: Transaction) -> int:
    """The newest change's number; 0 when there is none."""
    return tx.connection.execute(sa.select(sa.func.max(AT.seq))).scalar() or 0
