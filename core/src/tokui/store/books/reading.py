"""Balances, histories and sums, as they are at this moment: what is due counts as done."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tokui.connector import Balance, Expiring, Member, Movement
from tokui.model import moment
from tokui.store.books import moves
from tokui.store.books.asked import NEVER, OWN
from tokui.store.books.load import ACCOUNT, LOT, TRANSFER, Sheet
from tokui.store.books.sheet import HELD, POINTS, Pocket
from tokui.store.engine import Transaction
from tokui.store.tables import AccountRow


def balances(tx: Transaction, members: Sequence[Member]) -> list[Balance]:
    """What each member has now."""
    sheet = _whole(tx, members)
    for member in members:
        moves.settle(sheet.pocket(member), sheet.now)
    return [_balance(sheet.pocket(member), sheet.now) for member in members]


def history(tx: Transaction, member: Member, limit: int) -> list[Movement]:
    """The member's movements, the newest first."""
    sheet = _whole(tx, [member])
    pocket = sheet.pocket(member)
    account = pocket.account(POINTS)
    due = [
        Movement(None, each.kind, each.moved, each.reason, moment(each.at))
        for each in moves.settle(pocket, sheet.now)
    ]
    query = sa.select(TRANSFER.key, TRANSFER.kind, TRANSFER.moved, TRANSFER.reason, TRANSFER.at)
    mine = query.where(TRANSFER.account_id == account.id).order_by(TRANSFER.id.desc())
    done = [_movement(*row) for row in tx.all(mine.limit(limit))]
    return [*reversed(due), *done][:limit]


def _movement(key: str, kind: str, points: int, reason: str, at: int) -> Movement:
    return Movement(None if key.startswith(OWN) else key, kind, points, reason, moment(at))


@dataclass(frozen=True, slots=True)
class Sums:
    """
    A programme's points, by its booked transfers.

    Attributes:
        issued: Were given, less what was taken back.
        spent: Less what came back.
        outstanding: Members have them.
        held: Set aside for members.
        owed: By members.
    """

    issued: int
    spent: int
    expired: int
    outstanding: int
    held: int
    owed: int


def sums(tx: Transaction, unit: str) -> Sums:
    """How a programme stands; `issued` + `owed` are all the others together."""
    query = sa.select(ACCOUNT.kind, sa.func.sum(ACCOUNT.balance)).where(ACCOUNT.unit == unit)
    by_kind = defaultdict(int, {k: int(v) for k, v in tx.all(query.group_by(ACCOUNT.kind))})
    there = (by_kind["spent"], by_kind["expired"], by_kind["points"], by_kind["held"])
    return Sums(-by_kind["issued"], *there, -by_kind["owed"])


def _whole(tx: Transaction, members: Sequence[Member]) -> Sheet:
    sheet = Sheet(tx.now_us)
    sheet.read(tx, members, members)
    sheet.read_transfers(tx, ())
    return sheet


def _balance(pocket: Pocket, now: int) -> Balance:
    pending = sum(lot.remaining for lot in pocket.open() if lot.active_at > now)
    total, held = pocket.account(POINTS).balance, pocket.account(HELD).balance
    ends: dict[int, int] = defaultdict(int)
    for lot in pocket.open():
        if lot.expires_at != NEVER:
            ends[lot.expires_at] += lot.remaining
    expiring = tuple(Expiring(points, moment(at)) for at, points in sorted(ends.items()))
    return Balance(total - pending, moment(now), pending, held, pocket.owed, expiring)


def members_due(tx: Transaction, limit: int) -> list[Member]:
    """Members of whom something is due, at most so many; those longest due are among them."""
    oldest = sa.select(LOT.account_id).where(sa.text("remaining > 0"), LOT.expires_at <= tx.now_us)
    due = oldest.order_by(LOT.expires_at).limit(limit).subquery()
    mine = sa.select(ACCOUNT.unit, ACCOUNT.holder).join_from(
        due, AccountRow, ACCOUNT.id == due.c.account_id
    )
    return [Member(*row) for row in tx.all(mine.distinct().order_by(*mine.selected_columns))]
