"""What is drawn: a pure function of the seed, the draw's number, and what is left."""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

SPACE = 2**256
"""So many values an HMAC-SHA256 can have."""


class Slot(NamedTuple):
    """
    A prize on the wheel.

    Attributes:
        tickets: Its share of all tickets.
        left: So many there are still; None is no end of them.
    """

    name: str
    tickets: int
    left: int | None


def drawn(seed: bytes, label: str, slots: Sequence[Slot], instead: str | None) -> str | None:
    """
    The name of the prize; None where nothing is left.

    Args:
        seed: 32 secret bytes.
        label: The draw's public id, `NAME/NUMBER`.
        slots: In their published order.
        instead: What is given where the prize drawn is gone; None shares its odds out to the others.
    """
    there = [slot for slot in slots if instead or slot.left != 0]
    if not there:
        return None
    slot = at(there, ticket(numbers(seed, label), sum(slot.tickets for slot in there)))
    return instead if slot.left == 0 else slot.name


def numbers(seed: bytes, label: str) -> Iterator[int]:
    """HMAC-SHA256 of the public id with a counter, as integers; nobody foresees them without the seed."""
    counter = 0
    while True:
        yield int.from_bytes(hmac.digest(seed, f"{label}/{counter}".encode(), "sha256"))
        counter += 1


def ticket(values: Iterable[int], total: int, space: int = SPACE) -> int:
    """One of `total` tickets, each exactly as likely: values of the incomplete last round are skipped."""
    whole = space - space % total
    return next(value % total for value in values if value < whole)


def at(slots: Sequence[Slot], number: int) -> Slot:
    """The slot that a ticket lies in, laid out in their order."""
    for slot in slots:
        if number < slot.tickets:
            return slot
        number -= slot.tickets
    raise ValueError("there is no such ticket")
