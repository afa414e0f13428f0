"""What one transaction of the outbox writes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tokui.model import moment
from tokui.outreach.judge import HELD, Judged
from tokui.outreach.settle import Settled
from tokui.store import parcels, turns
from tokui.store.engine import Transaction
from tokui.store.messages import WAITING, Denied, Message
from tokui.store.parcels import Box
from tokui.store.turns import Turn


@dataclass(slots=True)
class Page:
    """
    What one transaction writes.

    Attributes:
        boxes: Parcels.
        turns: Messages' next states.
        moves: The same, of which no step is kept.
        loose: Messages that leave their parcel, and wait.
        denied: Messages that must not go out.
        held_on: The same, for the reason that they were held for before.
    """

    boxes: list[Box] = field(default_factory=list)
    turns: dict[int, Turn] = field(default_factory=dict)
    moves: dict[int, Turn] = field(default_factory=dict)
    loose: list[int] = field(default_factory=list)
    denied: dict[int, Denied] = field(default_factory=dict)
    held_on: dict[int, Denied] = field(default_factory=dict)

    def take(self, settled: Settled, *, step: bool = True) -> None:
        """Write what came of a parcel; without a step, if nothing came of it."""
        self.boxes.append(settled.box)
        (self.turns if step else self.moves).update(settled.turns)
        self.loose += [number for number in settled.loose if number in settled.turns]

    def judge(self, judged: Judged, members: Iterable[Message], now: datetime) -> None:
        """Write what was decided on a parcel; who is held on for the same reason gets no step for it."""
        self.boxes.append(judged.box)
        self.turns.update(judged.turns)
        self.moves |= {each.id: Turn("sending", sent_at=now) for each in judged.go}
        before = {each.id: (each.rule, each.reason) for each in members if each.state == "deferred"}
        for number, said in judged.leave.items():
            is_old = said.held and before.get(number) == (said.rule, said.reason)
            (self.held_on if is_old else self.denied)[number] = said

    def wait(self, members: Iterable[Message], reason: str) -> None:
        """Write why they wait, unless it is known."""
        why = ("provider", reason)
        self.turns |= {
            each.id: Turn(each.state, *why, sent_at=each.sent_at)
            for each in members
            if each.state in WAITING and (each.rule, each.reason) != why
        }

    def write(self, tx: Transaction) -> None:
        """All of it."""
        parcels.put(tx, self.boxes)
        turns.turn(tx, self.turns)
        turns.move(tx, self.moves)
        turns.leave(tx, self.loose)
        again_at = moment(tx.now_us) + HELD
        turns.deny(tx, self.denied, again_at)
        turns.deny(tx, self.held_on, again_at, step=False)
