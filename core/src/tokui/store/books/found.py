"""Finds transfers without knowing whose they are, and what went from one member to another."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.connector import Kept, Member, Moved
from tokui.model import moment
from tokui.store.books.asked import OWN
from tokui.store.books.load import ACCOUNT, TRANSFER
from tokui.store.engine import Transaction, among
from tokui.store.tables import AccountRow, TransferRow

_UNDER = """
    SELECT wanted.value, a.unit, a.holder, t.key, t.kind, o.key, t.points, t.at, t.reason
    FROM {wanted} CROSS JOIN transfer t JOIN account a ON a.id = t.account_id
    LEFT JOIN transfer o ON o.id = t.of_id
    WHERE t.key >= wanted.value AND t.key < wanted.value || '~' ORDER BY t.id"""
_LISTS = {
    "sqlite": "json_each(:among) AS wanted",
    "postgresql": "unnest(CAST(:among AS text[])) AS wanted (value)",
}
_UNDER_BY = {name: sa.text(_UNDER.format(wanted=wanted)) for name, wanted in _LISTS.items()}

_MOVES = sa.text("""
    SELECT g.key, s.holder, d.holder,
        EXISTS (SELECT 1 FROM transfer b WHERE b.of_id = g.id AND b.nth = 2)
    FROM account m JOIN transfer t ON t.account_id = m.id
    JOIN transfer g ON g.kind = 'move' AND g.id = CASE WHEN t.of_id IS NULL THEN t.id ELSE t.of_id END
    JOIN transfer c ON c.of_id = g.id AND c.nth = 1
    JOIN account s ON s.id = g.account_id JOIN account d ON d.id = c.account_id
    WHERE m.unit = :unit AND m.holder = :holder AND m.kind = 'points' AND t.kind = 'move'
    ORDER BY g.id""")


def under(tx: Transaction, starts: Collection[str]) -> Iterator[tuple[str, Member, Kept]]:
    """The transfers whose keys begin so: the beginning, whose account, and it; the oldest first."""
    rows = tx.among(_UNDER_BY[tx.dialect], starts)
    for start, unit, holder, key, kind, of, points, at, why in rows:
        yield start, Member(unit, holder), Kept(key, kind, of, points, moment(at), why)


def moved(tx: Transaction, member: Member) -> Sequence[Moved]:
    """The moves from and to a member, the oldest first."""
    unit = member.programme
    rows = tx.all(_MOVES, unit=unit, holder=member.member_no)
    return [
        Moved(key, Member(unit, source), Member(unit, to), bool(back))
        for key, source, to, back in rows
    ]


def counted(
    tx: Transaction, numbers: Iterable[str], since_us: int
) -> Iterator[tuple[str, int, int, int]]:
    """
    What was posted on these numbers since then, in any programme; not what is due by itself.

    Number, how many, and when the first and the last of them; each programme by itself.
    """
    wanted = set(numbers)
    for unit in _units(tx):
        query = _counted(tx.dialect)
        yield from map(tuple, tx.among(query, wanted, unit=unit, since=since_us))


def _units(tx: Transaction) -> Iterator[str]:
    """Every programme that has accounts, by a look-up for each."""
    next_one = sa.select(sa.func.min(ACCOUNT.unit)).where(ACCOUNT.unit > sa.bindparam("after"))
    unit = ""
    while unit := tx.connection.execute(next_one, {"after": unit}).scalar() or "":
        yield unit


@cache
def _counted(dialect: str) -> sa.Select[Any]:
    span = (sa.func.count(), sa.func.min(TRANSFER.at), sa.func.max(TRANSFER.at))
    query = sa.select(ACCOUNT.holder, *span).join_from(
        AccountRow, TransferRow, TRANSFER.account_id == ACCOUNT.id
    )
    return query.where(
        ACCOUNT.unit == sa.bindparam("unit"),
        among(ACCOUNT.holder, dialect),
        TRANSFER.at >= sa.bindparam("since", type_=sa.BigInteger),
        *(TRANSFER.key.not_like(f"{own}%") for own in OWN),
    ).group_by(ACCOUNT.holder)
