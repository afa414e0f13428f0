"""What stands on a card, and what a transfer may still do to it. Pure functions."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeAlias
from urllib.parse import quote, unquote

from tokui.connector import Earn, Movement, Posted, Redeem, Reverse, Transfer
from tokui.errors import PolicyRefusal
from tokui.model import microseconds

from tokui_points.voucherify.answers import Transaction

Asked: TypeAlias = Earn | Redeem | Reverse
"""What Voucherify can be asked."""

KINDS = {
    "POINTS_ACCRUAL": "earn",
    "PENDING_POINTS_ACTIVATION": "earn",
    "POINTS_REDEMPTION": "redeem",
    "POINTS_REFUND": "reverse",
    "POINTS_EXPIRATION": "expire",
}
"""Voucherify's words for what it does by itself; others are shown as they are."""

UNDO = "undo"
LONGEST = 200
"""Of keys, and of reasons that are shown."""

_LABEL = re.compile(
    r"(?P<key>\S+) (?P<digest>[0-9a-f]{16}) (?P<nonce>[0-9a-f]{16})"
    r"(?: (?P<word>of|undoes) (?P<of>\S+))?"
)


@dataclass(frozen=True, slots=True)
class Moved:
    """
    A movement of a card.

    Attributes:
        key: The transfer's; of others Voucherify's `source_id`.
        digest: Of the transfer's body; empty for what tokui did not post.
        nonce: Of the one call that made it.
        of: Key of what it takes back.
        undoes: Id of the transaction that should not have been.
    """

    id: str
    key: str | None
    kind: str
    points: int
    after: int
    reason: str
    at: datetime
    digest: str = ""
    nonce: str = ""
    of: str | None = None
    undoes: str | None = None


def moved(row: Transaction) -> Moved:
    """Read a transaction; a `source_id` that tokui did not write is a key as it is."""
    change, label = row.details.balance, _LABEL.fullmatch(row.source_id or "")
    kind = KINDS.get(row.type, row.type.lower())
    facts = (change.points, change.balance, (row.reason or "")[:LONGEST], row.at)
    if label is None:
        own = row.source_id if row.source_id and len(row.source_id) <= LONGEST else None
        return Moved(row.id, own, kind, *facts)
    key, of, word = unquote(label["key"]), label["of"], label["word"]
    kind = {"of": "reverse", "undoes": UNDO}.get(word) or ("earn" if facts[0] > 0 else "redeem")
    return Moved(
        row.id,
        key,
        kind,
        *facts,
        label["digest"],
        label["nonce"],
        unquote(of) if word == "of" else None,
        unquote(of) if word == "undoes" else None,
    )


def label(ask: Asked, nonce: str) -> str:
    """The `source_id` of a transfer: Voucherify keeps it, and looks at nothing in it."""
    of = f" of {_quoted(ask.of)}" if isinstance(ask, Reverse) else ""
    return f"{_quoted(ask.key)} {digest(ask)} {nonce}{of}"


def undoing(ask: Asked, wrong: Moved, nonce: str) -> str:
    """The `source_id` of what undoes a transaction."""
    return f"{_quoted(ask.key)} {digest(ask)} {nonce} undoes {_quoted(wrong.id)}"


def digest(ask: Asked) -> str:
    """Stands for everything that is asked but the key and the member."""
    body = {
        name: microseconds(value) if isinstance(value, datetime) else value
        for name in ask.__dataclass_fields__
        if name not in ("key", "member")
        for value in [getattr(ask, name)]
    }
    return sha256(json.dumps([type(ask).__name__, body]).encode()).hexdigest()[:16]


def checked(transfer: Transfer, who: str, now: datetime) -> Asked:
    """
    The transfer, if Voucherify can be asked for it.

    Raises:
        PolicyRefusal: It is a hold, is to begin later, or has no whole number of points above 0.
    """
    if not isinstance(transfer, Earn | Redeem | Reverse):
        raise PolicyRefusal("Voucherify cannot set points aside", who=who)
    whole = type(transfer.points) is int and transfer.points > 0
    if not whole and not (isinstance(transfer, Reverse) and transfer.points is None):
        raise PolicyRefusal("points are a whole number above 0", who=who)
    if isinstance(transfer, Earn) and transfer.active_at and transfer.active_at > now:
        raise PolicyRefusal("Voucherify gives points at once, never later", who=who)
    return transfer


def standing(rows: Iterable[Moved]) -> list[Moved]:
    """What counts: neither what was undone nor what undid it."""
    every = list(rows)
    undone = {each.undoes for each in every}
    return [each for each in every if not each.undoes and each.id not in undone]


def judged(before: Sequence[Moved], ask: Asked, who: str) -> Posted | int:
    """
    What stands under the key already, or else how many points are to be moved.

    Raises:
        PolicyRefusal: The key stands for something else, or nothing (so much) of it is left.
    """
    for each in before:
        if each.key == ask.key:
            if each.digest != digest(ask):
                raise PolicyRefusal("the key was used for another transfer", who=who)
            return Posted(ask.key, each.points, each.after)
    if isinstance(ask, Reverse):
        return _taken_back(before, ask, who)
    return ask.points if isinstance(ask, Earn) else -ask.points


def movement(row: Moved) -> Movement:
    """For the history."""
    return Movement(row.key, row.kind, row.points, row.reason, row.at)


def _taken_back(before: Sequence[Moved], ask: Reverse, who: str) -> int:
    mine = [each for each in before if each.digest]
    given = sum(each.points for each in mine if each.key == ask.of and each.of is None)
    if not given:
        raise PolicyRefusal("tokui moved nothing under the key that it is about", who=who)
    left = given + sum(each.points for each in mine if each.of == ask.of)
    points = abs(left) if ask.points is None else ask.points
    if not 0 < points <= abs(left):
        raise PolicyRefusal("no more of it can be taken back", who=who)
    return -points if given > 0 else points


def _quoted(key: str) -> str:
    return quote(key, safe="/:@-._~+|,;=")
