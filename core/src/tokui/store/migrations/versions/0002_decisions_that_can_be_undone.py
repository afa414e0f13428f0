"""Decisions that can be undone: moves, answers, reviews, households, what matching compares."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
FOLDED = sa.Text(collation='C').with_variant(sa.Text(), 'sqlite')

MOVES = {
    'sqlite': """
        INSERT INTO move (customer_id, decision_id, from_id, to_id)
        SELECT CAST(was.key AS INTEGER), decision.id, was.value, decision.profile_id
        FROM decision, json_each(decision.before) AS was
    """,
    'postgresql': """
        INSERT INTO move (customer_id, decision_id, from_id, to_id)
        SELECT was.key::bigint, decision.id, was.value::bigint, decision.profile_id
        FROM decision, jsonb_each_text(decision.before::jsonb) AS was
    """,
}


def given(name: str) -> sa.Column[int]:
    return sa.Column(name, ID, autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table('move',
    given('customer_id'),
    given('decision_id'),
    sa.Column('from_id', sa.BigInteger(), nullable=True),
    sa.Column('to_id', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('customer_id', 'decision_id'),
    sqlite_with_rowid=False
    )
    op.create_index('ix_move_decision_id', 'move', ['decision_id'], unique=False)
    op.execute(MOVES[op.get_context().dialect.name])
    with op.batch_alter_table('decision') as decision:
        decision.drop_column('before')
        decision.alter_column('profile_id', existing_type=sa.BigInteger(), nullable=True)
        decision.add_column(sa.Column('rule', sa.Text(), nullable=True))
        decision.add_column(sa.Column('left_id', sa.BigInteger(), nullable=True))
        decision.add_column(sa.Column('right_id', sa.BigInteger(), nullable=True))
        decision.add_column(sa.Column('reverts', sa.BigInteger(), nullable=True))
    op.execute("UPDATE decision SET rule = actor, actor = 'rule' WHERE actor <> 'source'")
    op.add_column('customer', sa.Column('features', sa.Text(), nullable=True))
    op.add_column('customer', sa.Column('dirty', sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index('ix_customer_dirty', 'customer', ['id'], unique=False,
    sqlite_where=sa.text('dirty = 1'), postgresql_where=sa.text('dirty'))
    op.add_column('identifier', sa.Column('reading', sa.Text(), nullable=True))
    op.create_table('answer',
    given('left_id'),
    given('right_id'),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('decision_id', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('left_id', 'right_id'),
    sqlite_with_rowid=False
    )
    op.create_index('ix_answer_right_id', 'answer', ['right_id'], unique=False)
    op.create_table('review',
    given('left_id'),
    given('right_id'),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('gain', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('left_id', 'right_id'),
    sqlite_with_rowid=False
    )
    op.create_index('ix_review_right_id', 'review', ['right_id'], unique=False)
    op.create_index('ix_review_gain', 'review', ['gain'], unique=False)
    op.create_table('match_key',
    given('key'),
    given('customer_id'),
    sa.PrimaryKeyConstraint('key', 'customer_id'),
    sqlite_with_rowid=False
    )
    op.create_index('ix_match_key_customer_id', 'match_key', ['customer_id'], unique=False)
    op.create_table('shared_value',
    sa.Column('token', FOLDED, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decision_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('token')
    )
    op.create_table('household',
    given('id'),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('household_member',
    given('household_id'),
    given('customer_id'),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=True),
    sa.Column('until', sa.BigInteger(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('household_id', 'customer_id'),
    sqlite_with_rowid=False
    )
    op.create_index('ix_household_member_customer_id', 'household_member', ['customer_id'], unique=False)
