"""Transfers that another system is asked for: one under each key, one at a time for each member."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import TypeAdapter

from tokui.connector import Member, Posted, Transfer
from tokui.errors import LockedError, PolicyRefusal
from tokui.model import moment
from tokui.store.books.asked import KINDS, checked, fingerprint
from tokui.store.engine import Transaction
from tokui.store.lease import is_dead, myself
from tokui.store.tables import ForeignTransferRow, columns

AT = columns(ForeignTransferRow)

LEASE_S = 330
"""Longer than any call may take."""

_TYPES = {name: TypeAdapter[Transfer](kind) for kind, name in KINDS.items()}


class Errand(NamedTuple):
    """A transfer as it is kept; fields as in `ForeignTransferRow`, times in microseconds since 1970."""

    key: str
    connection: str
    unit: str
    holder: str
    kind: str
    body: str
    asked: str
    state: str
    doubtful: bool
    owner: str | None
    lease_until: int
    tries: int
    points: int | None
    after: int | None
    why: str | None
    asked_at: int
    tried_at: int

    @property
    def transfer(self) -> Transfer:
        """What is asked."""
        return _TYPES[self.kind].validate_json(self.asked)

    @property
    def member(self) -> Member:
        """Whose points."""
        return Member(self.unit, self.holder)

    @property
    def answer(self) -> Posted | None:
        """What it came to; None as long as nobody knows."""
        if self.state != "done" or self.points is None or self.after is None:
            return None
        return Posted(self.key, self.points, self.after)

    @property
    def first_asked(self) -> datetime:
        """When it was first asked for. UTC."""
        return moment(self.asked_at)


def begin(tx: Transaction, connection: str, transfer: Transfer) -> Errand:
    """
    Write down what is about to be asked, and take it in hand; or what it came to before.

    Raises:
        PolicyRefusal: The key was used for something else, or it is no sound transfer.
        LockedError: Somebody is asking for something of this member, or asked and has no answer.
    """
    body, kind = fingerprint(checked(transfer)), KINDS[type(transfer)]
    before = get(tx, transfer.key)
    if before is None:
        _check_alone(tx, connection, transfer.member)
        text = _TYPES[kind].dump_json(transfer).decode()
        who = (transfer.member.programme, transfer.member.member_no)
        times = (tx.now_us, tx.now_us)
        fresh = (transfer.key, connection, *who, kind, body, text, "open", False)
        return _put(tx, Errand(*fresh, *_hold(tx), 1, None, None, None, *times))
    if (before.connection, before.body) != (connection, body):
        todo = "give every transfer its own key"
        raise PolicyRefusal("the key was used for another transfer", who=connection, todo=todo)
    return before if before.state == "done" else _take(tx, before)


def end(tx: Transaction, errand: Errand, posted: Posted) -> None:
    """It stands."""
    done = errand._replace(state="done", owner=None, why=None)
    _put(tx, done._replace(points=posted.points, after=posted.after))


def doubt(tx: Transaction, errand: Errand, why: str, *, lost: bool) -> None:
    """
    Nobody knows: whoever asks again, with the same key, finds out.

    Args:
        lost: This call has no answer; else it had one that settles nothing.
    """
    tried_at = tx.now_us if lost else errand.tried_at
    _put(tx, errand._replace(doubtful=True, owner=None, why=why, tried_at=tried_at))


def drop(tx: Transaction, errand: Errand) -> None:
    """Nothing was done: the key is free."""
    tx.connection.execute(sa.delete(ForeignTransferRow).where(AT.key == errand.key))


def get(tx: Transaction, key: str) -> Errand | None:
    """A transfer by its key."""
    return next(iter(_read(tx, AT.key == key)), None)


def unanswered(tx: Transaction) -> Sequence[Errand]:
    """All that nobody knows the answer of, and nobody is asking for now; the oldest first."""
    return [each for each in _read(tx, AT.state == "open") if not _is_held(tx, each)]


def repeated(tx: Transaction) -> Sequence[Errand]:
    """What was asked for more than once before it was answered: there it may stand twice."""
    return _read(tx, AT.state == "done", AT.tries > 1)


def _check_alone(tx: Transaction, connection: str, member: Member) -> None:
    where = (AT.connection == connection, AT.unit == member.programme)
    for each in _read(tx, AT.state == "open", *where, AT.holder == member.member_no):
        if _is_held(tx, each):
            todo = "wait a moment, and ask again"
            raise LockedError("points of this member are being moved", who=connection, todo=todo)
        raise LockedError(
            "an earlier transfer of this member has no answer yet",
            who=connection,
            todo="`tokui points retry` asks for it again; this one comes after it",
        )


def _take(tx: Transaction, errand: Errand) -> Errand:
    """
    Again: whoever asked before has no answer, or died before it came.

    What is returned says when that was; the row, that it is asked for now.
    """
    if _is_held(tx, errand):
        todo = "wait a moment, and ask again with the same key"
        raise LockedError("it is being asked for", who=errand.connection, todo=todo)
    owner, until = _hold(tx)
    again = errand._replace(doubtful=True, owner=owner, lease_until=until, tries=errand.tries + 1)
    _put(tx, again._replace(tried_at=tx.now_us))
    return again


def _hold(tx: Transaction) -> tuple[str, int]:
    return myself(), tx.now_us + LEASE_S * 1_000_000


def _is_held(tx: Transaction, errand: Errand) -> bool:
    owner = errand.owner
    return owner is not None and errand.lease_until > tx.now_us and not is_dead(owner)


def _put(tx: Transaction, errand: Errand) -> Errand:
    tx.upsert(ForeignTransferRow, [errand])
    return errand


def _read(tx: Transaction, *where: Any) -> list[Errand]:
    query = sa.select(*AT).where(*where).order_by(AT.asked_at, AT.key)
    return [Errand(*row) for row in tx.all(query)]
