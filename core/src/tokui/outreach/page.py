"""What one transaction of the outbox writes, and who is in it already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tokui.model import moment
from tokui.outreach.judge import HELD, Judged
from tokui.outreach.settle import Settled
from tokui.store import parcels, turns
from tokui.store.engine import Transaction
from tokui.store.messages import Denied, Message
from tokui.store.parcels import Box
from tokui.store.turns import Turn

ASIDE = Denied("cap", "one_at_a_time", held=True)
"""Stands for a message to somebody who is about to get another one: it waits for the next turn."""


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
        self.loose += [number for number, said in judged.leave.items() if said is ASIDE]
        self.denied |= {n: said for n, said in judged.leave.items() if said is not ASIDE}

    def write(self, tx: Transaction) -> None:
        """All of it."""
        parcels.put(tx, self.boxes)
        turns.turn(tx, self.turns)
        turns.move(tx, self.moves)
        turns.leave(tx, self.loose)
        turns.deny(tx, self.denied, moment(tx.now_us) + HELD)


class OncePerPerson:
    """One message at a time to a person, so that the cap can count the one before."""

    def __init__(self, tx: Transaction, waiting: Sequence[Message]) -> None:
        self._who = parcels.profiles(tx, {each.customer_id for each in waiting})
        self._met: set[tuple[int, str]] = set()

    def already(self, members: Iterable[Message]) -> dict[int, Denied]:
        """Those who are to get another one first."""
        met, found = set(self._met), {}
        for each in members:
            if (key := self._key(each)) in met:
                found[each.id] = ASIDE
            elif each.purpose != "transactional":
                met.add(key)
        return found

    def goes(self, members: Iterable[Message]) -> None:
        """These get theirs now."""
        self._met |= {self._key(each) for each in members if each.purpose != "transactional"}

    def _key(self, message: Message) -> tuple[int, str]:
        number = message.customer_id
        return self._who.get(number, -number), message.purpose
