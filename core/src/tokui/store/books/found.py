"""Finds transfers without knowing whose they are, and what went from one member to another."""

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa

from tokui.connector import Kept, Member, Moved
from tokui.model import moment
from tokui.store.engine import Transaction

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
