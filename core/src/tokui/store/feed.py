"""The change feed: what changed on which profile, in the order of commits."""

from collections.abc import Sequence

import sqlalchemy as sa

from tokui.connector import Change
from tokui.model import moment
from tokui.store.engine import Transaction
from tokui.store.tables import ChangeRow, columns

AT = columns(ChangeRow)


def after(tx: Transaction, seq: int, limit: int) -> Sequence[Change]:
    """The changes behind `seq`, at most `limit`."""
    query = sa.select(AT.seq, AT.profile_id, AT.what, AT.at).where(AT.seq > seq)
    rows = tx.all(query.order_by(AT.seq).limit(limit))
    return [Change(number, profile_id, what, moment(at)) for number, profile_id, what, at in rows]


def last(tx: Transaction) -> int:
    """The newest change's number; 0 when there is none."""
    return tx.connection.execute(sa.select(sa.func.max(AT.seq))).scalar() or 0
