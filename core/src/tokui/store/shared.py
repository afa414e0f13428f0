"""Identifiers that say nothing of who somebody is: too many people bear them."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from tokui.store import decisions
from tokui.store.decisions import Decided
from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, IdentifierRow, SharedValueRow, columns

CUSTOMER, IDENTIFIER = columns(CustomerRow), columns(IdentifierRow)


def mark(tx: Transaction, crowded: Mapping[str, tuple[int, int]], actor: str = "rule") -> None:
    """
    Demote identifiers, with a line in the log for each; what hung on them is weighed again.

    Args:
        tx: A write transaction.
        crowded: Token → how many bear it, and under how many given names.
        actor: Who found out.
    """
    if not crowded:
        return
    log = [
        Decided("mark_shared", actor, None, None, [token.partition(":")[0], *figures])
        for token, figures in crowded.items()
    ]
    numbered = zip(crowded, decisions.append(tx, log), strict=True)
    rows = [(token, "too many bearers", number, tx.now_us) for token, number in numbered]
    tx.upsert(SharedValueRow, rows)
    touch(tx, crowded)


def touch(tx: Transaction, tokens: Collection[str]) -> None:
    """Let the next batch pass weigh all bearers of these identifiers again."""
    bearers = sa.select(IDENTIFIER.customer_id).where(among(IDENTIFIER.token, tx.dialect))
    again = sa.update(CustomerRow).where(CUSTOMER.id.in_(bearers)).values(dirty=True)
    tx.connection.execute(again, {"among": tx.as_one(list(tokens))})
