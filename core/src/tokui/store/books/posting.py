"""Posts transfers inside a write transaction: once for each key, and what is due comes first."""

from collections.abc import Collection, Mapping, Sequence

from tokui.connector import Capture, Member, Move, Posted, Reverse, Transfer, Void
from tokui.errors import PolicyRefusal
from tokui.store.books import joining, load, moves
from tokui.store.books.asked import KINDS, checked, fingerprint
from tokui.store.books.load import Sheet
from tokui.store.books.sheet import Booked
from tokui.store.books.write import BOOKS, write
from tokui.store.engine import Transaction

Answer = Posted | PolicyRefusal


def post(tx: Transaction, asked: Sequence[Transfer]) -> list[Answer]:
    """
    Post transfers in this order; a refused one stops no other.

    Raises:
        Raced: Another writer was faster; roll back and post them again.
    """
    sheet, answers = _plan(tx, asked)
    write(tx, sheet)
    return answers


def post_all(tx: Transaction, asked: Sequence[Transfer]) -> list[Posted]:
    """
    Post all of them, or none.

    Raises:
        PolicyRefusal: Of the first one that is refused; roll back.
        Raced: Another writer was faster; roll back and post them again.
    """
    answers = post(tx, asked)
    for each in answers:
        if isinstance(each, PolicyRefusal):
            raise each
    return [each for each in answers if isinstance(each, Posted)]


def planned(tx: Transaction, asked: Sequence[Transfer]) -> list[Answer]:
    """What `post` would answer; nothing is written, so that a snapshot is enough."""
    return _plan(tx, asked)[1]


def posted(tx: Transaction, keys: Collection[str]) -> Mapping[str, Posted]:
    """What was posted under keys, by key: whoever asks again with other words finds out here."""
    rows = load.known(tx, keys)
    return {key: Posted(key, row.moved, row.after) for key, row in rows.items()}


def settle(tx: Transaction, members: Sequence[Member]) -> int:
    """Book what is due of these members; how many transfers that were."""
    sheet = Sheet(tx.now_us)
    sheet.read(tx, members, ())
    sheet.read_transfers(tx, ())
    for member in members:
        sheet.new += moves.settle(sheet.pocket(member), sheet.now)
    write(tx, sheet)
    return len(sheet.new)


def _plan(tx: Transaction, asked: Sequence[Transfer]) -> tuple[Sheet, list[Answer]]:
    sound = [_sound(each) for each in asked]
    keys = {each.key for each in sound if not isinstance(each, PolicyRefusal)}
    known = load.known(tx, keys) if keys else {}
    bodies = {key: (row.body, Posted(key, row.moved, row.after)) for key, row in known.items()}
    news = [each for each in sound if not isinstance(each, PolicyRefusal) and each.key not in known]
    sheet = load.sheet(tx, news)
    answers = [
        each if isinstance(each, PolicyRefusal) else _answer(sheet, bodies, each) for each in sound
    ]
    return sheet, answers


def _sound(transfer: Transfer) -> Transfer | PolicyRefusal:
    try:
        return checked(transfer)
    except PolicyRefusal as refusal:
        return refusal


def _answer(sheet: Sheet, bodies: dict[str, tuple[str, Posted]], ask: Transfer) -> Answer:
    body = fingerprint(ask)
    if ask.key in bodies:
        before, answer = bodies[ask.key]
        return answer if before == body else _taken()
    try:
        new = _book(sheet, ask, body)
    except PolicyRefusal as refusal:
        return refusal
    sheet.keys[ask.key] = new
    answer = Posted(ask.key, new.moved, new.after)
    bodies[ask.key] = (body, answer)
    return answer


def _book(sheet: Sheet, ask: Transfer, body: str) -> Booked:
    pocket = sheet.pocket(ask.member)
    sheet.new += moves.settle(pocket, sheet.now)
    of = sheet.keys.get(ask.of) if isinstance(ask, Reverse | Capture | Void) else None
    points = getattr(ask, "points", None) or 0
    kind = KINDS[type(ask)]
    new = Booked(ask.key, body, kind, pocket, points, ask.reason, sheet.now)
    if isinstance(ask, Move) or (of is not None and of.kind == "move"):
        sheet.new += _join(sheet, ask, new, of)
    else:
        sheet.new.append(moves.book(ask, new, of))
    return new


def _join(sheet: Sheet, ask: Transfer, new: Booked, of: Booked | None) -> list[Booked]:
    """What goes from one member to another, as a transfer of each."""
    if isinstance(ask, Move):
        other = sheet.pocket(Member(ask.member.programme, ask.to))
    elif of is not None and isinstance(ask, Reverse):
        other = of.pocket
    else:
        raise PolicyRefusal("there is no hold of that key", who=BOOKS)
    sheet.new += moves.settle(other, sheet.now)
    return joining.move(new, other) if of is None else joining.part(new, of)


def _taken() -> PolicyRefusal:
    return PolicyRefusal(
        "the key was used for another transfer", who=BOOKS, todo="give every transfer its own key"
    )
