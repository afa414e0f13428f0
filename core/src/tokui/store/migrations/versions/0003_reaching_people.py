"""Reaching people: suppressions, messages, parcels, steps, write-back; where a consent's proof is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def text(name: str, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def big(name: str, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=null)


def upgrade() -> None:
    for name in ("reference", "notice", "stated_purpose", "actor"):
        op.add_column('consent', text(name, null=True))
    op.create_table('suppression',
    text('point'), text('connection'), text('stops'), text('reason'), big('occurred_at'),
    sa.Column('lifted', sa.Boolean(), nullable=False),
    sa.Column('account_only', sa.Boolean(), nullable=False),
    text('detail', null=True), big('at'),
    sa.PrimaryKeyConstraint('point', 'connection', 'stops', 'reason', 'occurred_at', 'lifted'),
    sqlite_with_rowid=False
    )
    op.create_table('message',
    sa.Column('id', ID, autoincrement=False, nullable=False),
    big('customer_id'), text('connection'), text('point'), text('address'), text('purpose'),
    text('topic', null=True), text('language'), text('template', null=True), text('content'),
    text('campaign', null=True), text('author'), text('approved_by', null=True), text('state'),
    text('rule', null=True), text('reason', null=True), big('due_at'), big('parcel_id', null=True),
    text('provider_id', null=True), big('sent_at', null=True), big('at'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_message_customer', 'message', ['customer_id', 'sent_at'])
    op.create_index('ix_message_point', 'message', ['point'])
    op.create_index('ix_message_parcel', 'message', ['parcel_id'])
    op.create_index('ix_message_state', 'message', ['state', 'connection'])
    op.create_table('parcel',
    sa.Column('id', ID, autoincrement=False, nullable=False),
    text('connection'), text('key'), text('state'), big('token'), text('owner', null=True),
    big('lease_until', null=True), sa.Column('tries', sa.Integer(), nullable=False),
    big('first_tried_at', null=True), big('due_at'),
    sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('key')
    )
    op.create_index('ix_parcel_due', 'parcel', ['connection', 'state', 'due_at'])
    op.create_table('step',
    sa.Column('id', ID, autoincrement=False, nullable=False),
    big('message_id'), text('state'), text('rule', null=True), text('reason', null=True),
    text('actor', null=True), big('at'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_step_message', 'step', ['message_id', 'id'])
    op.create_table('push',
    text('connection'), big('seq'), big('customer_id'),
    sa.Column('done', sa.Boolean(), nullable=False), text('reason', null=True), big('at'),
    sa.PrimaryKeyConstraint('connection', 'seq', 'customer_id')
    )
