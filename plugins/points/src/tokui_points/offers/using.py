"""Using an offer, and giving it back: planned on a snapshot, posted all together or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tokui.connector import Earn, Member, Transfer
from tokui.errors import PolicyRefusal, StoreBusy
from tokui.hooks import View
from tokui.identity.rules import Trust
from tokui.identity.view import snapshot
from tokui.model import moment
from tokui.store.books import Books, posted
from tokui.store.engine import Store, Transaction

from tokui_points import outlook
from tokui_points.hooks import Membership, Points
from tokui_points.offers import door, quota
from tokui_points.offers.audience import Facts, Left, Occasion, left, missing
from tokui_points.offers.quota import WHO, Record, Tally
from tokui_points.offers.settings import Offer
from tokui_points.settings import PointsSettings
from tokui_points.terms import Lang

TRIES = 50
"""Plans that others may overtake before it is given up."""


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
        return (
            f"key {self.key}"
            if self.key
            else f"order {self.order.connection} {quota.tag(self.order)}"
        )

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

    @property
    def units(self) -> Iterator[str]:
        """All under which it may have been counted."""
        if self.offer.birthday is None:
            return iter((quota.unit(self.ask.offer),))
        years = (self.day.year - 1, self.day.year, self.day.year + 1)
        return (quota.unit(self.ask.offer, Occasion(year, self.day)) for year in years)


class Uses:
    """
    Uses of offers, at a counter or a checkout.

    Args:
        store: The ledger.
        trust: How far sources are trusted.
        settings: `[plugins.points]`.
    """

    def __init__(self, store: Store, trust: Trust, settings: PointsSettings) -> None:
        self._store = store
        self._trust = trust
        self._plugin = Points(settings)

    def use(self, profile_id: int, ask: Ask) -> Left:
        """
        Use an offer; what is left.

        Raises:
            PolicyRefusal: It is not for them, not now, used up, or the key was used for something else.
        """
        return self._post(profile_id, ask, _use)

    def give_back(self, profile_id: int, ask: Ask) -> Left:
        """
        Take a use back, with all that it brought; what is left.

        Raises:
            PolicyRefusal: They did not use it.
        """
        return self._post(profile_id, ask, _give_back)

    def _post(self, profile_id: int, ask: Ask, plan: Callable[[Met], Sequence[Transfer]]) -> Left:
        """Plan again where somebody was faster; what is refused twice for the same plan is refused."""
        before: Sequence[Transfer] = ()
        for _ in range(TRIES):
            with self._met(profile_id, ask) as met:
                planned = plan(met)
            try:
                Books(self._store).post_all(planned)
                break
            except PolicyRefusal:
                if planned == before:
                    raise
                before = planned
        else:
            raise StoreBusy("others were faster too often", who=WHO, todo="try again")
        with self._met(profile_id, ask) as met:
            return left(ask.offer, met.offer, met.known)

    @contextmanager
    def _met(self, profile_id: int, ask: Ask) -> Iterator[Met]:
        with snapshot(self._store, self._trust) as (view, tx):
            yield self._meet(profile_id, ask, view, tx)

    def _meet(self, profile_id: int, ask: Ask, view: View, tx: Transaction) -> Met:
        settings, now = self._plugin.settings, moment(tx.now_us)
        offer, profile = settings.offers.get(ask.offer), view.profile(profile_id)
        if offer is None or profile is None:
            raise PolicyRefusal(f"there is no offer `{ask.offer}`", who=WHO)
        mine = [*self._plugin.memberships(profile_id, view, now)]
        known = door.facts(settings, mine, profile, view, now)
        records = door.records(profile_id, view)
        buyer = _buyer(profile_id, ask.order, view)
        at = records.index(buyer) if buyer in records else 0
        day = now.astimezone(offer.zone).date()
        return Met(ask, offer, day, known, mine, records, at, view, tx)


def _buyer(profile_id: int, order: Record, view: View) -> Record | None:
    """The record that bought, where the order was read already."""
    for each in view.purchases(profile_id):
        if each.key == order and each.order.buyer:
            return Record(each.connection, each.order.buyer)
    return None


def _use(met: Met) -> list[Transfer]:
    ask, offer = met.ask, met.offer
    if (known := _used(met)) is not None:
        return [known]
    for lacks in missing(ask.offer, offer, met.known, met.day):
        raise PolicyRefusal(getattr(lacks.reason, ask.lang), who=WHO)
    if ask.pieces > 1 and not offer.by_piece:
        raise PolicyRefusal("it is used once at a time: no pieces are counted", who=WHO)
    if offer.connections and ask.order.connection not in offer.connections:
        raise PolicyRefusal(f"it can be used at {', '.join(offer.connections)}", who=WHO)
    of = door.unit(ask.offer, offer, met.known, met.day)
    key, own = quota.use_key(of, ask.word), door.tallies(of, met.records, met.view)
    return [
        *_in_all(met, of, key),
        *_points(met, key),
        *quota.using(key, ask.pieces, offer.per_person, own, met.at, ask.why),
    ]


def _used(met: Met) -> Transfer | None:
    """What was posted for it before, so that the books hold it to what is asked."""
    for key, there in _found(met):
        if not there.uses[key]:
            raise PolicyRefusal("it was given back", who=WHO, todo="use it with another --key")
        return quota.use(key, there.member, met.ask.pieces, met.ask.why)
    return None


def _found(met: Met) -> Iterator[tuple[str, Tally]]:
    for of in met.units:
        key = quota.use_key(of, met.ask.word)
        for there in door.tallies(of, met.records, met.view):
            if key in there.uses:
                yield key, there


def _in_all(met: Met, of: str, key: str) -> Iterator[Transfer]:
    if met.offer.total is not None:
        shop = quota.shop(of)
        allotted = quota.tally(shop.allotted, met.view.kept(shop.allotted))
        there = met.view.balance(shop.left)
        yield from quota.using_in_all(
            key, met.ask.pieces, met.offer.total, shop, allotted, there, met.ask.why
        )


def _points(met: Met, key: str) -> Iterator[Earn]:
    points, name = met.offer.benefit.points, met.offer.programme
    for each in met.mine:
        if points and each.name == name:
            begin, end = (
                outlook.active_from(each.programme, met.day),
                outlook.ends(each.programme, met.day),
            )
            yield Earn(f"{key}:points", each.account.member, points, met.ask.why, begin, end)
            return


def _give_back(met: Met) -> list[Transfer]:
    for key, there in _found(met):
        shop = quota.shop(there.member.programme)
        moved = {f"{key}:total": shop.left, **_with_points(met, key), key: there.member}
        done = posted(met.tx, [key, f"{key}:total", f"{key}:points"])
        if not {*done} <= {*moved}:
            what = "its points are on an account that is theirs no longer"
            raise PolicyRefusal(what, who=WHO, todo="take them back by `tokui points reverse`")
        return [*quota.giving_back({each: moved[each] for each in done}, met.ask.why)]
    raise PolicyRefusal("they did not use it with that order or key", who=WHO)


def _with_points(met: Met, key: str) -> Mapping[str, Member]:
    """The account on which the points of a use are."""
    if met.offer.benefit.points:
        for each in met.mine:
            member, wanted = each.account.member, f"{key}:points"
            if any(kept.key == wanted for kept in met.view.kept(member)):
                return {wanted: member}
    return {}
