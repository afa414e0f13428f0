"""
What each transfer does to a member's pocket. Pure: no clock, no store.

Every function either books lines that add up to nothing, or raises and leaves the pocket as it was.
"""

from tokui.connector import Capture, Earn, Hold, Redeem, Reverse, Transfer, Void
from tokui.errors import NotEnough, PolicyRefusal
from tokui.model import microseconds
from tokui.store.books.asked import NEVER
from tokui.store.books.sheet import (
    EXPIRED,
    HELD,
    ISSUED,
    OWED,
    POINTS,
    SPENT,
    Booked,
    Lot,
    Parts,
    Pocket,
    by_lot,
    fifo,
    first,
)

SEEN = "look at the member's history: what took it back is there"


def book(ask: Transfer, new: Booked, of: Booked | None = None) -> Booked:
    """
    Carry out a transfer on its pocket.

    Args:
        ask: What is asked for.
        new: It, without lines yet.
        of: The transfer that it takes back or resolves.

    Raises:
        PolicyRefusal: Against the rules; nothing was moved.
    """
    of = _with(of, new.pocket)
    before = new.pocket.account(POINTS).balance
    match ask:
        case Earn():
            _earn(ask, new)
        case Redeem():
            _redeem(ask, new)
        case Hold():
            _hold(ask, new)
        case Capture():
            _capture(ask, new, _open_hold(of))
        case Void():
            _void(new, _open_hold(of))
        case Reverse():
            _reverse(ask, new, _reversible(of))
    if of is not None:
        follow(new, of)
    return sealed(new, before)


def _with(of: Booked | None, pocket: Pocket) -> Booked | None:
    """It, if it is the pocket's to take back: where its points are now, or where they were spent."""
    if of is None or (of.entries and all(e.lot and e.lot.pocket is pocket for e in of.entries)):
        return of
    if of.pocket is pocket and of.kind == "earn":
        raise _refused("its points were moved to another member", "take it back there")
    return of if of.pocket is pocket else None


def settle(pocket: Pocket, now: int) -> list[Booked]:
    """Let happen what is due, in the order in which it was: holds end, points expire."""
    done = []
    while due := [lot for lot in pocket.lots if lot.remaining and lot.expires_at <= now]:
        done.append(_end(min(due, key=lambda lot: (lot.expires_at, lot.account.kind, lot.id))))
    return done


def _end(lot: Lot) -> Booked:
    pocket, gone, at = lot.pocket, lot.remaining, lot.expires_at
    before = pocket.account(POINTS).balance
    if lot.account.kind == HELD:
        new = Booked("", "", "void", pocket, gone, "", at, ended=lot)
        hold = _open_hold(lot.made_by)
        _release(new, hold)
        follow(new, hold)
    else:
        new = Booked("", "", "expire", pocket, gone, "", at, ended=lot)
        new.move(pocket.account(POINTS), -gone, lot)
        new.move(pocket.account(EXPIRED), gone, lot)
    return sealed(new, before)


def follow(new: Booked, of: Booked) -> None:
    """Note what takes a transfer back or resolves it."""
    new.of, new.nth = of, len(of.later) + 1
    of.later.append(new)


def sealed(new: Booked, before: int) -> Booked:
    """With what it did to the member's points."""
    new.after = new.pocket.account(POINTS).balance
    new.moved = new.after - before
    return new


def _earn(ask: Earn, new: Booked) -> None:
    pocket = new.pocket
    begin = microseconds(ask.active_at) if ask.active_at else new.at
    end = microseconds(ask.expires_at) if ask.expires_at else NEVER
    lot = Lot(pocket, pocket.account(POINTS), ask.points, begin, end, new)
    pocket.lots.append(lot)
    new.move(pocket.account(ISSUED), -ask.points, lot)
    paid = _pay(new, ask.points, lot)
    new.move(pocket.account(POINTS), ask.points - paid, lot)


def _redeem(ask: Redeem, new: Booked) -> None:
    for lot, points in _taken(new, ask.points):
        new.move(new.pocket.account(POINTS), -points, lot)
        new.move(new.pocket.account(SPENT), points, lot)


def _hold(ask: Hold, new: Booked) -> None:
    pocket, until = new.pocket, microseconds(ask.until)
    if until <= new.at:
        raise _refused("a hold that is over before it begins")
    for lot, points in _taken(new, ask.points):
        new.move(pocket.account(POINTS), -points, lot)
        new.move(pocket.account(HELD), points, lot)
    aside = Lot(pocket, pocket.account(HELD), ask.points, new.at, until, new)
    aside.remaining = ask.points
    pocket.lots.append(aside)


