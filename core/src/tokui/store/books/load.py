"""Reads what transfers need to know onto a working sheet."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.connector import Capture, Earn, Member, Move, Reverse, Transfer, Void
from tokui.store.books.sheet import HELD, POINTS, Account, Booked, Entry, Lot, Pocket
from tokui.store.engine import Transaction, among
from tokui.store.tables import AccountRow, EntryRow, LotRow, TransferRow, columns

ACCOUNT, TRANSFER = columns(AccountRow), columns(TransferRow)
ENTRY, LOT = columns(EntryRow), columns(LotRow)


@dataclass(slots=True)
class Sheet:
    """
    Some members' pockets, and what is booked on them.

    Attributes:
        now: Microseconds; the moment of everything that is booked.
        keys: Transfers by their keys, those of the store that are at hand and new ones.
        new: What is booked and not written yet, in order.
    """

    now: int
    pockets: dict[Member, Pocket] = field(default_factory=dict)
    shops: dict[str, dict[str, Account]] = field(default_factory=dict)
    keys: dict[str, Booked] = field(default_factory=dict)
    new: list[Booked] = field(default_factory=list)
    _accounts: dict[int, Account] = field(default_factory=dict)
    _lots: dict[int, Lot] = field(default_factory=dict)
    _transfers: dict[int, Booked] = field(default_factory=dict)
    _holds: dict[int, Lot] = field(default_factory=dict)

    def pocket(self, member: Member) -> Pocket:
        """The member's pocket; an empty one, of one who has none yet."""
        if member not in self.pockets:
            shop = self.shops.setdefault(member.programme, {})
            self.pockets[member] = Pocket(member.programme, member.member_no, shop)
        return self.pockets[member]

    # --- reading ---------------------------------------------------------------------------------

    def read(self, tx: Transaction, members: Collection[Member], whole: Collection[Member]) -> None:
        """
        The accounts of members, and their lots.

        Args:
            tx: A snapshot, or a write transaction.
            members: Whose.
            whole: Of these, all lots that have points; of the others, those that are due.
        """
        for unit in sorted({member.programme for member in members}):
            holders = {each.member_no for each in members if each.programme == unit}
            for row in tx.named(_accounts(tx.dialect), {"", *holders}, unit=unit):
                self._take_account(*row)
        ids = self._ids(whole)
        self._take_lots(tx.named(_open(tx.dialect), ids) if ids else ())
        ids = self._ids(members) - ids
        self._take_lots(tx.named(_due(tx.dialect), ids, now=self.now) if ids else ())

    def read_transfers(self, tx: Transaction, keys: Collection[str]) -> None:
        """Transfers by their keys and those behind due holds; what came of them, and their lots."""
        due = [each for each, lot in self._holds.items() if lot.expires_at <= self.now]
        found = [*tx.named(_by_key(tx.dialect), keys)] if keys else []
        found += tx.named(_by_id(tx.dialect), due) if due else []
        ids = [row.id for row in found]
        found += tx.named(_later(tx.dialect), ids) if ids else ()
        self._meet(tx, {row.account_id for row in found})
        for row in sorted(found, key=lambda row: row.id):
            self._take_transfer(row)
        lines = tx.named(_lines(tx.dialect), self._transfers) if self._transfers else ()
        self.read_lots(tx, {line.lot_id for line in lines}.difference([None]))
        for line in lines:
            lot = self._lots[line.lot_id] if line.lot_id is not None else None
            account = self._accounts[line.account_id]
            self._transfers[line.transfer_id].entries.append(Entry(account, lot, line.points))

    def read_lots(self, tx: Transaction, ids: Collection[int], of: int | None = None) -> None:
        """Lots by their ids, and whose they are; those of one account only, where it is said."""
        rows = tx.named(_lots(tx.dialect), {*ids}.difference(self._lots))
        rows = [row for row in rows if of in (None, row.account_id)]
        self._meet(tx, {row.account_id for row in rows})
        self._take_lots(rows)

    def _meet(self, tx: Transaction, accounts: Collection[int]) -> None:
        """Members by their accounts: what was theirs once may be another's now."""
        for row in tx.named(_owners(tx.dialect), {*accounts}.difference(self._accounts)):
            for account in tx.named(_accounts(tx.dialect), [row.holder], unit=row.unit):
                self._take_account(*account)

    def _ids(self, members: Iterable[Member]) -> set[int]:
        pockets = (self.pockets[member] for member in members if member in self.pockets)
        return {
            account.id
            for pocket in pockets
            for account in pocket.accounts.values()
            if account.kind in (POINTS, HELD)
        }

    def _take_account(
        self, row_id: int, unit: str, holder: str, kind: str, balance: int, version: int
    ) -> None:
        if row_id in self._accounts:
            return
        account = Account(unit, holder, kind, row_id, False, balance, balance, version)
        self._accounts[row_id] = account
        if holder:
            self.pocket(Member(unit, holder)).accounts[kind] = account
        else:
            self.shops.setdefault(unit, {})[kind] = account

    def _take_lots(self, rows: Iterable[Any]) -> None:
        for row_id, account_id, made_by, points, remaining, expired, active_at, expires_at in rows:
            if row_id in self._lots:
                continue
            account = self._accounts[account_id]
            pocket = self.pocket(Member(account.unit, account.holder))
            lot = Lot(pocket, account, points, active_at, expires_at)
            lot.id, lot.fresh, lot.remaining, lot.expired = row_id, False, remaining, expired
            lot.was = (remaining, expired, account_id)
            self._lots[row_id] = lot
            pocket.lots.append(lot)
            if account.kind == HELD:
                self._holds[made_by] = lot

    def _take_transfer(self, row: Any) -> None:
        account = self._accounts[row.account_id]
        pocket = self.pocket(Member(account.unit, account.holder))
        booked = Booked(row.key, row.body, row.kind, pocket, row.points, row.reason, row.at)
        booked.id, booked.fresh, booked.nth = row.id, False, row.nth
        booked.of = self._transfers.get(row.of_id)
        if booked.of is not None:
            booked.of.later.append(booked)
        if row.id in self._holds:
            self._holds[row.id].made_by = booked
        self._transfers[row.id] = self.keys[row.key] = booked


