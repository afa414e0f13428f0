"""
Which customers are worth comparing: those that share an identifier or a match key.

What more than `bearers.MOST` share is not followed, so the number of pairs grows with the number of
customers and not with its square. An identifier that nobody shares, though many bear it, is that of a
regular who orders as a guest again and again: each bearer is compared with the next one of the same name.
"""

from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tokui.store.answers import Pair
from tokui.store.bearers import MOST
from tokui.store.engine import Transaction, among
from tokui.store.tables import (
    CustomerRow,
    DirtyRow,
    IdentifierRow,
    MatchKeyRow,
    SharedValueRow,
    columns,
)

CUSTOMER, DIRTY = columns(CustomerRow), columns(DirtyRow)
IDENTIFIER, SHARED = columns(IdentifierRow), columns(SharedValueRow)

SHARED_BY = (
    (IdentifierRow, columns(IdentifierRow).token),
    (MatchKeyRow, columns(MatchKeyRow).key),
)
"""The tables of what customers may have in common, each with the column of the value."""


def every(tx: Transaction) -> Iterator[Pair]:
    """
    All pairs, each once, the lower id first.

    Those who share one value come one after the other, so that few customers are read more than once.
    """
    followed = (_few(table, value) for table, value in SHARED_BY)
    each = _each_and_next().subquery()
    rest = sa.select(each.c.low, each.c.high, each.c.low.label("first"))
    found = sa.union_all(*(_paired(*few) for few in followed), rest).subquery()
    low, high, first = found.c.low, found.c.high, sa.func.min(found.c.first)
    yield from _streamed(
        tx, sa.select(low, high).group_by(low, high).order_by(first, low, high), {}
    )


def groups(tx: Transaction) -> Iterator[str]:
    """
    Those who share a value, as text: ids with commas between them, and semicolons between groups.

    Nothing is in any order. A text for each table, as a row for each group takes longer to read than
    to find.
    """
    for table, value in SHARED_BY:
        customer = sa.cast(columns(table).customer_id, sa.Text)
        one = sa.select(sa.func.aggregate_strings(customer, ",").label("ids")).group_by(value)
        few = one.having(sa.func.count().between(2, MOST[table])).subquery()
        query = sa.select(sa.func.aggregate_strings(few.c.ids, ";"))
        yield tx.connection.execute(query).scalar() or ""
    yield ";".join(f"{low},{high}" for low, high in tx.all(_each_and_next()))


def touching(tx: Transaction, customers: Collection[int]) -> Iterator[Pair]:
    """The pairs that any of these customers is one of, or such a regular's other ones."""
    beside = (_beside(tx, table, value) for table, value in SHARED_BY)
    found = sa.union_all(*beside, _each_and_next(tx.dialect)).subquery()
    query = sa.select(found).distinct().order_by(found.c.low, found.c.high)
    yield from _streamed(tx, query, {"among": tx.as_one(list(customers))})


def crossing(tx: Transaction) -> set[int]:
    """
    Customers whose pairs ended because a value of theirs is borne by too many since the last pass.
    """
    found: set[int] = set()
    for table, value in SHARED_BY:
        at = columns(table)
        changed = DIRTY.customer_id == at.customer_id
        theirs = sa.select(value).join_from(table, DirtyRow, changed)
        new = sa.func.count(DIRTY.customer_id)
        full = (
            sa.select(value)
            .join_from(table, DirtyRow, changed, isouter=True)
            .where(value.in_(theirs))
            .group_by(value)
            .having(sa.func.count() > MOST[table], sa.func.count() - new <= MOST[table])
        )
        found.update(row[0] for row in tx.all(sa.select(at.customer_id).where(value.in_(full))))
    return found


def _few(table: Any, value: Any) -> tuple[Any, Any, Any]:
    """Values that two or more bear, but not too many, with the first of those."""
    count, first = sa.func.count(), sa.func.min(columns(table).customer_id)
    few = (
        sa.select(value, first.label("first")).group_by(value).having(count.between(2, MOST[table]))
    )
    return table, value, few.subquery()


def _paired(table: Any, value: Any, few: Any) -> Any:
    one, other = aliased(table), aliased(table)
    same = value.name
    return (
        sa.select(one.customer_id.label("low"), other.customer_id.label("high"), few.c.first)
        .select_from(few)
        .join(one, getattr(one, same) == few.c[same])
        .join(
            other, sa.and_(getattr(other, same) == few.c[same], other.customer_id > one.customer_id)
        )
    )


def _beside(tx: Transaction, table: Any, value: Any) -> Any:
    """Each of the customers with whoever has the same value, if those are not too many."""
    mine, other, any_ = aliased(table), aliased(table), aliased(table)
    same = value.name
    bearers = sa.select(sa.literal(1)).where(getattr(any_, same) == getattr(mine, same))
    few = bearers.limit(MOST[table] + 1).correlate(mine).subquery()
    count = sa.select(sa.func.count()).select_from(few).scalar_subquery()
    one, two = mine.customer_id, other.customer_id
    return (
        sa.select(
            sa.case((one < two, one), else_=two).label("low"),
            sa.case((one < two, two), else_=one).label("high"),
        )
        .select_from(mine)
        .join(other, sa.and_(getattr(other, same) == getattr(mine, same), one != two))
        .where(among(one, tx.dialect), count <= MOST[table])
    )


def _each_and_next(dialect: str | None = None) -> Any:
    """
    Of identifiers that many bear and nobody shares: each bearer and the next one of the same name.

    Of all, or, with a dialect, of those that the customers in the parameter `among` bear.
    """
    own = sa.select(IDENTIFIER.token).where(IDENTIFIER.token.not_in(sa.select(SHARED.token)))
    if dialect:
        mine: Any = aliased(IdentifierRow)
        theirs = sa.select(mine.token).where(among(mine.customer_id, dialect))
        own = own.where(IDENTIFIER.token.in_(theirs))
    many = own.group_by(IDENTIFIER.token).having(sa.func.count() > MOST[IdentifierRow])
    following = sa.func.lead(IDENTIFIER.customer_id).over(
        partition_by=(IDENTIFIER.token, IDENTIFIER.reading),
        order_by=(CUSTOMER.connection, CUSTOMER.external_id),
    )
    each = sa.select(IDENTIFIER.customer_id.label("one"), following.label("two"))
    each = each.join_from(IdentifierRow, CustomerRow, IDENTIFIER.customer_id == CUSTOMER.id)
    both = each.where(IDENTIFIER.token.in_(many)).subquery()
    one, two = both.c.one, both.c.two
    low, high = sa.case((one < two, one), else_=two), sa.case((one < two, two), else_=one)
    return sa.select(low.label("low"), high.label("high")).where(two.is_not(None))


def _streamed(tx: Transaction, query: Any, given: dict[str, object]) -> Iterator[Pair]:
    return tx.stream(query, given)
