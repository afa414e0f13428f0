"""Which orders bring goods back of which sales, whoever brings them."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table('returned',
    sa.Column('connection', sa.Text(), nullable=False),
    sa.Column('sale', sa.Text(), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('connection', 'sale', 'order_id'),
    sqlite_with_rowid=False
    )
    _fill()


def _fill() -> None:
    """From the orders that are there."""
    link = op.get_bind()
    rows = link.execute(sa.text('SELECT id, connection, record FROM "order"')).all()
    found = {
        (ref.get("connection") or connection, ref["order"], row_id)
        for row_id, connection, record in rows
        for line in json.loads(record).get("lines", ())
        if (ref := line.get("returns_line"))
    }
    table = sa.table('returned', *map(sa.column, ('connection', 'sale', 'order_id')))
    if found:
        names = ('connection', 'sale', 'order_id')
        link.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in sorted(found)])
