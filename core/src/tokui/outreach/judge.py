"""Whether a parcel may go out now, and to whom. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from tokui.model import microseconds, moment
from tokui.store.messages import WAITING, Denied, Message
from tokui.store.parcels import Box, leased, new_key
from tokui.store.turns import Turn

MARGIN = timedelta(hours=1)
"""So long before a provider forgets a key, the key is not trusted any more."""

YOUNG = MARGIN / 2
"""So old a key may be when the try begins that leaves a doubt: its lifetime counts from the first try."""

HELD = timedelta(minutes=10)
"""After so long, those who could not say whether a message may go out are asked again."""


class Judged(NamedTuple):
    """
    What is to be done with a parcel.

    Attributes:
        box: As it is from now on.
        go: To whom it goes now; nobody, if it does not.
        leave: Who must not get it, and leaves it.
        turns: Who stays, and has another state.
    """

    box: Box
    go: Sequence[Message]
    leave: Mapping[int, Denied]
    turns: Mapping[int, Turn]


class Judge:
    """
    Judges the parcels of one connection.

    Attributes:
        lifetime: For how long its provider knows a key again; None when it has none.
    """

    def __init__(self, lifetime: timedelta | None, rng: Random) -> None:
        self.lifetime = lifetime
        self._rng = rng

    def judge(
        self, box: Box, members: Sequence[Message], denials: Mapping[int, Denied], now: datetime
    ) -> Judged:
        """
        Decide on a parcel that is due.

        Args:
            box: As it waits.
            members: All its messages, also those that do not wait any more.
            denials: Why some of them must not go out.
            now: The moment.
        """
        waiting = [each for each in members if each.state in WAITING]
        if box.doubtful:
            return self._again(box, waiting, denials, now, whole=len(waiting) == len(members))
        go = [each for each in waiting if each.id not in denials]
        leave = {each.id: denials[each.id] for each in waiting if each.id in denials}
        if not go:
            return Judged(done(box), (), leave, {})
        if self._is_stale(box, now):
            box = box._replace(key=new_key(self._rng))
        if box.tries and len(go) < len(members):  # the key stands for other members
            box = box._replace(key=new_key(self._rng), first_tried_at=None)
        return Judged(leased(box, microseconds(now)), go, leave, {})

    def _is_stale(self, box: Box, now: datetime) -> bool:
        """Tried long ago, and surely not sent: the key may be forgotten while a doubt still needs it."""
        first = box.first_tried_at
        return bool(self.lifetime and box.tries and first and now - moment(first) > YOUNG)

    def _again(
        self,
        box: Box,
        waiting: Sequence[Message],
        denials: Mapping[int, Denied],
        now: datetime,
        whole: bool,
    ) -> Judged:
        """It may have been sent: the same parcel goes to the same members, or to nobody."""
        tried_at = moment(box.first_tried_at or 0)
        said = {each.id: denials[each.id] for each in waiting if each.id in denials}
        refused = {number: no for number, no in said.items() if not (no.until or no.held)}
        expired = self.lifetime is None or now - tried_at >= self.lifetime - MARGIN
        if refused or expired or not (whole and waiting):
            why = Turn("unknown", "provider", "key_expired" if expired else "broken_up")
            turns = {
                each.id: why._replace(sent_at=tried_at)
                if each.id not in refused
                else Turn("unknown", *refused[each.id][:2], sent_at=tried_at)
                for each in waiting
            }
            return Judged(done(box), (), {}, turns)
        if said:
            latest = max(said.values(), key=lambda no: no.until or now + HELD)
            until = latest.until or now + HELD
            wait = Turn("deferred", latest.rule, latest.reason, due_at=until, sent_at=tried_at)
            due_us = microseconds(until)
            return Judged(box._replace(due_at=due_us), (), {}, {each.id: wait for each in waiting})
        return Judged(leased(box, microseconds(now)), waiting, {}, {})


def done(box: Box) -> Box:
    """Nothing more is sent of it."""
    return box._replace(state="done", owner=None, lease_until=None)
