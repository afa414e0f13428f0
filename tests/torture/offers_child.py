"""The processes that use one offer at once, each in a channel of its own."""

from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from tokui.errors import PolicyRefusal
from tokui.identity.rules import Trust
from tokui.store.engine import Store
from tokui_points.offers.quota import Record
from tokui_points.offers.using import Ask, Uses
from tokui_points.settings import PointsSettings

PROCESSES, ROUNDS, TOTAL, EACH = 8, 4, 7, 2


def settings() -> PointsSettings:
    """An offer for each round: so often for one person, so often in all."""
    one = {"benefit": {"off_minor": 500}, "per_person": EACH, "total": TOTAL}
    return PointsSettings.model_validate({"offers": {f"round-{n}": one for n in range(ROUNDS)}})


@dataclass(frozen=True)
class Rush:
    """
    Where they are, and who there is.

    Attributes:
        people: Their profiles; the first one is everybody's favourite.
    """

    url: str
    people: tuple[int, ...]


def rush(job: Rush, place: int, line: Barrier, tell: Connection) -> None:
    """One process: in each round somebody of its own and the favourite use the offer, each order twice."""
    store = Store.open(job.url)
    uses = Uses(store, Trust(), settings())
    for number in range(ROUNDS):
        line.wait()
        tell.send([_use(uses, number, who, place) for who in {job.people[0], job.people[place]}])
    store.close()


def _use(uses: Uses, number: int, who: int, place: int) -> tuple[int, bool]:
    ask = Ask(f"round-{number}", Record("shop" if place % 2 else "till", f"{place}-{who}"), "mori")
    try:
        uses.use(who, ask)
        uses.use(who, ask)
    except PolicyRefusal:
        return who, False
    return who, True
