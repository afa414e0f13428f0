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
    all identifiers. Where an issuer or a value has colons, each way to part the two is given.
    """
    token = columns(IdentifierRow).token
    found: list[tuple[str, str]] = []
    after = ""
    for _ in range(MOST):
        query = sa.select(sa.func.min(token)).where(token > after)
        first = tx.connection.execute(query).scalar()
        if first is None:
            break
        kind, _, rest = first.partition(":")
        shortest, longest = rest.partition(":")[0], rest.rpartition(":")[0]
        found += [(kind, issuer) for issuer in dict.fromkeys((shortest, longest))]
        after = f"{kind}:{longest}:{LAST}"
    return found
