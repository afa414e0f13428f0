"""What an answer, or its absence, makes of a parcel and its messages. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Literal, NamedTuple, TypeAlias

from tokui.connector import Channel, Outcome
from tokui.errors import (
    AuthError,
    ConfigError,
    FatalError,
    PolicyRefusal,
    QuotaExceeded,
    RateLimited,
    RetryableError,
    SkipItem,
    TokuiError,
    Unanswered,
)
from tokui.model import moment
from tokui.outreach.judge import done
from tokui.store.messages import Message, State
from tokui.store.parcels import Box, tried_at
from tokui.store.turns import Turn

FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 5.0, 900.0
GIVE_UP = timedelta(days=3)
"""After so long nothing is tried any more that its provider puts off each time."""

LONGEST_REASON = 300

Said: TypeAlias = Literal["accepted", "refused", "failed", "deferred", "unknown", "queued"]

KINDS: Sequence[tuple[type[BaseException], Said]] = (
    (QuotaExceeded, "queued"),
    (AuthError, "queued"),
    (ConfigError, "queued"),
    (Unanswered, "unknown"),
    (RetryableError, "deferred"),
    (PolicyRefusal, "refused"),
    (FatalError, "failed"),
    (SkipItem, "failed"),
    (BaseException, "unknown"),
)
"""What an error of `send` means for all messages of the parcel; the first that fits."""


class Leased(NamedTuple):
    """
    A parcel that may be sent now.

    Attributes:
        before: As it waited.
        box: As it is leased.
        members: To whom it goes.
    """

    before: Box
    box: Box
    members: Sequence[Message]


class Result(NamedTuple):
    """
    What came of a lease.

    Attributes:
        outcomes: What the channel said of each address.
        error: What it raised instead.
        begun: False when its call was not made: too much time had gone by.
    """

    leased: Leased
    outcomes: Sequence[Outcome] = ()
    error: BaseException | None = None
    begun: bool = True


class Settled(NamedTuple):
    """
    What is to be written.

    Attributes:
        box: The parcel from now on.
        turns: The messages' next states.
        loose: Those that wait for a parcel of their own.
        dead: Those whose address is dead, and the provider's word for it.
    """

    box: Box
    turns: Mapping[int, Turn]
    loose: Sequence[int] = ()
    dead: Sequence[Outcome] = ()


def settle(result: Result, channel: Channel, now_us: int, rng: Random) -> Settled:
    """What to write of a result."""
    box, before, members = result.leased.box, result.leased.before, result.leased.members
    if not result.begun:
        return Settled(_unsent(before, box), {each.id: _as_before(each) for each in members})
    said = answers(result)
    states = {state for state, _ in said.values()}
    delay_us = _delay_us(result, rng)
    if states == {"queued"}:
        return _all(_waits(box, now_us), members, said, "queued", now_us)
    if states == {"deferred"} and (box.doubtful or not _is_old(box, now_us)):
        return _all(_waits(box, now_us + delay_us), members, said, "deferred", now_us + delay_us)
    if states == {"unknown"} and channel.key_lifetime is not None:
        doubtful = _in_doubt(_waits(box, now_us + delay_us), box)
        return _all(doubtful, members, said, "deferred", now_us + delay_us)
    turns = {
        each.id: _turn(box, said[each.id], channel.proves, now_us, now_us + delay_us)
        for each in members
    }
    loose = [number for number, each in turns.items() if each.state == "deferred"]
    return Settled(done(box), turns, loose, [each for each in result.outcomes if each.suppress])


def answers(result: Result) -> dict[int, tuple[Said, Outcome]]:
    """What was said of each message."""
    members = result.leased.members
    if result.error is not None:
        kind = next(said for error, said in KINDS if isinstance(result.error, error))
        reason = reason_of(result.error)
        return {each.id: (kind, Outcome(each.address, "unknown", reason)) for each in members}
    by_address = {each.address: each for each in result.outcomes}
    silent = {each.address: Outcome(each.address, "unknown", "no_outcome") for each in members}
    found = {each.id: by_address.get(each.address, silent[each.address]) for each in members}
    return {number: (outcome.state, outcome) for number, outcome in found.items()}


def reason_of(error: BaseException) -> str:
    """Without personal data: our own errors have none, of others only the class is kept."""
    return (error.what if isinstance(error, TokuiError) else type(error).__name__)[:LONGEST_REASON]


def interrupted(box: Box, members: Sequence[Message], channel: Channel, now_us: int) -> Settled:
    """A lease that nobody holds any more: its call may have been made."""
    outcome: tuple[Said, Outcome] = ("unknown", Outcome("", "unknown", "interrupted"))
    said = {each.id: outcome for each in members}
    if channel.key_lifetime is not None:
        return _all(_in_doubt(_waits(box, now_us), box), members, said, "deferred", now_us)
    turns = {each.id: _turn(box, outcome, channel.proves, now_us, now_us) for each in members}
    return Settled(done(box), turns)


def _all(
    box: Box,
    members: Sequence[Message],
    said: Mapping[int, tuple[Said, Outcome]],
    state: State,
    due_us: int,
) -> Settled:
    """The whole parcel waits; in doubt, it counts as sent."""
    sent_at = moment(tried_at(box)) if box.doubtful else None
    turn = Turn(state, "provider", due_at=moment(due_us), sent_at=sent_at)
    turns = {each.id: turn._replace(reason=said[each.id][1].reason) for each in members}
    return Settled(box, turns)


def _turn(
    box: Box, said: tuple[Said, Outcome], proves: State | str, now_us: int, due_us: int
) -> Turn:
    """The message's next state, when its parcel is done."""
    word, outcome = said
    turn = Turn("sent", "provider", outcome.reason, provider_id=outcome.provider_id)
    if word == "accepted":
        state: State = "delivered" if proves == "delivered" else "sent"
        return turn._replace(state=state, sent_at=moment(now_us))
    if word == "unknown" or box.doubtful:
        return turn._replace(state="unknown", sent_at=moment(tried_at(box)))
    if word == "deferred" and not _is_old(box, now_us):
        return turn._replace(state="deferred", due_at=moment(due_us))
    return turn._replace(state="refused" if word == "refused" else "failed")


def _waits(box: Box, due_us: int) -> Box:
    return box._replace(state="waiting", owner=None, lease_until=None, due_at=due_us)


def _in_doubt(waits: Box, box: Box) -> Box:
    """It may have been sent, under this key and since then."""
    return waits._replace(doubtful=True, first_tried_at=tried_at(box))


def _is_old(box: Box, now_us: int) -> bool:
    return now_us - (box.first_tried_at or now_us) >= GIVE_UP / timedelta(microseconds=1)


def _unsent(before: Box, box: Box) -> Box:
    """As if it had never been leased; a key that it got with the lease stays."""
    first = before.first_tried_at if before.key == box.key else None
    return _waits(box, before.due_at)._replace(tries=before.tries, first_tried_at=first)


def _as_before(message: Message) -> Turn:
    before = Turn(message.state, message.rule, message.reason, due_at=message.due_at)
    return before._replace(sent_at=message.sent_at)


def _delay_us(result: Result, rng: Random) -> int:
    """Until the next try: as the provider asks, else longer each time; never for many at once."""
    tries, error = result.leased.box.tries, result.error
    backoff = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** min(tries - 1, 10))
    asked = error.retry_after_s if isinstance(error, RateLimited) else None
    seconds = backoff * rng.uniform(0.5, 1) if asked is None else asked + rng.uniform(0, 1)
    return int(timedelta(seconds=seconds) / timedelta(microseconds=1))
