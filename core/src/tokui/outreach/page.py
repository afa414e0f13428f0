"""What one transaction of the outbox writes."""

from dataclasses import dataclass, field
from datetime import datetime

from tokui.model import moment
from tokui.outreach.judge import HELD, Judged
from tokui.outreach.settle import Settled
from tokui.store import parcels, turns
from tokui.store.engine import Transaction
from tokui.store.messages import Denied
from tokui.store.parcels import Box
from tokui.store.turns import Turn


@dataclass(slots=True)
class Page:
    """What one transaction writes."""

    boxes: list[Box] = field(default_factory=list)
    turns: dict[int, Turn] = field(default_factory=dict)
    moves: dict[int, Turn] = field(default_factory=dict)
    loose: list[int] = field(default_factory=list)
    denied: dict[int, Denied] = field(default_factory=dict)

    def take(self, settled: Settled, *, step: bool = True) -> None:
        """Write what came of a parcel; without a step, if nothing came of it."""
        self.boxes.append(settled.box)
        (self.turns if step else self.moves).update(settled.turns)
        self.loose += [number for number in settled.loose if number in settled.turns]

    def judge(self, judged: Judged, now: datetime) -> None:
        """Write what was decided on a parcel."""
        self.boxes.append(judged.box)
        self.turns.update(judged.turns)
        self.moves |= {each.id: Turn("sending", sent_at=now) for each in judged.go}
        self.denied |= judged.leave

    def write(self, tx: Transaction) -> None:
        """All of it."""
        parcels.put(tx, self.boxes)
        turns.turn(tx, self.turns)
        turns.move(tx, self.moves)
        turns.leave(tx, self.loose)
        turns.deny(tx, self.denied, moment(tx.now_us) + HELD)
