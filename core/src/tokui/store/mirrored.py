"""What other systems say of the points that they keep: by member, with the moment it was said."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import TypeAdapter

from tokui.connector import Balance, Member, Mirror, Movement
from tokui.model import microseconds, moment
from tokui.store import issuers
from tokui.store.engine import Transaction, among
from tokui.store.tables import IdentifierRow, MirrorRow, columns

AT, IDENTIFIER = columns(MirrorRow), columns(IdentifierRow)

PORTION = 5_000
"""Members that are entered in one transaction."""

_BALANCE, _MOVES = TypeAdapter(Balance), TypeAdapter(tuple[Movement, ...])
_FIELDS = TypeAdapter(dict[str, Any])


class Figures(NamedTuple):
    """How many members there are, those never told of, and when the oldest word was said (microseconds)."""

    members: int
    untold: int
    oldest_us: int | None


def prefixes(tx: Transaction, mirror: Mirror) -> list[str]:
    """How the identifiers of its members begin."""
    return [
        f"{kind}:{issuer}:"
        for kind, issuer in dict.fromkeys(issuers.in_use(tx))
        if kind == mirror.number and mirror.issuer in (None, issuer)
    ]


def enter(tx: Transaction, mirror: Mirror, prefix: str, after: str = "") -> str | None:
    """Enter the next members whose identifiers begin so; the last of them, None when all are there."""
    bounds = {
        "unit": mirror.programme,
        "after": max(after, prefix),
        "end": prefix + issuers.LAST,
        "begin": len(prefix) + 1,
    }
    tokens = [token for (token,) in tx.all(_NEW, **bounds)]
    numbers = [token.removeprefix(prefix) for token in tokens]
    blank = (mirror.connection, 0, None, None, None)
    tx.upsert(MirrorRow, [(mirror.programme, number, *blank) for number in numbers])
    return tokens[-1] if tokens else None


def forget(tx: Transaction, mirror: Mirror, known: Sequence[str]) -> None:
    """
    Drop those whom nobody knows any more, and what another system had said before this one.

    Args:
        tx: A write transaction.
        mirror: The programme.
        known: How its members' identifiers begin.
    """
    tokens = [IDENTIFIER.token == sa.literal(prefix) + AT.holder for prefix in known]
    stranger = ~sa.exists().where(sa.or_(*tokens)) if tokens else sa.true()
    gone = sa.or_(stranger, AT.connection != mirror.connection)
    tx.connection.execute(sa.delete(MirrorRow).where(AT.unit == mirror.programme, gone))


def turn(tx: Transaction, unit: str, before_us: int, most: int) -> list[Member]:
    """Members who were last asked before a moment, those longest unasked first."""
    query = sa.select(AT.holder).where(AT.unit == unit, AT.asked_at < before_us)
    rows = tx.all(query.order_by(AT.asked_at, AT.holder).limit(most))
    return [Member(unit, holder) for (holder,) in rows]


def keep(
    tx: Transaction, connection: str, told: Iterable[tuple[Member, Balance, Sequence[Movement]]]
) -> int:
    """Keep what was said of members, unless something newer is kept; of how many it was news."""
    given = list(told)
    found = tx.among(_said(tx.dialect), {member.member_no for member, *_ in given})
    before = {Member(unit, holder): said for unit, holder, *said in found}
    rows, news = [], 0
    for member, balance, moves in given:
        at, said = microseconds(balance.as_of), (_plain(balance), _written(moves))
        last, *was = before.get(member, (None, None, None))
        if last is None or at >= last:
            news += said != tuple(was)
            rows.append((member.programme, member.member_no, connection, tx.now_us, at, *said))
    tx.upsert(MirrorRow, rows)
    return news


def put_off(tx: Transaction, asked: Collection[Member], at_us: int) -> None:
    """Let those of whom nothing was said wait, as if they had been asked at a moment."""
    rows = [(at_us, each.programme, each.member_no) for each in asked]
    tx.update(MirrorRow, ("asked_at",), rows)


def balance(tx: Transaction, member: Member) -> Balance | None:
    """What was last said of a member, and when; None before anything was."""
    if (told := _told(tx, member)) is None:
        return None
    fields = _FIELDS.validate_json(told.balance)
    return _BALANCE.validate_python({**fields, "as_of": moment(told.told_at)})


def history(tx: Transaction, member: Member) -> Sequence[Movement]:
    """The last movements, as they were last told; the newest first."""
    told = _told(tx, member)
    return _MOVES.validate_json(told.moves) if told else ()


def figures(tx: Transaction, unit: str) -> Figures:
    """How well a programme is known."""
    query = sa.select(sa.func.count(), sa.func.count(AT.told_at), sa.func.min(AT.told_at))
    members, told, oldest = tx.all(query.where(AT.unit == unit))[0]
    return Figures(members, members - told, oldest)


def due_before(tx: Transaction, mirror: Mirror) -> int:
    """Who was asked before this moment is asked again; microseconds."""
    return tx.now_us - timedelta(hours=mirror.every_hours) // timedelta(microseconds=1)


def _plain(told: Balance) -> str:
    """Without its moment, so that what did not change is the same."""
    return _BALANCE.dump_json(told, exclude={"as_of"}).decode()


def _written(moves: Sequence[Movement]) -> str:
    return _MOVES.dump_json(tuple(moves)).decode()


def _told(tx: Transaction, member: Member) -> Any:
    query = sa.select(AT.balance, AT.moves, AT.told_at).where(
        AT.unit == member.programme, AT.holder == member.member_no, AT.told_at.is_not(None)
    )
    return tx.connection.execute(query).first()


_NEW = (
    sa.select(IDENTIFIER.token)
    .distinct()
    .where(
        IDENTIFIER.token > sa.bindparam("after"),
        IDENTIFIER.token < sa.bindparam("end"),
        ~sa.exists().where(
            AT.unit == sa.bindparam("unit"),
            AT.holder == sa.func.substr(IDENTIFIER.token, sa.bindparam("begin", type_=sa.Integer)),
        ),
    )
    .order_by(IDENTIFIER.token)
    .limit(PORTION)
)


@cache
def _said(dialect: str) -> sa.Select[Any]:
    query = sa.select(AT.unit, AT.holder, AT.told_at, AT.balance, AT.moves)
    return query.where(among(AT.holder, dialect))
