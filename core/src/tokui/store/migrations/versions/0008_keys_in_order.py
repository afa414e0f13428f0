"""Transfers are found by how their keys begin, in whichever language a database sorts."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('transfer', 'key', type_=sa.Text(collation='C'), existing_nullable=False)