def sheet(tx: Transaction, asked: Sequence[Transfer]) -> Sheet:
    """What these transfers need to know."""
    found = Sheet(tx.now_us)
    about = {each.of for each in asked if isinstance(each, Reverse | Capture | Void)}
    behind = tx.named(_behind(tx.dialect), about)
    whole = {each.member for each in asked if not isinstance(each, Earn)}
    whole |= {Member(each.member.programme, each.to) for each in asked if isinstance(each, Move)}
    others = {Member(row.unit, row.holder) for row in behind}
    whole |= others
    found.read(tx, {each.member for each in asked} | whole, whole)
    found.read_transfers(tx, about)
    for member in {each.member for each in asked if isinstance(each, Move)}:
        mine = found.pocket(member).account(POINTS).id
        ever = [row.lot_id for row in tx.named(_ever(tx.dialect), [mine])]
        found.read_lots(tx, ever, mine)
    return found


def known(tx: Transaction, keys: Collection[str]) -> Mapping[str, Any]:
    """The transfers that are there under these keys."""
    return {row.key: row for row in tx.named(_by_key(tx.dialect), keys)}


@cache
def _accounts(dialect: str) -> sa.Select[Any]:
    mine = sa.and_(ACCOUNT.unit == sa.bindparam("unit"), among(ACCOUNT.holder, dialect))
    return sa.select(*ACCOUNT).where(mine)


@cache
def _behind(dialect: str) -> sa.Select[Any]:
    query = sa.select(ACCOUNT.unit, ACCOUNT.holder)
    both = query.join_from(TransferRow, AccountRow, TRANSFER.account_id == ACCOUNT.id)
    return both.where(among(TRANSFER.key, dialect)).distinct()


@cache
def _owners(dialect: str) -> sa.Select[Any]:
    return sa.select(ACCOUNT.unit, ACCOUNT.holder).where(among(ACCOUNT.id, dialect)).distinct()


@cache
def _ever(dialect: str) -> sa.Select[Any]:
    """Every lot that an account had at any time: all of them are in its transfers' lines."""
    query = sa.select(ENTRY.lot_id).distinct().where(ENTRY.lot_id.is_not(None))
    lines = query.join_from(TransferRow, EntryRow, ENTRY.transfer_id == TRANSFER.id)
    return lines.where(among(TRANSFER.account_id, dialect))


@cache
def _open(dialect: str) -> sa.Select[Any]:
    return sa.select(*LOT).where(among(LOT.account_id, dialect), sa.text("remaining > 0"))


@cache
def _due(dialect: str) -> sa.Select[Any]:
    return _open(dialect).where(LOT.expires_at <= sa.bindparam("now", type_=sa.BigInteger))


@cache
def _lots(dialect: str) -> sa.Select[Any]:
    return sa.select(*LOT).where(among(LOT.id, dialect))


@cache
def _by_key(dialect: str) -> sa.Select[Any]:
    return sa.select(*TRANSFER).where(among(TRANSFER.key, dialect))


@cache
def _by_id(dialect: str) -> sa.Select[Any]:
    return sa.select(*TRANSFER).where(among(TRANSFER.id, dialect))


@cache
def _later(dialect: str) -> sa.Select[Any]:
    return sa.select(*TRANSFER).where(among(TRANSFER.of_id, dialect))


@cache
def _lines(dialect: str) -> sa.Select[Any]:
    lines = sa.select(*ENTRY).where(among(ENTRY.transfer_id, dialect))
    return lines.order_by(ENTRY.transfer_id, ENTRY.nth)
