"""Using an offer, and giving it back: planned on a snapshot, posted all together or not at all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tokui.connector import Transfer
from tokui.errors import PolicyRefusal, StoreBusy
from tokui.hooks import View
from tokui.identity.rules import Trust
from tokui.identity.view import snapshot
from tokui.model import moment
from tokui.store.books import Books
from tokui.store.engine import Store, Transaction

from tokui_points.hooks import Points
from tokui_points.offers import door, plan
from tokui_points.offers.audience import Left
from tokui_points.offers.plan import Ask, Met
from tokui_points.offers.quota import WHO, Record
from tokui_points.settings import PointsSettings

__all__ = ["Ask", "Uses"]

TRIES = 50
"""Plans that others may overtake before it is given up."""


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
        return self._post(profile_id, ask, plan.use)

    def give_back(self, profile_id: int, ask: Ask) -> Left:
        """
        Take a use back, with all that it brought; what is left.

        Raises:
            PolicyRefusal: They did not use it.
        """
        return self._post(profile_id, ask, plan.give_back)

    def _post(self, profile_id: int, ask: Ask, make: Callable[[Met], Sequence[Transfer]]) -> Left:
        """Plan again where somebody was faster; what is refused twice for the same plan is refused."""
        before: Sequence[Transfer] = ()
        for _ in range(TRIES):
            with self._met(profile_id, ask) as met:
                planned = make(met)
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
            return door.left_of(met.offer, met.unit, met.records, met.view)

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
        alone = settings.model_copy(update={"offers": {ask.offer: offer}})
        known = door.facts(alone, mine, profile, view, now)
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
