"""What becomes of messages: each turn is written with its rule, its words, and who took it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from tokui.model import Purpose, microseconds, moment
from tokui.store.engine import Transaction, among
from tokui.store.messages import WAITING, Denied, New, State, of_points
from tokui.store.tables import MessageRow, ParcelRow, StepRow, columns

AT, PARCEL = columns(MessageRow), columns(ParcelRow)

DRAFT: tuple[State, ...] = ("draft",)
OVER: tuple[State, ...] = ("failed", "unknown")


class Turn(NamedTuple):
    """
    A message's next state.

    Attributes:
        state: From now on.
        rule: Which rule or party gives it, as in `StepRow`.
        reason: Its words.
        actor: The person, where one did it.
        due_at: Not before then; None leaves it. Aware.
        sent_at: When it was sent, or may have been. Aware.
        provider_id: The provider's own id of it; None leaves it.
    """

    state: State
    rule: str | None = None
    reason: str | None = None
    actor: str | None = None
    due_at: datetime | None = None
    sent_at: datetime | None = None
    provider_id: str | None = None


def draft(tx: Transaction, news: Sequence[New]) -> list[int]:
    """Keep drafts; their ids, in the same order."""
    ids = list(tx.allocate("message", len(news)))
    tx.upsert(MessageRow, [_row(tx, number, new) for number, new in zip(ids, news, strict=True)])
    note(
        tx,
        [
            (number, "draft", "staff", None, new.author)
            for number, new in zip(ids, news, strict=True)
        ],
    )
    return ids


def approve(tx: Transaction, ids: Collection[int], actor: str) -> list[int]:
    """Let drafts go out, as `actor` says (a person, or `rule`); the ids of those that were drafts."""
    found = _in(tx, ids, DRAFT)
    note(tx, [(number, "approved", "approval", None, actor) for number in found])
    rows = [("queued", "approval", actor, number) for number in found]
    tx.update(MessageRow, ("state", "rule", "approved_by"), rows)
    return found


def deny(
    tx: Transaction, denials: Mapping[int, Denied], held_until: datetime, *, step: bool = True
) -> None:
    """
    Keep why messages do not go out: refused, or deferred. They leave their parcels.

    Args:
        denials: By message id.
        held_until: When to ask again about those that are held.
        step: False where the newest step says it already.
    """
    turns = {}
    for number, said in denials.items():
        until = held_until if said.held else said.until
        state: State = "deferred" if until else "refused"
        turns[number] = Turn(state, said.rule, said.reason, due_at=until)
    (turn if step else move)(tx, turns)
    leave(tx, turns)


def cancel(
    tx: Transaction, ids: Collection[int], rule: str, reason: str | None, actor: str | None = None
) -> list[int]:
    """
    Take back what was not sent; the ids of those that were taken back.

    A message whose call is under way is not. One that may have been sent is `unknown` from then on.
    """
    found = _in(tx, ids, DRAFT + WAITING)
    doubt = _in_doubt(tx, found)
    gone = Turn("cancelled", rule, reason, actor)
    turns = {
        number: gone._replace(state="unknown", sent_at=doubt[number]) if number in doubt else gone
        for number in found
    }
    turn(tx, turns)
    return found


def retry(tx: Transaction, ids: Collection[int], actor: str) -> list[int]:
    """
    Queue what failed, or what nobody knows of, once more; the ids of those that were.

    They get a new key: whoever asks for it takes it upon them that a person may read it twice.
    """
    found = _in(tx, ids, OVER)
    again = Turn("queued", "staff", actor=actor, due_at=moment(tx.now_us))
    turn(tx, dict.fromkeys(found, again))
    leave(tx, found)
    return found


def withdraw(
    tx: Transaction,
    points: Collection[str],
    rule: str,
    reason: str,
    *,
    purposes: Collection[Purpose] | None = None,
    connection: str | None = None,
    topic: str | None = None,
) -> list[int]:
    """
    Cancel what waits to be sent to these contact points; the ids of the messages.

    Call it in the transaction that keeps the denial or the suppression: after its commit no call for
    them begins but one that had its permission already.

    Args:
        points: As `MessageRow.point`.
        rule: `consent` or `suppression`.
        reason: A short code.
        purposes: Only messages for these; None means all.
        connection: Only by this one; None means all.
        topic: Only messages on this topic; None means all.
    """
    if not points:
        return []
    waiting = [
        each.id
        for each in of_points(tx, points, WAITING)
        if (purposes is None or each.purpose in purposes)
        and connection in (None, each.connection)
        and topic in (None, each.topic)
    ]
    return cancel(tx, waiting, rule, reason)


def leave(tx: Transaction, ids: Iterable[int]) -> None:
    """Take messages out of their parcels; those that wait get another one, with a key of its own."""
    tx.update(MessageRow, ("parcel_id",), [(None, number) for number in ids])


def turn(tx: Transaction, turns: Mapping[int, Turn]) -> None:
    """Give messages their next state, and keep the step."""
    note(tx, [(number, *each[:4]) for number, each in turns.items()])
    move(tx, turns)


def move(tx: Transaction, turns: Mapping[int, Turn]) -> None:
    """Give messages their next state, for a moment only: no step is kept."""
    rows: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for number, each in turns.items():
        values: dict[str, Any] = {
            "state": each.state,
            "rule": each.rule,
            "reason": each.reason,
            "sent_at": each.sent_at and microseconds(each.sent_at),
        }
        if each.due_at is not None:
            values["due_at"] = microseconds(each.due_at)
        if each.provider_id is not None:
            values["provider_id"] = each.provider_id
        rows.setdefault(tuple(values), []).append((*values.values(), number))
    for names, written in rows.items():
        tx.update(MessageRow, names, written)


def note(
    tx: Transaction, said: Sequence[tuple[int, str, str | None, str | None, str | None]]
) -> None:
    """Keep steps: message id, state, rule, reason, actor."""
    ids = tx.allocate("step", len(said))
    tx.upsert(StepRow, [(next(ids), *each, tx.now_us) for each in said])


def _row(tx: Transaction, number: int, new: New) -> tuple[Any, ...]:
    due_us = tx.now_us if new.due_at is None else microseconds(new.due_at)
    values = {**new._asdict(), "id": number, "state": "draft", "due_at": due_us, "at": tx.now_us}
    return tuple(values.get(column.name) for column in AT)


def _in(tx: Transaction, ids: Collection[int], states: Collection[State]) -> list[int]:
    query = sa.select(AT.id).where(among(AT.id, tx.dialect), AT.state.in_(list(states)))
    return [number for (number,) in (tx.among(query.order_by(AT.id), ids) if ids else ())]


def _in_doubt(tx: Transaction, ids: Collection[int]) -> dict[int, datetime]:
    """Those whose parcel may have been sent already, and when."""
    rows = tx.among(_doubtful(tx.dialect), ids) if ids else ()
    return {number: moment(first_us) for number, first_us in rows}


@cache
def _doubtful(dialect: str) -> sa.Select[Any]:
    both = sa.select(AT.id, PARCEL.first_tried_at)
    both = both.join_from(MessageRow, ParcelRow, PARCEL.id == AT.parcel_id)
    return both.where(among(AT.id, dialect), PARCEL.doubtful)
