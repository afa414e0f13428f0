"""Identifiers that say nothing of who somebody is: too many people bear them."""

from collections.abc import Collection, Mapping
from typing import TypeAlias

import sqlalchemy as sa

from tokui.store import decisions, dirty
from tokui.store.decisions import Decided
from tokui.store.engine import Transaction, among
from tokui.store.tables import DirtyRow, IdentifierRow, SharedValueRow, columns

IDENTIFIER, DIRTY = columns(IdentifierRow), columns(DirtyRow)
AT = columns(SharedValueRow)

CROWDED = "too many bearers"
PERHAPS = "?"
"""Stands before the likeliest reading of a given name that may be read otherwise."""

Crowds: TypeAlias = Mapping[str, tuple[int, int]]
"""Identifier → how many bear it, and under how many given names."""


def marked(tx: Transaction) -> dict[str, int]:
    """All identifiers that are demoted because of their bearers → the decision that did it."""
    query = sa.select(AT.token, AT.decision_id).where(AT.reason == CROWDED)
    return dict(tuple(row) for row in tx.all(query))


def crowds(
    tx: Transaction, max_records: int, max_readings: int, tokens: Collection[str] | None = None
) -> dict[str, tuple[int, int]]:
    """
    The identifiers that too many bear, of all or of these; a unique one is never one of them.

    All bearers of one given name count once, for they may be one person who ordered as a guest again
    and again; where it may be read otherwise, it is no name of its own.

    Args:
        tx: A snapshot.
        max_records: So many may bear it.
        max_readings: So many given names are too many.
        tokens: Where to look.
    """
    reading = IDENTIFIER.reading
    certain = sa.case((reading.not_like(f"{PERHAPS}%"), reading))
    names = sa.func.count(certain.distinct())
    bearers = sa.func.count() - sa.func.count(reading) + sa.func.count(reading.distinct())
    query = sa.select(IDENTIFIER.token, bearers, names).group_by(IDENTIFIER.token)
    query = query.having(
        sa.or_(bearers > max_records, names >= max_readings),
        sa.func.max(sa.case((IDENTIFIER.strength != "unique", 1), else_=0)) == 1,
    )
    if tokens is None:
        return {row[0]: (row[1], row[2]) for row in tx.all(query)}
    found = tx.among(query.where(among(IDENTIFIER.token, tx.dialect)), tokens)
    return {row[0]: (row[1], row[2]) for row in found}


def bearers(tx: Transaction, tokens: Collection[str]) -> set[int]:
    """Who bears any of these identifiers."""
    if not tokens:
        return set()
    query = sa.select(IDENTIFIER.customer_id).where(among(IDENTIFIER.token, tx.dialect))
    return {customer_id for (customer_id,) in tx.among(query, tokens)}


def of_dirty(tx: Transaction) -> set[str]:
    """The identifiers of customers who changed since the last pass."""
    changed = sa.select(DIRTY.customer_id)
    query = sa.select(IDENTIFIER.token).where(IDENTIFIER.customer_id.in_(changed))
    return {token for (token,) in tx.all(query)}


def mark(tx: Transaction, crowded: Crowds, actor: str = "rule") -> None:
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
    rows = [(token, CROWDED, number, tx.now_us) for token, number in numbered]
    tx.upsert(SharedValueRow, rows)
    dirty.mark_bearers(tx, crowded)


def unmark(tx: Transaction, lonely: Mapping[str, int], actor: str = "rule") -> None:
    """
    Let identifiers count again, as few bear them now.

    Args:
        tx: A write transaction.
        lonely: Token → the decision that had demoted it.
        actor: Who found out.
    """
    if not lonely:
        return
    log = [
        Decided("mark_shared", actor, None, None, [token.partition(":")[0]], reverts=number)
        for token, number in lonely.items()
    ]
    decisions.append(tx, log)
    tx.delete(SharedValueRow, "token", lonely)
    dirty.mark_bearers(tx, lonely)
