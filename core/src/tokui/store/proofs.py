"""
What is left of a consent when the person is erased: that somebody agreed, when, and by which form.

The contact point itself is kept as a keyed hash only: whoever has the key and is shown an address can
look for its proof, and nobody can list whose it was.
"""

import hmac
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic_core import from_json

from tokui.model import moment
from tokui.store.engine import Transaction, among
from tokui.store.tables import ConsentRow, MessageRow, ProofRow, columns

AT, CONSENT, MESSAGE = columns(ProofRow), columns(ConsentRow), columns(MessageRow)

SECOND_US = 1_000_000


class Proof(NamedTuple):
    """
    That whoever had a contact point agreed.

    Attributes:
        purpose: To what.
        topic: The narrower subject; None is the purpose at large.
        occurred_at: When; None where the source did not know.
        evidence: By which form.
        notice: Version of the privacy notice that was shown.
        until: So long it is kept.
    """

    purpose: str
    topic: str | None
    occurred_at: datetime | None
    evidence: str
    notice: str | None
    until: datetime


def keep(tx: Transaction, customers: Collection[int], key: bytes, days: int) -> int:
    """
    Keep the proof of what these customers agreed to, before they are erased; how many there are.

    Only of contact points that something was sent to less than `days` ago: the law wants the proof
    for so long after the last message.

    Args:
        tx: The transaction that erases them.
        customers: Their ids.
        key: Secret; the same every time.
        days: As `[outreach].evidence_days`.
    """
    said = [(row, point) for *row, points in _grants(tx, customers) for point in from_json(points)]
    sent = _last_sent(tx, {point for _, point in said})
    rows = []
    for (*word, notice), point in said:
        until = sent.get(point, 0) + round(timedelta(days=days).total_seconds()) * SECOND_US
        if point in sent and until > tx.now_us:
            rows.append((_hash(key, point), *word, notice, until))
    tx.upsert(ProofRow, rows)
    return len(rows)


def of_point(tx: Transaction, point: str, key: bytes) -> Sequence[Proof]:
    """What is kept of a contact point, as `identifier.token`; the oldest first."""
    mine = sa.select(*AT).where(AT.hash == _hash(key, point))
    return [
        Proof(
            row.purpose,
            row.topic or None,
            moment(row.occurred_at) if row.occurred_at else None,
            row.evidence,
            row.notice,
            moment(row.until),
        )
        for row in tx.all(mine.order_by(AT.occurred_at))
    ]


def drop_old(tx: Transaction) -> int:
    """Forget what has been kept for long enough; how many there were."""
    return tx.connection.execute(sa.delete(ProofRow).where(AT.until <= tx.now_us)).rowcount


def _hash(key: bytes, point: str) -> str:
    return hmac.new(key, point.encode(), sha256).hexdigest()


def _grants(tx: Transaction, customers: Collection[int]) -> Sequence[Any]:
    names = ("purpose", "topic", "occurred_at", "evidence", "notice", "points")
    query = sa.select(*(CONSENT[name] for name in names))
    mine = query.where(among(CONSENT.customer_id, tx.dialect), CONSENT.state == "granted")
    return tx.among(mine.where(CONSENT.points.is_not(None)), customers) if customers else ()


def _last_sent(tx: Transaction, points: Collection[str]) -> dict[str, int]:
    query = sa.select(MESSAGE.point, sa.func.max(MESSAGE.sent_at)).group_by(MESSAGE.point)
    mine = query.where(among(MESSAGE.point, tx.dialect), MESSAGE.sent_at.is_not(None))
    return dict(map(tuple, tx.among(mine, points))) if points else {}
