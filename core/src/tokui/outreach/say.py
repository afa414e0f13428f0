"""Who has a say in whether a message goes out now, and how the plugins among them are asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeAlias

from tokui.model.record import EPOCH
from tokui.store.engine import Transaction
from tokui.store.messages import Denied, Message

ASK_S = 10.0
"""So long the plugins have for the messages of one parcel."""

Answer: TypeAlias = Mapping[int, Denied]
"""Message id → why it must not go out now. Who is left out may."""

Ask: TypeAlias = Callable[[Sequence[Message], datetime], Answer]
"""Asks the `tokui_allow` hooks about messages, on a snapshot of its own."""

Denials: TypeAlias = Callable[[Transaction, Sequence[Message], datetime], Answer]
"""The core's own rules, in SQL: also inside the transaction that leases a parcel."""


@dataclass(frozen=True, slots=True)
class Say:
    """
    Who has a say.

    Attributes:
        denials: The core's own rules.
        ask: The hooks; None when no plugin has an opinion.
        ask_s: So long they have for one parcel.
    """

    denials: Denials
    ask: Ask | None = None
    ask_s: float = ASK_S
    _hung: list[Thread] = field(default_factory=list)

    def heard(self, messages: Sequence[Message], now: datetime) -> Answer:
        """What the hooks say; where none comes, the messages are held. While one hangs none is asked."""
        if self.ask is None:
            return {}
        if any(each.is_alive() for each in self._hung):  # it holds a thread and a snapshot already
            return _held(messages, "no_answer")
        answers: SimpleQueue[Answer] = SimpleQueue()
        asker = Thread(target=_put, args=(self.ask, messages, now, answers), daemon=True)
        asker.start()
        try:
            return answers.get(timeout=self.ask_s)
        except Empty:
            self._hung.append(asker)
            return _held(messages, "no_answer")


def _put(
    ask: Ask, messages: Sequence[Message], now: datetime, answers: "SimpleQueue[Answer]"
) -> None:
    try:
        answers.put(ask(messages, now))
    except BaseException as error:  # whatever it is: nobody has said yes
        answers.put(_held(messages, type(error).__name__))


def _held(messages: Sequence[Message], reason: str) -> Answer:
    return {each.id: Denied("hook", reason, held=True) for each in messages}


def strictest(one: Answer, other: Answer) -> Answer:
    """Both: a refusal comes first, then what is held, then what waits longest."""
    both = {**other, **one}
    return {
        **both,
        **{n: max(one[n], other[n], key=_strictness) for n in one.keys() & other.keys()},
    }


def _strictness(denied: Denied) -> tuple[int, datetime]:
    if denied.held or denied.until is None:
        return (1 if denied.held else 2), EPOCH
    return 0, denied.until
