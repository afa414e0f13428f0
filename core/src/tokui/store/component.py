"""Everybody and everything that one decision may have to do with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.store import decisions
from tokui.store.decisions import Decision
from tokui.store.engine import Transaction, among
from tokui.store.tables import AliasRow, CustomerRow, columns

CUSTOMER, ALIAS = columns(CustomerRow), columns(AliasRow)


@dataclass(frozen=True, slots=True)
class Component:
    """
    Customers that ever shared a profile, directly or through others.

    Attributes:
        now: Customer id → profile id.
        log: Every decision on them, the first one first.
        aliases: Profile ids of theirs that mean another one now → that one.
    """

    now: Mapping[int, int]
    log: Sequence[Decision]
    aliases: Mapping[int, int]


def around(
    tx: Transaction, customers: Iterable[int] = (), profiles: Iterable[int] = ()
) -> Component:
    """The whole component of these customers and profiles."""
    people, names = set(customers), set(profiles)
    now: dict[int, int] = {}
    log: dict[int, Decision] = {}
    aliases: dict[int, int] = {}
    size = -1
    while size != (size := len(people) + len(names)):
        log.update((each.id, each) for each in decisions.about(tx, people, names))
        names.update(decisions.names(log.values()))
        people |= {move.customer_id for each in log.values() for move in each.moves}
        people |= {end for each in log.values() for end in each.between or ()}
        aliases.update((old, into) for old, into in tx.among(_aliases(tx.dialect), names))
        names.update(*aliases.items())
        now.update((row_id, profile) for row_id, profile in tx.among(_of(tx.dialect), people))
        now.update((row_id, profile) for row_id, profile in tx.among(_in(tx.dialect), names))
        people |= now.keys()
        names |= set(now.values())
    return Component(now, [log[number] for number in sorted(log)], aliases)


@cache
def _of(dialect: str) -> sa.Select[Any]:
    return sa.select(CUSTOMER.id, CUSTOMER.profile_id).where(among(CUSTOMER.id, dialect))


@cache
def _in(dialect: str) -> sa.Select[Any]:
    return sa.select(CUSTOMER.id, CUSTOMER.profile_id).where(among(CUSTOMER.profile_id, dialect))


@cache
def _aliases(dialect: str) -> sa.CompoundSelect[Any]:
    query = sa.select(ALIAS.profile_id, ALIAS.into_id)
    return sa.union(
        query.where(among(ALIAS.profile_id, dialect)), query.where(among(ALIAS.into_id, dialect))
    )
