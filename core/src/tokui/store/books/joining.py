"""
All that one member has goes to another, and what is left of it back. Pure: no clock, no store.

Each is a transfer of either member, so that both histories add up; between the two stands the shop's
`issued`. Lots go as they are, with their ends and with what was spent of them: what was earned and
spent before can be taken back wherever the points are.
"""

from collections.abc import Iterable

from tokui.errors import PolicyRefusal
from tokui.store.books import moves
from tokui.store.books.sheet import (
    EXPIRED,
    HELD,
    ISSUED,
    OWED,
    POINTS,
    Booked,
    Entry,
    Lot,
    Pocket,
    fifo,
    first,
)


def move(new: Booked, to: Pocket) -> list[Booked]:
    """
    Everything of the transfer's pocket goes to another; both transfers.

    Raises:
        PolicyRefusal: Something of it is held; nothing was moved.
    """
    if any(new.pocket.open(HELD)):
        raise _refused("something of it is held: capture or void that first")
    new.points = sum(lot.remaining for lot in new.pocket.open())
    arrival, before = _arrival(new, to), _points(new.pocket, to)
    _shift(new, arrival, list(new.pocket.lots))
    _owe(new, arrival, new.pocket.owed)
    _pay(arrival)
    return _both(new, arrival, before)


def part(new: Booked, of: Booked) -> list[Booked]:
    """
    What is left of the lots that were moved goes back, and what was owed then is owed again.

    Args:
        new: Takes it back, from where the points are.
        of: The move; its pocket gets them.

    Raises:
        PolicyRefusal: They came to another member, or went back before; nothing was moved.
    """
    if not of.later or of.later[0].pocket is not new.pocket:
        raise _refused("nothing was moved to them under the key that should be taken back")
    came, *later = of.later
    if later:
        raise _refused("it was moved back before")
    new.points = of.points
    arrival, before = _arrival(new, of.pocket), _points(new.pocket, of.pocket)
    moved = dict.fromkeys(line.lot for line in of.lines(POINTS) if line.lot)
    _shift(new, arrival, [lot for lot in moved if lot.pocket is new.pocket])
    _owe_again(new, arrival, of, came)
    _pay(arrival)
    _pay(new)
    moves.follow(new, of)
    return _both(new, arrival, before)


def _arrival(new: Booked, to: Pocket) -> Booked:
    """The other member's side of it."""
    arrival = Booked("", "", "move", to, new.points, new.reason, new.at)
    moves.follow(arrival, new)
    return arrival


def _points(*pockets: Pocket) -> list[int]:
    return [pocket.account(POINTS).balance for pocket in pockets]


def _both(new: Booked, arrival: Booked, before: Iterable[int]) -> list[Booked]:
    return [moves.sealed(*each) for each in zip((new, arrival), before, strict=True)]


def _shift(new: Booked, arrival: Booked, lots: Iterable[Lot]) -> None:
    """Empty lots go as well: what was spent of them may come back. They have lines of nothing."""
    pocket = arrival.pocket
    for lot in (each for each in lots if each.account.kind == POINTS):
        points = lot.remaining
        if not points:
            new.entries.append(Entry(lot.account, lot, 0))
            arrival.entries.append(Entry(pocket.account(POINTS), lot, 0))
        _move(new, POINTS, -points, lot)
        _move(arrival, POINTS, points, lot)
        new.pocket.lots.remove(lot)
        pocket.lots.append(lot)
        lot.pocket, lot.account = pocket, pocket.account(POINTS)


def _owe(new: Booked, arrival: Booked, points: int) -> None:
    """So much of what one owes the other owes from now on."""
    _move(new, OWED, points, None)
    _move(arrival, OWED, -points, None)


def _owe_again(new: Booked, arrival: Booked, of: Booked, came: Booked) -> None:
    """Each owes what they owed before: what the move paid is not paid, and the rest of a debt goes back."""
    brought = sum(line.points for line in of.lines(OWED))
    paid = [(line.lot, line.points) for line in came.lines(OWED) if line.lot]
    debtor, payer = (arrival, new) if brought else (new, arrival)
    for lot, points in paid:
        mine = payer.pocket.here(lot, points, payer)
        _move(payer, EXPIRED if lot.expires_at <= new.at else POINTS, points, mine)
        _move(debtor, OWED, -points, None)
    rest = brought - sum(points for _, points in paid)
    _owe(new, arrival, min(max(rest, 0), new.pocket.owed))


def _pay(booked: Booked) -> None:
    """Nobody has points beside a debt."""
    pocket = booked.pocket
    there = [(lot, lot.remaining) for lot in fifo(pocket.open())]
    for lot, points in first(there, pocket.owed):
        booked.move(pocket.account(POINTS), -points, lot)
        booked.move(pocket.account(OWED), points, lot)


def _move(booked: Booked, kind: str, points: int, lot: Lot | None) -> None:
    """Points between an account of the member and what the shop has issued."""
    booked.move(booked.pocket.account(kind), points, lot)
    booked.move(booked.pocket.account(ISSUED), -points, lot)


def _refused(what: str) -> PolicyRefusal:
    return PolicyRefusal(what, who="books")
