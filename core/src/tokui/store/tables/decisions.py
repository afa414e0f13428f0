"""Why customers are linked as they are: decisions, what they moved, answers, open questions."""

from sqlalchemy import BigInteger, Index, Integer, Text
from sqlmodel import Field, SQLModel

from tokui.store.tables.keys import GIVEN, Id, Keyed


class DecisionRow(Keyed, table=True):
    """
    A decision on who is who. Append-only.

    Attributes:
        kind: `link`, `merge` or `split` where customers moved; `must_link` or `cannot_link` for an
            answer that moved nobody; `mark_shared` for an identifier that is nobody's own.
        actor: `rule`, `batch`, `source`, or `staff:NAME`.
        rule: Name and version of the rule that decided.
        profile_id: The profile that stays, or that others left.
        left_id: The customer whose likeness to `right_id` decided, where it was a pair.
        right_id: The other one of the pair.
        evidence: JSON: reasons, never the values.
        reverts: The decision that this one takes back.
        at: When.
    """

    __tablename__ = "decision"

    kind: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    rule: str | None = Field(default=None, sa_type=Text)
    profile_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    left_id: int | None = Field(default=None, sa_type=BigInteger)
    right_id: int | None = Field(default=None, sa_type=BigInteger)
    evidence: str = Field(sa_type=Text)
    reverts: int | None = Field(default=None, sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)


class MoveRow(SQLModel, table=True):
    """
    A customer that a decision moved; the last one says where it is.

    Attributes:
        from_id: The profile that it left; None for a customer that had none yet.
        to_id: The profile that it joined.
    """

    __tablename__ = "move"
    __table_args__ = {"sqlite_with_rowid": False}

    customer_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)
    decision_id: int = Field(sa_type=Id, primary_key=True, index=True, sa_column_kwargs=GIVEN)
    from_id: int | None = Field(default=None, sa_type=BigInteger)
    to_id: int = Field(sa_type=BigInteger)


class AnswerRow(SQLModel, table=True):
    """
    What a person, or the source itself, says of two customers: it holds whatever rules say.

    Attributes:
        left_id: The lower id of the two.
        right_id: The higher one.
        verdict: `same` or `different`.
        actor: `source`, or `staff:NAME`, who overrules a source and is overruled by none.
        decision_id: The decision that gave it.
    """

    __tablename__ = "answer"
    __table_args__ = {"sqlite_with_rowid": False}

    left_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)
    right_id: int = Field(sa_type=Id, primary_key=True, index=True, sa_column_kwargs=GIVEN)
    verdict: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    decision_id: int = Field(sa_type=BigInteger)


class ReviewRow(SQLModel, table=True):
    """
    Two customers that people should look at.

    Attributes:
        left_id: The lower id of the two.
        right_id: The higher one.
        score: Log-odds that they are one person, in thousandths.
        gain: What an answer is worth; the highest is asked first.
        reason: `likely`, `vetoed`, `asked` or `duplicates`.
        evidence: JSON: reasons, never the values.
        at: When it was first asked.
    """

    __tablename__ = "review"
    __table_args__ = (Index("ix_review_gain", "gain"), {"sqlite_with_rowid": False})

    left_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)
    right_id: int = Field(sa_type=Id, primary_key=True, index=True, sa_column_kwargs=GIVEN)
    score: int = Field(sa_type=Integer)
    gain: int = Field(sa_type=BigInteger)
    reason: str = Field(sa_type=Text)
    evidence: str = Field(sa_type=Text)
    at: int = Field(sa_type=BigInteger)
