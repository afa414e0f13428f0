"""Points that another system keeps: what it last said, and what it was asked to move."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

OPEN = sa.text("state = 'open'")


def text(name: str, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def big(name: str, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def upgrade() -> None:
    op.create_table('mirror',
    text('unit'),
    sa.Column('holder', sa.Text(collation='C').with_variant(sa.Text(), 'sqlite'), nullable=False),
    text('connection'), big('asked_at'), big('told_at', null=True),
    text('balance', null=True), text('moves', null=True),
    sa.PrimaryKeyConstraint('unit', 'holder'),
    sqlite_with_rowid=False
    )
    op.create_index('ix_mirror_asked', 'mirror', ['unit', 'asked_at'])
    op.create_table('foreign_transfer',
    text('key'), text('connection'), text('unit'), text('holder'), text('kind'), text('body'),
    text('asked'), text('state'), sa.Column('doubtful', sa.Boolean(), nullable=False),
    text('owner', null=True), big('lease_until'), sa.Column('tries', sa.Integer(), nullable=False),
    big('points', null=True), big('after', null=True), text('why', null=True), big('asked_at'),
    big('tried_at'),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_index('ix_foreign_transfer_open', 'foreign_transfer',
                    ['connection', 'unit', 'holder'], sqlite_where=OPEN, postgresql_where=OPEN)
