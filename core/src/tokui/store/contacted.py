"""Everything about reaching one person, for the card: messages, consents, suppressions."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from tokui.card import CardContact
from tokui.model import moment
from tokui.store.engine import Transaction, among
from tokui.store.notes import HERE
from tokui.store.tables import (
    ConsentRow,
    CustomerRow,
    MessageRow,
    StepRow,
    SuppressionRow,
    columns,
)

MESSAGE, STEP, CUSTOMER = columns(MessageRow), columns(StepRow), columns(CustomerRow)
CONSENT, SUPPRESSION = columns(ConsentRow), columns(SuppressionRow)

TOLD = frozenset("sent delivered refused failed unknown cancelled bounced opened clicked".split())
"""Steps of a message that are told in any case; of the others only where it stands now."""


def of_profile(tx: Transaction, profile_id: int, points: Collection[str]) -> list[CardContact]:
    """
    All that is known, in no order.

    Args:
        points: The person's contact points, as `identifier.token`; those that they were written to
            at count besides.
    """
    rows = tx.all(_steps(profile_id))
    written_to = {row.point for row in rows if not row.point.endswith(":")}
    return [
        *_messages(rows),
        *_consents(tx, profile_id),
        *_suppressions(tx, written_to.union(points)),
    ]


def _messages(rows: Collection[Any]) -> Iterator[CardContact]:
    for _, steps in groupby(rows, key=lambda row: row.id):
        *before, last = steps
        yield from (_step(row) for row in before if row.state in TOLD)
        yield _step(last)


def _step(row: Any) -> CardContact:
    return CardContact(
        at=moment(row.at),
        what="message",
        state=row.state,
        connection=row.connection,
        contact=row.point.partition(":")[0],
        purpose=row.purpose,
        topic=row.topic,
        message_id=row.id,
        template=row.template,
        rule=row.rule,
        reason=row.reason,
        actor=row.actor,
    )


def _consents(tx: Transaction, profile_id: int) -> list[CardContact]:
    """What was written down here on several customers of a person at once is told once."""
    found = list[CardContact]()
    query = (
        sa.select(CUSTOMER.connection, *CONSENT)
        .join_from(CustomerRow, ConsentRow, CUSTOMER.id == CONSENT.customer_id)
        .where(CUSTOMER.profile_id == profile_id)
    )
    for row in tx.all(query):
        if row.state == "unknown":
            continue  # nobody said anything
        said = CardContact(
            at=moment(row.occurred_at or row.at),
            what="consent",
            state=row.state,
            connection=HERE if row.actor else row.connection,
            contact=row.contact,
            purpose=row.purpose,
            topic=row.topic or None,
            evidence=row.evidence,
            actor=row.actor,
        )
        if not (row.actor and said in found):
            found.append(said)
    return found


def _suppressions(tx: Transaction, points: Collection[str]) -> Iterator[CardContact]:
    names = ("point", "connection", "stops", "reason", "lifted", "actor", "occurred_at")
    query = sa.select(*(SUPPRESSION[name] for name in names))
    for row in tx.among(query.where(among(SUPPRESSION.point, tx.dialect)), points):
        point, connection, stops, reason, lifted, actor, occurred_at = row
        yield CardContact(
            at=moment(occurred_at),
            what="suppression",
            state="lifted" if lifted else stops,
            connection=connection,
            contact=point.partition(":")[0],
            rule="suppression",
            reason=reason,
            actor=actor,
        )


def _steps(profile_id: int) -> sa.Select[Any]:
    about = (
        MESSAGE.id,
        MESSAGE.connection,
        MESSAGE.point,
        MESSAGE.purpose,
        MESSAGE.topic,
        MESSAGE.template,
    )
    said = (STEP.state, STEP.rule, STEP.reason, STEP.actor, STEP.at)
    return (
        sa.select(*about, *said)
        .join_from(CustomerRow, MessageRow, CUSTOMER.id == MESSAGE.customer_id)
        .join(StepRow, STEP.message_id == MESSAGE.id)
        .where(CUSTOMER.profile_id == profile_id)
        .order_by(MESSAGE.id, STEP.id)
    )
