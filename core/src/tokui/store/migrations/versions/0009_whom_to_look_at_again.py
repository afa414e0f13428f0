"""Whom the next pass looks at is a table of its own: to settle everybody rewrites no customer."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        'dirty',
        sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
                  autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint('customer_id'),
    )
    op.execute('INSERT INTO dirty SELECT id FROM customer WHERE dirty')
    op.drop_index('ix_customer_dirty', 'customer')
    op.drop_column('customer', 'dirty')
