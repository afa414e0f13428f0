"""Contact points that cannot or must not be reached: statements, appended once each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from tokui.model import Suppression, microseconds
from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, IdentifierRow, SuppressionRow, columns

AT = columns(SuppressionRow)
CUSTOMER, IDENTIFIER = columns(CustomerRow), columns(IdentifierRow)


class Suppressed(NamedTuple):
    """
    What is in force for a contact point.

    Attributes:
        point: As `identifier.token`.
        connection: Who says so.
        stops: As in `Suppression`.
        account_only: It concerns this connection alone.
        since_us: When it happened.
    """

    point: str
    connection: str
    stops: Literal["all", "marketing"]
    account_only: bool
    reason: str
    since_us: int

    def concerns(self, connection: str, purpose: str) -> bool:
        """Does it stop a message of this purpose by this connection?"""
        here = not self.account_only or self.connection == connection
        return here and (self.stops == "all" or purpose == "marketing")


def append(
    tx: Transaction,
    connection: str,
    said: Iterable[tuple[str, Suppression]],
    actor: str | None = None,
) -> list[tuple[str, Suppression]]:
    """
    Keep statements that are not here yet; gives these back.

    Args:
        connection: Who says so.
        said: Contact point and statement.
        actor: Who writes it down; None for what a provider says.
    """
    rows = {_key(connection, point, each): each for point, each in said}
    points = {key[0] for key in rows}
    known = {(*row[:-1], bool(row[-1])) for row in tx.among(_known(tx.dialect), points)}
    news = {key: each for key, each in rows.items() if key not in known}
    tx.upsert(
        SuppressionRow,
        [(*key, each.account_only, each.detail, actor, tx.now_us) for key, each in news.items()],
    )
    return [(key[0], each) for key, each in news.items()]


def lift(tx: Transaction, held: Iterable[Suppressed], actor: str) -> None:
    """Let them hold no more, as `actor` says; the same party may say anew that they do."""
    rows = [
        (*each[:3], each.reason, tx.now_us, True, each.account_only, None, actor, tx.now_us)
        for each in held
    ]
    tx.upsert(SuppressionRow, rows)


def in_force(tx: Transaction, points: Collection[str]) -> Mapping[str, Sequence[Suppressed]]:
    """What holds now of these contact points: of each party and reason the newest word, if no lift."""
    newest: dict[tuple[Any, ...], tuple[int, bool, Suppressed]] = {}
    for row in tx.among(_said(tx.dialect), points) if points else ():
        point, connection, stops, account_only, reason, occurred_at, lifted, at = row
        since = min(occurred_at, at)
        said = Suppressed(point, connection, stops, bool(account_only), reason, since)
        key, told = (point, connection, stops, reason), (since, not lifted, said)
        newest[key] = max(told, newest.get(key, told))
    found: dict[str, list[Suppressed]] = defaultdict(list)
    for key in sorted(newest):
        _, holds, said = newest[key]
        if holds:
            found[said.point].append(said)
    return found


def latest(tx: Transaction, limit: int) -> list[Suppressed]:
    """What is in force, the latest first, of so many contact points as something was said of last."""
    query = sa.select(AT.point).group_by(AT.point).order_by(sa.func.max(AT.at).desc())
    points = [point for (point,) in tx.all(query.limit(limit))]
    return _in_order(in_force(tx, points))


def of_profile(tx: Transaction, profile_id: int) -> list[Suppressed]:
    """What is in force for whatever a person can be written to by, the latest first."""
    query = sa.select(IDENTIFIER.token).join_from(
        IdentifierRow, CustomerRow, CUSTOMER.id == IDENTIFIER.customer_id
    )
    points = {point for (point,) in tx.all(query.where(CUSTOMER.profile_id == profile_id))}
    return _in_order(in_force(tx, points))


def _in_order(found: Mapping[str, Sequence[Suppressed]]) -> list[Suppressed]:
    held = [each for some in found.values() for each in some]
    return sorted(held, key=lambda each: (-each.since_us, each))


def _key(connection: str, point: str, each: Suppression) -> tuple[Any, ...]:
    occurred_at = microseconds(each.occurred_at)
    return (point, connection, each.stops, each.reason, occurred_at, each.lifted)


@cache
def _known(dialect: str) -> sa.Select[Any]:
    key = [column for column in AT if column.primary_key]
    return sa.select(*key).where(among(AT.point, dialect))


@cache
def _said(dialect: str) -> sa.Select[Any]:
    names = (
        "point",
        "connection",
        "stops",
        "account_only",
        "reason",
        "occurred_at",
        "lifted",
        "at",
    )
    return sa.select(*(AT[name] for name in names)).where(among(AT.point, dialect))
