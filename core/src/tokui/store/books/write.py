"""
Writes a working sheet, on the condition that nothing of it has changed since it was read.

Nothing relies on there being one writer at a time: a member's points have a version that whoever
planned on an older one cannot pass, and every other line has a condition or a key of its own.
"""

from collections.abc import Iterable, Sequence

from tokui.errors import StoreBusy
from tokui.failpoint import failpoint
from tokui.store import statements
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
    failpoint("books.planned")
    _write_accounts(tx, accounts)
    failpoint("books.accounts")
    _all(tx, statements.fresh(TransferRow, tx.dialect), map(_transfer, sheet.new))
    failpoint("books.transfers")
    _write_lots(tx, lots)
    failpoint("books.lots")
    lines = [row for each in sheet.new for row in _lines(each)]
    _all(tx, statements.fresh(EntryRow, tx.dialect), lines)
    failpoint("books.entries")


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
        if each.ended is not None:
            each.key = f"release:{each.of.id}" if each.of else f"expire:{each.ended.id}"


def _write_accounts(tx: Transaction, accounts: Sequence[Account]) -> None:
    opened = [
        (each.id, each.unit, each.holder, each.kind, each.balance, 1)
        for each in accounts
        if each.fresh
    ]
    _all(tx, statements.fresh(AccountRow, tx.dialect), opened)
    there = [each for each in accounts if not each.fresh]
    mine = [each for each in there if each.kind == POINTS]
    swap = statements.swap(AccountRow, ("balance", "version"), ("id", "version"), tx.dialect)
    _all(tx, swap, [(each.balance, each.version + 1, each.id, each.version) for each in mine])
    moved = [each for each in there if each.kind != POINTS and each.balance != each.was]
    add = statements.add(AccountRow, "balance", tx.dialect)
    _all(tx, add, [(each.balance - each.was, each.id) for each in moved])


def _write_lots(tx: Transaction, lots: Sequence[Lot]) -> None:
    fresh = [_lot(each) for each in lots if each.fresh]
    _all(tx, statements.fresh(LotRow, tx.dialect), fresh)
    seen = ("id", "remaining", "expired")
    changed = [
        each for each in lots if not each.fresh and each.was != (each.remaining, each.expired)
    ]
    swap = statements.swap(LotRow, ("remaining", "expired"), seen, tx.dialect)
    _all(tx, swap, [(each.remaining, each.expired, each.id, *each.was) for each in changed])


def _lot(each: Lot) -> Row:
    made_by = each.made_by.id if each.made_by else 0
    dates = (each.active_at, each.expires_at)
    return (each.id, each.account.id, made_by, each.points, each.remaining, each.expired, *dates)


def _transfer(each: Booked) -> Row:
    of_id = each.of.id if each.of else None
    head = (
        each.id,
        each.key,
        each.body,
        each.kind,
        each.pocket.account(POINTS).id,
        of_id,
        each.nth,
    )
    return (*head, each.points, each.moved, each.after, each.reason, each.at)


def _lines(each: Booked) -> list[Row]:
    return [
        (each.id, nth, account.id, lot.id if lot else None, points)
        for nth, (account, lot, points) in enumerate(each.entries)
    ]


def _all(tx: Transaction, statement: str, rows: Iterable[Row]) -> None:
    """Run it for every row; every one must be written."""
    many = list(rows)
    if many:
        cursor = tx.connection.connection.cursor()
        cursor.executemany(statement, many)
        if cursor.rowcount != len(many):
            raise Raced("another writer was faster", who=BOOKS, todo="try again")
