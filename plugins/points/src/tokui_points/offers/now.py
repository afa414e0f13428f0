"""What applies to a basket now, what does not and why. Pure: the moment is an argument."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tokui.connector import Said

from tokui_points.offers.audience import Facts, Left, Missing, left, missing, short
from tokui_points.offers.basket import Applied, Basket, Benefits, Told
from tokui_points.offers.settings import Offer
from tokui_points.offers.taking import matching, take, together
from tokui_points.offers.words import amount, benefit, reason, say


@dataclass(frozen=True, slots=True)
class _Met:
    """An offer, held to a person and a basket."""

    name: str
    offer: Offer
    lines: tuple[int, ...]
    lacks: tuple[Missing, ...]

    @property
    def is_near(self) -> bool:
        """One thing is missing, and it can be had; a right to buy is of no use without its items."""
        return len(self.lacks) == 1 and self.lacks[0].can and not self.offer.by_piece


def benefits_now(
    offers: Mapping[str, Offer],
    facts: Facts,
    basket: Basket,
    now: datetime,
    worth: Mapping[str, int] | None = None,
) -> Benefits:
    """
    What applies to a basket now, each with its reason.

    Of offers that do not stack, and of all that do together, whichever is worth most applies.

    Args:
        offers: By name; what goes first takes off first.
        facts: Who buys.
        basket: What.
        now: When (UTC); each offer has its own zone.
        worth: What the points of an offer are worth, in minor units.
    """
    found = [_meet(name, offer, facts, basket, now) for name, offer in offers.items()]
    found = [each for each in found if each.offer.currency == basket.currency]
    open_ = [each for each in found if not each.lacks]
    wanted = _wanted(open_, basket)
    names = together(wanted, offers, basket, worth or {})
    taken = {each.offer: each.off for each in take(names, offers, basket)}
    applied = [_applied(e, facts, taken[e.name]) for e in open_ if e.name in taken]
    return Benefits(
        at=now,
        total_minor=sum(line.amount_minor for line in basket.lines),
        off_minor=sum(each.off_minor for each in applied),
        applied=tuple(applied),
        instead=tuple(
            _told(e, say("instead" if e.name in wanted else "unwanted"))
            for e in open_
            if e.name not in taken
        ),
        near=tuple(_told(each, each.lacks[0].reason) for each in found if each.is_near),
        refused=tuple(_refused(found)),
    )


def _meet(name: str, offer: Offer, facts: Facts, basket: Basket, now: datetime) -> _Met:
    lines = matching(offer, basket)
    day = _day(offer, now)
    lacks = (*missing(name, offer, facts, day), *_by_basket(offer, basket, lines))
    if offer.by_piece and lines and not lacks:
        pieces = sum(basket.lines[number].quantity for number in lines)
        lacks = tuple(short(left(name, offer, facts), pieces))
    return _Met(name, offer, lines, lacks)


def _wanted(found: list[_Met], basket: Basket) -> set[str]:
    """Those that the basket asks for; a right to buy needs no asking."""
    if basket.only is None:
        return {each.name for each in found}
    return {each.name for each in found if each.offer.by_piece or each.name in basket.only}


def _by_basket(offer: Offer, basket: Basket, lines: tuple[int, ...]) -> Iterator[Missing]:
    """All that the basket lacks."""
    if offer.connections and basket.connection not in offer.connections:
        names = ", ".join(offer.connections)
        yield Missing(say("elsewhere", connections=names), can=True)
    if not lines:
        yield Missing(say("no_goods"), can=True)
        return
    short_of = offer.min_spend - sum(basket.lines[number].amount_minor for number in lines)
    if short_of > 0:
        yield Missing(say("spend", amount=amount(short_of, offer.currency)), can=True)


def _applied(each: _Met, facts: Facts, off: tuple[int, ...]) -> Applied:
    offer = each.offer
    there: Left = left(each.name, offer, facts)
    return Applied(
        offer=each.name,
        title=offer.called(each.name),
        benefit=benefit(offer, each.name),
        reason=reason(offer, facts.called.get(offer.programme or "", {})),
        lines=each.lines,
        off_minor=sum(off),
        off_lines=off,
        points=offer.benefit.points or 0,
        left=there.least,
    )


def _told(each: _Met, why: Said) -> Told:
    return Told(
        offer=each.name,
        title=each.offer.called(each.name),
        benefit=benefit(each.offer, each.name),
        reason=why,
        lines=each.lines,
    )


def _refused(found: list[_Met]) -> Iterator[Told]:
    """Items that only some may buy, and they may not; another offer may let them."""
    rights = [each for each in found if each.offer.by_piece and each.lines]
    allowed = {line for each in rights if not each.lacks for line in each.lines}
    for each in rights:
        if each.lacks and not {*each.lines} <= allowed:
            yield _told(each, each.lacks[0].reason)


def _day(offer: Offer, now: datetime) -> date:
    return now.astimezone(offer.zone).date()
