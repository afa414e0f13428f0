"""Whose a contact point is now."""

from collections.abc import Collection
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, IdentifierRow, columns

CUSTOMER, IDENTIFIER = columns(CustomerRow), columns(IdentifierRow)


def living(tx: Transaction, points: Collection[str]) -> set[tuple[str, int]]:
    """Contact point and profile of every customer who bears it, and whom their source still has."""
    return {tuple(row) for row in (tx.among(_living(tx.dialect), points) if points else ())}


@cache
def _living(dialect: str) -> sa.Select[Any]:
    both = sa.select(IDENTIFIER.token, CUSTOMER.profile_id).join_from(
        IdentifierRow, CustomerRow, CUSTOMER.id == IDENTIFIER.customer_id
    )
    return both.where(among(IDENTIFIER.token, dialect), CUSTOMER.gone_at.is_(None))
