"""Chains of sealed lines, which cannot be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table('chain',
    text('chain'), big('n'), text('key'), text('body'), text('hash'), text('actor'), big('at'),
    sa.PrimaryKeyConstraint('chain', 'n'), sa.UniqueConstraint('chain', 'key'),
    sqlite_with_rowid=False
    )
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(
            "CREATE TRIGGER chain_is_kept BEFORE UPDATE ON chain "
            "BEGIN SELECT RAISE(ABORT, 'chains are not rewritten'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION chains_are_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'chains are not rewritten'; END $$"
    )
    op.execute(
        "CREATE TRIGGER chain_is_kept BEFORE UPDATE ON chain "
        "FOR EACH ROW EXECUTE FUNCTION chains_are_kept()"
    )
