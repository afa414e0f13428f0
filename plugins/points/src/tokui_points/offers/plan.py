"""Plans of what is posted when an offer is used or given back: made on a snapshot, of what stands there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tokui.connector import Earn, Member, Said, Transfer
from tokui.errors import PolicyRefusal
from tokui.hooks import View
from tokui.store.books import posted
from tokui.store.engine import Transaction

from tokui_points import outlook
from tokui_points.hooks import Membership
from tokui_points.offers import door, quota
from tokui_points.offers.audience import Facts, left, missing, short
from tokui_points.offers.quota import WHO, Record, Tally
from tokui_points.offers.settings import Offer
from tokui_points.offers.words import say
from tokui_points.pages import Pages
from tokui_points.terms import Lang


@dataclass(frozen=True, slots=True)
class Ask:
    """
    What somebody wants to use, or to give back.

    Attributes:
        offer: Its name.
        order: With which order; it need not have been read yet.
        staff: Who says so.
        key: The same key uses it once; None: once for an order.
        pieces: So many; more than one only where pieces are counted.
        lang: In which language it is refused.
    """

    offer: str
    order: Record
    staff: str
    key: str | None = None
    pieces: int = 1
    lang: Lang = "en"

    @property
    def word(self) -> str:
        """What tells it from other uses."""
        return f"key {self.key}" if self.key else f"order {quota.tag(self.order)}"

    @property
    def why(self) -> str:
        """Shown to staff."""
        return f"{self.staff}: {self.offer}, order {':'.join(self.order)}"[:200]


class Met(NamedTuple):
    """A person at an offer, on a snapshot."""

    ask: Ask
    offer: Offer
    day: date
    known: Facts
    mine: Sequence[Membership]
    records: Sequence[Record]
    at: int
    view: View
    tx: Transaction

    def refused(self, why: Said) -> PolicyRefusal:
        """Why not, as staff read it."""
        return PolicyRefusal(getattr(why, self.ask.lang), who=WHO)

    @property
    def unit(self) -> str:
        """Under which it is counted today."""
        return door.unit(self.ask.offer, self.offer, self.known, self.day)

    @property
    def units(self) -> Iterator[str]:
        """All under which it may have been counted."""
        if self.offer.birthday is None:
            return iter((quota.unit(self.ask.offer),))
        years = (self.day.year - 1, self.day.year, self.day.year + 1)
        return (quota.unit(self.ask.offer, year) for year in years)


def use(met: Met) -> Sequence[Transfer]:
    """
    What uses the offer; what did, if it was used before, so that the books hold it to what is asked.

    Raises:
        PolicyRefusal: It is not for them, not now, or used up.
    """
    for key, there in _found(met):
        if not there.uses[key]:
            raise met.refused(say("given_back"))
        return [quota.use(key, there.member, met.ask.pieces, met.ask.why)]
    if (why := next(_against(met), None)) is not None:
        raise met.refused(why)
    key = quota.use_key(met.unit, met.ask.word)
    own = door.tallies(met.unit, met.records, met.view)
    return [
        *_in_all(met, key),
        *_points(met, key),
        *quota.using(key, met.ask.pieces, met.offer.per_person, own, met.at, met.ask.why),
    ]


def give_back(met: Met) -> Sequence[Transfer]:
    """
    What takes a use back, with all that it brought.

    Raises:
        PolicyRefusal: They did not use it.
    """
    for key, there in _found(met):
        shop = quota.shop(there.member.programme)
        moved = {f"{key}:total": shop.left, **_with_points(met, key), key: there.member}
        done = posted(met.tx, [key, f"{key}:total", f"{key}:points"])
        if not {*done} <= {*moved}:
            raise met.refused(say("points_elsewhere"))
        return [*quota.giving_back({each: moved[each] for each in done}, met.ask.why)]
    raise met.refused(say("not_used"))


def _against(met: Met) -> Iterator[Said]:
    ask, offer = met.ask, met.offer
    for lacks in missing(ask.offer, offer, met.known, met.day):
        yield lacks.reason
    if offer.connections and ask.order.connection not in offer.connections:
        yield say("elsewhere", connections=", ".join(offer.connections))
    if ask.pieces > 1 and not offer.by_piece:
        yield say("once")
    for lacks in short(left(ask.offer, offer, met.known), ask.pieces):
        yield lacks.reason


def _found(met: Met) -> Iterator[tuple[str, Tally]]:
    for of in met.units:
        key = quota.use_key(of, met.ask.word)
        for there in door.tallies(of, met.records, met.view):
            if key in there.uses:
                yield key, there


def _in_all(met: Met, key: str) -> Iterator[Transfer]:
    if met.offer.total is not None:
        shop = quota.shop(met.unit)
        allotted = quota.tally(shop.allotted, met.view.kept(shop.allotted))
        there = met.view.balance(shop.left)
        yield from quota.using_in_all(
            key, met.ask.pieces, met.offer.total, shop, allotted, there, met.ask.why
        )


def _points(met: Met, key: str) -> Iterator[Earn]:
    points, name = met.offer.benefit.points, met.offer.programme
    for each in met.mine:
        if points and each.name == name:
            begin = outlook.active_from(each.programme, met.day)
            end = outlook.ends(each.programme, met.day)
            yield Earn(f"{key}:points", each.account.member, points, met.ask.why, begin, end)
            return


def _with_points(met: Met, key: str) -> Mapping[str, Member]:
    """The account on which the points of a use are now."""
    pages = Pages(met.view)
    if met.offer.benefit.points:
        for each in met.mine:
            member, wanted = each.account.member, f"{key}:points"
            if any(kept.key == wanted for kept in pages.kept(member)):
                return {wanted: member}
    return {}
