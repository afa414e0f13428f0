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


class Asked(NamedTuple):
    """A member whose turn it is, by the programme's name and the identifier."""

    unit: str
    token: str
    holder: str

    @property
    def member(self) -> Member:
        """Whom to ask for."""
        return Member(self.unit, self.holder)


class Figures(NamedTuple):
    """How many members there are, those never told of, and when the oldest word was said (microseconds)."""

    members: int
    untold: int
    oldest_us: int | None


def prefixes(tx: Transaction, mirror: Mirror) -> list[str]:
    """How the identifiers of its members begin."""
    known = issuers.in_use(tx)
    return [
        f"{kind}:{issuer}:"
        for kind, issuer in dict.fromkeys(known)
        if kind == mirror.number and mirror.issuer in (None, issuer)
    ]


def enter(tx: Transaction, mirror: Mirror, prefix: str, after: str = "") -> str | None:
    """Enter the next members whose identifiers begin so; the last of them, None when all are there."""
    query = _new(mirror.programme).order_by(IDENTIFIER.token).limit(PORTION)
    bounds = {"after": max(after, prefix), "end": prefix + issuers.LAST}
    tokens = [token for (token,) in tx.all(query, **bounds)]
    rows = [
        (mirror.programme, token, token.removeprefix(prefix), mirror.connection, 0, *[None] * 3)
        for token in tokens
    ]
    tx.upsert(MirrorRow, rows)
    return tokens[-1] if tokens else None


def forget(tx: Transaction, mirror: Mirror) -> None:
    """Drop those whom nobody knows any more, and what another system had said before this one."""
    mine = AT.unit == mirror.programme
    known = sa.exists().where(IDENTIFIER.token == AT.token)
    other = AT.connection != mirror.connection
    tx.connection.execute(sa.delete(MirrorRow).where(mine, sa.or_(~known, other)))


def turn(tx: Transaction, unit: str, before_us: int, most: int) -> list[Asked]:
    """Members who were last asked before a moment, those longest unasked first."""
    query = sa.select(AT.unit, AT.token, AT.holder).where(AT.unit == unit, AT.asked_at < before_us)
    return [Asked(*row) for row in tx.all(query.order_by(AT.asked_at, AT.token).limit(most))]


def keep(
    tx: Transaction, connection: str, told: Iterable[tuple[Asked, Balance, Sequence[Movement]]]
) -> int:
    """Keep what was said of members; of how many it was something new."""
    given = list(told)
    before = {
        (unit, token): (balance, moves)
        for unit, token, balance, moves in tx.among(
            _said(tx.dialect), {asked.token for asked, *_ in given}
        )
    }
    rows, news = [], 0
    for asked, balance, moves in given:
        said = (_plain(balance), _MOVES.dump_json(tuple(moves)).decode())
        news += before.get((asked.unit, asked.token)) != said
        rows.append((*asked, connection, tx.now_us, microseconds(balance.as_of), *said))
    tx.upsert(MirrorRow, rows)
    return news


def put_off(tx: Transaction, asked: Collection[Asked], at_us: int) -> None:
    """Let those of whom nothing was said wait, as if they had been asked at a moment."""
    tx.update(MirrorRow, ("asked_at",), [(at_us, each.unit, each.token) for each in asked])


def rows_of(tx: Transaction, member: Member) -> list[Asked]:
    """The entries of one member."""
    query = sa.select(AT.unit, AT.token, AT.holder)
    mine = query.where(AT.unit == member.programme, AT.holder == member.member_no)
    return [Asked(*row) for row in tx.all(mine)]


def balance(tx: Transaction, member: Member) -> Balance | None:
    """What was last said of a member, and when; None before anything was."""
    told = _newest(tx, member)
    if told is None:
        return None
    text, told_us = told[0], told[2]
    return _BALANCE.validate_python({**_BALANCE_TEXT.validate_json(text), "as_of": moment(told_us)})


def history(tx: Transaction, member: Member) -> Sequence[Movement]:
    """The last movements, as they were last told; the newest first."""
    told = _newest(tx, member)
    return _MOVES.validate_json(told[1]) if told else ()


def figures(tx: Transaction, unit: str) -> Figures:
    """How well a programme is known."""
    query = sa.select(sa.func.count(), sa.func.count(AT.told_at), sa.func.min(AT.told_at))
    members, told, oldest = tx.all(query.where(AT.unit == unit))[0]
    return Figures(members, members - told, oldest)


def due_before(tx: Transaction, mirror: Mirror) -> int:
    """Who was asked before this moment is asked again; microseconds."""
    return tx.now_us - timedelta(hours=mirror.every_hours) // timedelta(microseconds=1)


_BALANCE_TEXT = TypeAdapter(dict[str, Any])


def _plain(told: Balance) -> str:
    """Without its moment, so that what did not change is the same."""
    return _BALANCE.dump_json(told, exclude={"as_of"}).decode()


def _newest(tx: Transaction, member: Member) -> Any:
    query = sa.select(AT.balance, AT.moves, AT.told_at).where(
        AT.unit == member.programme, AT.holder == member.member_no, AT.told_at.is_not(None)
    )
    return next(iter(tx.all(query.order_by(AT.told_at.desc()).limit(1))), None)


@cache
def _new(unit: str) -> sa.Select[Any]:
    there = sa.exists().where(AT.unit == unit, AT.token == IDENTIFIER.token)
    query = sa.select(IDENTIFIER.token).distinct()
    return query.where(
        IDENTIFIER.token > sa.bindparam("after"), IDENTIFIER.token < sa.bindparam("end"), ~there
    )


@cache
def _said(dialect: str) -> sa.Select[Any]:
    return sa.select(AT.unit, AT.token, AT.balance, AT.moves).where(among(AT.token, dialect))
