"""Which kinds of identifiers there are, and who gives them out."""

import sqlalchemy as sa

from tokui.store.engine import Transaction
from tokui.store.tables import IdentifierRow, columns

MOST = 200
"""Issuers to look at; a shop has a handful."""

LAST = "\U0010ffff"


def in_use(tx: Transaction) -> list[tuple[str, str]]:
    """
    Every (kind, issuer) that some customer's identifier has.

    Jumps from one to the next along the key, so that it costs a look-up for each and not a walk over
    all identifiers.
    """
    token = columns(IdentifierRow).token
    found: list[tuple[str, str]] = []
    after = ""
    for _ in range(MOST):
        query = sa.select(sa.func.min(token)).where(token > after)
        first = tx.connection.execute(query).scalar()
        if first is None:
            break
        kind, issuer, _key = first.split(":", 2)
        found.append((kind, issuer))
        after = f"{kind}:{issuer}:{LAST}"
    return found