def _open_hold(of: Booked | None) -> Booked:
    if of is None or of.kind != "hold":
        raise _refused("there is no hold of that key")
    if of.later:
        raise _refused("the hold is over: captured, released, or timed out")
    return of


def _capture(ask: Capture, new: Booked, hold: Booked) -> None:
    new.points = hold.points if ask.points is None else ask.points
    if new.points > hold.points:
        raise NotEnough("more than the hold set aside", who="books")
    _release(new, hold, new.points)


def _void(new: Booked, hold: Booked) -> None:
    new.points = hold.points
    _release(new, hold)


def _release(new: Booked, hold: Booked, spent: int = 0) -> None:
    """End a hold: so much of it is spent, the next to expire first; the rest comes back."""
    pocket, aside = new.pocket, by_lot([hold], HELD)
    for lot, points in aside:
        new.move(pocket.account(HELD), -points, lot)
    for lot, points in first(aside, spent):
        new.move(pocket.account(SPENT), points, lot)
    _give(new, first(aside[::-1], hold.points - spent))
    for lot in pocket.open(HELD):
        if lot.made_by is hold:
            lot.remaining = 0


def _reversible(of: Booked | None) -> Booked:
    if of is None or of.kind not in ("earn", "redeem", "capture"):
        raise _refused("nothing was earned or spent under the key that should be taken back")
    return of


def _reverse(ask: Reverse, new: Booked, of: Booked) -> None:
    left = of.points - sum(each.points for each in of.later)
    points = left if ask.points is None else ask.points
    if not left:
        raise _refused("all of it was taken back before", SEEN)
    if points > left:
        raise _refused(f"no more than {left:,} of its points can still be taken back", SEEN)
    new.points = points
    if of.kind == "earn":
        _take_back(ask, new, of)
    else:
        _give_back(new, of)


def _give_back(new: Booked, of: Booked) -> None:
    """Points that were spent come back, the last taken first."""
    back = first(by_lot([of, *of.later], SPENT)[::-1], new.points)
    for lot, points in back:
        new.move(new.pocket.account(SPENT), -points, lot)
    _give(new, back)


def _take_back(ask: Reverse, new: Booked, of: Booked) -> None:
    """Points that were earned go: from their own lot, then from others, then into debt."""
    pocket = new.pocket
    (own,) = {line.lot for line in of.lines(ISSUED) if line.lot}
    forgiven = _forgiven(new, of, own)
    owing = new.points - forgiven
    others = [lot for lot in fifo(pocket.open()) if lot is not own]
    taken = first([(lot, lot.remaining) for lot in (own, *others)], owing)
    short = owing - sum(points for _, points in taken)
    if short and ask.shortfall == "refuse":
        raise NotEnough("the points that should be taken back were spent", who="books")
    new.move(pocket.account(ISSUED), owing, own)
    for lot, points in taken:
        new.move(pocket.account(POINTS), -points, lot)
    new.move(pocket.account(OWED), -short, None)


def _forgiven(new: Booked, of: Booked, own: Lot) -> int:
    """Of what should be taken back, what the member lost already: it expired."""
    before = sum(each.points for each in of.later)
    took = sum(line.points for each in of.later for line in each.lines(ISSUED))
    return min(max(new.points - own.remaining, 0), own.expired - (before - took))


def _taken(new: Booked, points: int) -> Parts:
    """So many points, the next to expire first."""
    lots = new.pocket.spendable(new.at)
    if sum(lot.remaining for lot in lots) < points:
        raise NotEnough("so many points are not there to be spent", who="books")
    return first([(lot, lot.remaining) for lot in lots], points)


def _give(new: Booked, parts: Parts) -> None:
    """Points come back to their lots, after what the member owes; they are lost where a lot has ended."""
    pocket = new.pocket
    for left, points in parts:
        lot = pocket.here(left, points, new)
        rest = points - _pay(new, points, lot)
        kind = EXPIRED if lot.expires_at <= new.at else POINTS
        new.move(pocket.account(kind), rest, lot)


def _pay(new: Booked, points: int, lot: Lot) -> int:
    """Of these points, what the member owed; it is paid."""
    paid = min(points, new.pocket.owed)
    if paid:
        new.move(new.pocket.account(OWED), paid, lot)
    return paid


def _refused(what: str, todo: str | None = None) -> PolicyRefusal:
    return PolicyRefusal(what, who="books", todo=todo)
