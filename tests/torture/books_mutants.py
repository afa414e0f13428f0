"""Wrong ways to keep books, which the crowd must catch; and a right one without the lock."""

from contextlib import contextmanager

import sqlalchemy as sa
from tokui.connector import Posted, Redeem
from tokui.errors import NotEnough
from tokui.store.books import Books, sql
from tokui.store.engine import Store, Transaction
from tokui.store.tables import AccountRow, columns
from tokui.store.trouble import mapped

ACCOUNT = columns(AccountRow)


class Naive:
    """Looks whether there is enough, then writes what is left."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def post(self, ask: Redeem) -> Posted:
        mine = (ACCOUNT.holder == ask.member.member_no, ACCOUNT.kind == "points")
        with self.store.read() as tx:
            (balance,) = tx.all(sa.select(ACCOUNT.balance).where(*mine))[0]
        if balance < ask.points:
            raise NotEnough("so many points are not there")
        with self.store.write() as tx:
            left = balance - ask.points
            tx.connection.execute(sa.update(AccountRow).where(*mine).values(balance=left))
        return Posted(ask.key, -ask.points, left)


class Unlocked(Books):
    """As ours, where many write at the same time (PostgreSQL)."""

    def __init__(self, store: Store) -> None:
        super().__init__(Free(store.engine, store._now))


class Blind(Unlocked):
    """The same without the conditions."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        sql.swap = _overwrite


class Free(Store):
    """A store without the lock."""

    @contextmanager
    def write(self, *, durable=True, dry_run=False):
        with mapped(), self.engine.begin() as connection:
            yield Transaction(connection, self.now_us())


def _overwrite(tx, table, names, seen, rows):
    cut = [row[: len(names) + 1] for row in rows]
    return sql._run(tx, sql._update(table, names, (), tx.dialect), cut)
