"""
Writes a working sheet, on the condition that nothing of it has changed since it was read.

Nothing relies on there being one writer at a time: a member's points have a version that whoever
planned on an older one cannot pass, and every other line has a condition or a key of its own.
"""

from collections.abc import Iterable, Sequence

from tokui.errors import StoreBusy
from tokui.failpoint import failpoint
from tokui.store.books import sql
from tokui.store.books.load import Sheet
from tokui.store.books.sheet import POINTS, Account, Booked, Lot, Pocket
from tokui.store.engine import Row, Transaction
from tokui.store.tables import AccountRow, EntryRow, LotRow, TransferRow

BOOKS = "books"
"""What books are called in errors."""


class Raced(StoreBusy):
    """Another writer was faster: what was read is not so any more. Nothing of this is kept."""


def write(tx: Transaction, sheet: Sheet) -> None:
    """
    Write everything new.

    Raises:
        Raced: Roll back, read again, and try again.
    """
    if not sheet.new:
        return
    pockets = list(dict.fromkeys(each.pocket for each in sheet.new))
    accounts = _accounts(pockets)
    lots = [lot for pocket in pockets for lot in pocket.lots]
    _number(tx, sheet.new, accounts, lots)
    lines = [row for each in sheet.new for row in _lines(each)]
    failpoint("books.planned")
    _only_if(_write_accounts(tx, accounts))
    failpoint("books.accounts")
    _only_if(sql.insert(tx, TransferRow, [_transfer(each) for each in sheet.new]))
    failpoint("books.transfers")
    _only_if(_write_lots(tx, lots))
    failpoint("books.lots")
    _only_if(sql.insert(tx, EntryRow, lines))
    failpoint("books.entries")


def _only_if(all_written: bool) -> None:
    if not all_written:
        raise Raced("another writer was faster", who=BOOKS, todo="try again")


def _accounts(pockets: Iterable[Pocket]) -> list[Account]:
    """All of them, in the order of their ids, so that two writers never wait in a circle."""
    found: dict[int, Account] = {}
    for pocket in pockets:
        for mine in (pocket.accounts, pocket.shop):
            found.update((id(account), account) for account in mine.values())
    return sorted(found.values(), key=lambda account: account.id)


def _number(
    tx: Transaction, new: Sequence[Booked], accounts: Sequence[Account], lots: Sequence[Lot]
) -> None:
    """Give out numbers, without a gap; name what happened by itself."""
    for name, things in (("transfer", new), ("account", accounts), ("lot", lots)):
        fresh: list[Booked | Account | Lot] = [each for each in things if each.fresh]
        for thing, number in zip(fresh, tx.allocate(name, len(fresh)), strict=True):
            thing.id = number
    for each in new:
        if not each.key:
            each.key = _own_key(each)


def _own_key(each: Booked) -> str:
    if each.of is None:
        return f"expire:{each.ended.id if each.ended else 0}"
    return f"release:{each.of.id}" if each.ended else f"arrive:{each.of.id}"


def _write_accounts(tx: Transaction, accounts: Sequence[Account]) -> bool:
    fresh = [
        (each.id, each.unit, each.holder, each.kind, each.balance, 1)
        for each in accounts
        if each.fresh
    ]
    there = [each for each in accounts if not each.fresh]
    mine = [
        (each.balance, each.version + 1, each.id, each.version)
        for each in there
        if each.kind == POINTS
    ]
    others = [(each.balance - each.was, each.id) for each in there if each.kind != POINTS]
    return (
        sql.insert(tx, AccountRow, fresh)
        and sql.swap(tx, AccountRow, ("balance", "version"), ("version",), mine)
        and sql.add(tx, AccountRow, "balance", [row for row in others if row[0]])
    )


def _write_lots(tx: Transaction, lots: Sequence[Lot]) -> bool:
    names = ("remaining", "expired", "account_id")
    changed = [
        (*now, each.id, *each.was)
        for each in lots
        if not each.fresh and each.was != (now := (each.remaining, each.expired, each.account.id))
    ]
    fresh = [_lot(each) for each in lots if each.fresh]
    return sql.insert(tx, LotRow, fresh) and sql.swap(tx, LotRow, names, names, changed)


def _lot(each: Lot) -> Row:
    made_by = each.made_by.id if each.made_by else 0
    dates = (each.active_at, each.expires_at)
    return (each.id, each.account.id, made_by, each.points, each.remaining, each.expired, *dates)


def _transfer(each: Booked) -> Row:
    of_id = each.of.id if each.of else None
    head = (each.id, each.key, each.body, each.kind, each.pocket.account(POINTS).id, of_id)
    return (*head, each.nth, each.points, each.moved, each.after, each.reason, each.at)


def _lines(each: Booked) -> list[Row]:
    return [
        (each.id, nth, account.id, lot.id if lot else None, points)
        for nth, (account, lot, points) in enumerate(each.entries)
    ]
