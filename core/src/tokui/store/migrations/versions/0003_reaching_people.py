"""Reaching people: suppressions, messages, parcels, steps, write-back; where a consent's proof is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FOLDED = sa.Text(collation='C').with_variant(sa.Text(), 'sqlite')
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')

KEY = ('contact', 'value', 'purpose', 'topic', 'state')
CONSENTS = """
    INSERT INTO consent_new
    (customer_id, contact, value, purpose, topic, state, occurred_at, evidence, external_id, at)
    SELECT customer_id, contact, value, purpose, topic, state, occurred_at, coalesce(evidence, ''),
    external_id, at FROM consent
"""


def text(name: str, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def big(name: str, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=null)


def upgrade() -> None:
    op.create_table('consent_new',
    sa.Column('customer_id', ID, autoincrement=False, nullable=False),
    *(text(name) for name in KEY), big('occurred_at'), text('evidence'), text('external_id'),
    *(text(name, null=True) for name in ('reference', 'notice', 'stated_purpose', 'points', 'actor')),
    big('at'),
    sa.PrimaryKeyConstraint('customer_id', *KEY, 'occurred_at', 'evidence', name='consent_key'),
    sqlite_with_rowid=False
    )
    op.execute(CONSENTS)
    op.drop_table('consent')
    op.rename_table('consent_new', 'consent')
    op.create_table('denial',
    sa.Column('point', FOLDED, nullable=False),
    sa.Column('customer_id', ID, autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('point', 'customer_id'),
    sqlite_with_rowid=False
    )
    op.create_table('suppression',
    text('point'), text('connection'), text('stops'), text('reason'), big('occurred_at'),
    sa.Column('lifted', sa.Boolean(), nullable=False),
    sa.Column('account_only', sa.Boolean(), nullable=False),
    text('detail', null=True), text('actor', null=True), big('at'),
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
    loose = sa.text("parcel_id IS NULL AND state IN ('queued', 'deferred')")
    op.create_index('ix_message_loose', 'message', ['connection', 'due_at'],
                    sqlite_where=loose, postgresql_where=loose)
    op.create_table('parcel',
    sa.Column('id', ID, autoincrement=False, nullable=False),
    text('connection'), text('key'), text('state'), big('token'), text('owner', null=True),
    big('lease_until', null=True), sa.Column('tries', sa.Integer(), nullable=False),
    big('first_tried_at', null=True), sa.Column('doubtful', sa.Boolean(), nullable=False),
    big('due_at'),
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
    text('connection'), sa.Column('customer_id', ID, autoincrement=False, nullable=False),
    text('point'), text('purpose'), text('state'), big('occurred_at'),
    sa.Column('done', sa.Boolean(), nullable=False), text('reason', null=True), big('at'),
    sa.PrimaryKeyConstraint('connection', 'customer_id', 'point', 'purpose', 'state', 'occurred_at'),
    sqlite_with_rowid=False
    )
    op.create_table('proof',
    text('hash'), text('purpose'), text('topic'), big('occurred_at'), text('evidence'),
    text('notice', null=True), big('until'),
    sa.PrimaryKeyConstraint('hash', 'purpose', 'topic', 'occurred_at', 'evidence'),
    sqlite_with_rowid=False
    )
