"""What is to be posted so that our books say what the facts say; nothing, where they do already."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tokui.connector import Earn, Kept, Reverse, Transfer
from tokui.model.order import SETTLED

from tokui_points import keys, outlook, reasons
from tokui_points.accounts import Account
from tokui_points.keys import JOINED, Posted, order_of, order_tag, tag
from tokui_points.settings import Programme
from tokui_points.story import Line, Story, by_spot

Book = Mapping[str, Posted]
"""What stands on one account, by line."""


Theirs = Callable[[Account], frozenset[str]]
"""Marks of the orders of others who bear an account's number, too."""


def due(
    programme: Programme,
    held: Sequence[tuple[Account, Sequence[Kept]]],
    stories: Sequence[Story],
    theirs: Theirs = lambda _: frozenset(),
) -> list[Transfer]:
    """
    What is to be posted on the accounts of one person.

    Each line is brought to what the facts say: a line that has no points yet earns, a return takes
    back, and what a line should not have any more is taken back. A line stays on the account on which
    it stands. What an earlier version of the programme gave stays as it was given; returns take
    their part of it. Each transfer has the number of its line's step as its key, so that a step is
    never made twice, whoever makes it.
    """
    books = [_book(account, kept) for account, kept in held]
    standing = [{each for each, posted in book.items() if posted.points} for book in books]
    found: list[Transfer] = []
    for number, ((account, _), story) in enumerate(zip(held, stories, strict=True)):
        others = set[str]().union(*(each for n, each in enumerate(standing) if n != number))
        lines = {
            name: line
            for spot, line in by_spot(story).items()
            if (name := tag(spot)) in standing[number]
            or (name not in others and spot[:2] in account.own)
        }
        found += _lines(programme, account, books[number], lines, theirs)
        found += _join_gift(programme, account, books[number])
    return sorted(found, key=lambda each: isinstance(each, Reverse))


def _book(account: Account, kept: Sequence[Kept]) -> dict[str, Posted]:
    """
    What stands; of whoever left a card, as an earlier programme gave it: no rank of those who stay.

    So it is for those who stay: the rank that all of them reached was theirs, too.
    """
    book = keys.read(kept)
    if account.former or any(_left(account, name, posted) for name, posted in book.items()):
        for posted in book.values():
            posted.version = ""
    return book


def _left(account: Account, name: str, posted: Posted) -> bool:
    """Whether it is of somebody who bore the card, and does so no more: it stays on it."""
    return account.family is not None and posted.own and order_of(name) not in account.family


def _lines(
    programme: Programme, account: Account, book: Book, lines: Mapping[str, Line], theirs: Theirs
) -> Iterator[Transfer]:
    for name, line in lines.items():
        posted = book.get(name, Posted())
        target = _target(programme, posted, line)
        if posted.by_hand:
            target = min(target, posted.most)
        yield from _bring(programme, account, name, posted, target, line)
    strays = {
        name: posted
        for name, posted in book.items()
        if name not in lines and name != JOINED and not _left(account, name, posted)
    }
    others = theirs(account) if any(each.points for each in strays.values()) else frozenset()
    for name, posted in strays.items():
        if order_of(name) not in others:
            yield from _bring(programme, account, name, posted, 0, None)


def _target(programme: Programme, posted: Posted, line: Line) -> int:
    """What a line should have. What it was given by other rules never grows; it may come again."""
    as_then = posted.version == programme.version and not _was_of(programme, posted, line)
    if not posted.steps or as_then:
        return line.points
    given = posted.full * line.base // line.earned.base if line.earned.base else 0
    return min(given, posted.points or given)


def _was_of(programme: Programme, posted: Posted, line: Line) -> bool:
    """It earned as goods of a category that its article has not any more."""
    rule = next((each for each in programme.rules if each.name == posted.rule), None)
    category = line.earned.purchase.category(line.earned.line)
    return bool(rule and rule.categories and category not in rule.categories)


def _bring(
    programme: Programme,
    account: Account,
    name: str,
    posted: Posted,
    target: int,
    line: Line | None,
) -> Iterator[Transfer]:
    """Bring what stands to what should stand."""
    missing, step = target - posted.points, posted.steps + 1
    if missing > 0 and line:
        yield _earn(programme, account, name, step, missing, line)
    for key, left in reversed(posted.left.items()):
        if missing >= 0:
            return
        points = min(left, -missing)
        if points:
            back = _key(programme, account, name, step)
            yield Reverse(back, account.member, key, _why(account, name, posted, line), points)
            missing, step = missing + points, step + 1


def _earn(
    programme: Programme, account: Account, name: str, step: int, points: int, line: Line
) -> Earn:
    earned, order = line.earned, line.earned.purchase.order
    return Earn(
        _key(programme, account, name, step, own=earned.purchase.key in account.borne),
        account.member,
        points,
        reasons.of_order(order.number or order.external_id, earned.rule or earned.tier),
        outlook.active_from(programme, earned.day),
        outlook.ends(programme, earned.day),
    )


def _join_gift(programme: Programme, account: Account, book: Book) -> Iterator[Earn]:
    """Once for each number that joined while the programme was on."""
    day = account.person.joined
    began = programme.since is None or (day is not None and programme.since <= day)
    new = JOINED not in book and not account.former
    if programme.join_gift and day and began and new:
        key = _key(programme, account, JOINED, 1)
        end = outlook.ends(programme, day)
        yield Earn(key, account.member, programme.join_gift, reasons.JOINED, None, end)


def _key(programme: Programme, account: Account, name: str, step: int, *, own: bool = False) -> str:
    unit, version = account.member.programme, programme.version
    return keys.key(unit, name, account.member, version, step, own=own)


def _why(account: Account, name: str, posted: Posted, line: Line | None) -> str:
    if line is not None:
        order = line.earned.purchase.order
        return reasons.of_order(order.number or order.external_id, reasons.ANEW)
    mark = order_of(name)
    orders = (each.order for each in account.person.purchases if order_tag(each.key) == mark)
    state = next((each.state for each in orders), None)
    if state is None:
        return f"{posted.called}: {reasons.NOBODYS}"
    return f"{posted.called}: {reasons.UNSETTLED if state in SETTLED else state}"
