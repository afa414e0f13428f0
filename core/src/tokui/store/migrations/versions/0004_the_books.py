"""The books: accounts, transfers, entries, lots; transfers and entries cannot be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OPEN = sa.text("remaining > 0")
KEPT = ("transfer", "entry")


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def big(name: str, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=null)


def row_id() -> sa.Column[int]:
    return sa.Column('id', ID, autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table('account',
    row_id(), text('unit'), text('holder'), text('kind'), big('balance'), big('version'),
    sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('unit', 'holder', 'kind'),
    sa.CheckConstraint(
        "CASE kind WHEN 'owed' THEN balance <= 0 WHEN 'issued' THEN balance <= 0 "
        "ELSE balance >= 0 END",
        name='ck_account_balance')
    )
    op.create_table('transfer',
    row_id(), text('key'), text('body'), text('kind'), big('account_id'), big('of_id', null=True),
    sa.Column('nth', sa.Integer(), nullable=True), big('points'), big('moved'), big('after'),
    text('reason'), big('at'),
    sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('key'), sa.UniqueConstraint('of_id', 'nth')
    )
    op.create_index('ix_transfer_account', 'transfer', ['account_id', 'id'])
    op.create_table('entry',
    big('transfer_id'), sa.Column('nth', sa.Integer(), autoincrement=False, nullable=False),
    big('account_id'), big('lot_id', null=True), big('points'),
    sa.PrimaryKeyConstraint('transfer_id', 'nth'),
    sqlite_with_rowid=False
    )
    op.create_table('lot',
    row_id(), big('account_id'), big('transfer_id'), big('points'), big('remaining'),
    big('expired'), big('active_at'), big('expires_at'),
    sa.PrimaryKeyConstraint('id'),
    sa.CheckConstraint(
        'remaining >= 0 AND expired >= 0 AND remaining + expired <= points',
        name='ck_lot_remaining')
    )
    op.create_index('ix_lot_open', 'lot', ['account_id', 'expires_at', 'id'],
                    sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index('ix_lot_due', 'lot', ['expires_at'], sqlite_where=OPEN, postgresql_where=OPEN)
    for table in KEPT:
        keep(table)


def keep(table: str) -> None:
    """Refuse to change a row."""
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'books are not rewritten'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION books_are_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'books are not rewritten'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION books_are_kept()"
    )
