"""What gives a person a draw, and how many it gives. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue
from tokui.connector import Member, Purchase
from tokui.errors import PolicyRefusal
from tokui.model.order import SETTLED

from tokui_points.calendar import YEARS
from tokui_points.gacha.secret import Secret
from tokui_points.gacha.terms import Draw


@dataclass(frozen=True, slots=True)
class Player:
    """
    Who draws, as they are known now.

    Attributes:
        customers: Each system's record of them, as (connection, external id).
        member: Whose points, where a draw costs points.
        purchases: All of theirs, where purchases bring draws.
    """

    customers: Sequence[tuple[str, str]]
    member: Member | None = None
    purchases: Sequence[Purchase] = ()

    def aliases(self, secret: Secret) -> list[str]:
        """Their public ids, one for each record; the first is used for what they draw now."""
        return [secret.alias("customer", *each) for each in sorted(self.customers)]


@dataclass(frozen=True, slots=True)
class Claim:
    """
    Something that gives draws.

    Attributes:
        paid: What is published of it.
        holders: Whose turns it counts; a draw takes one of the first.
        most: So many draws it gives; None is no end of them.
    """

    paid: Mapping[str, JsonValue]
    holders: Sequence[str] = ()
    most: int | None = None

    def is_left(self, taken: Mapping[str, int]) -> bool:
        """Whether it gives another draw."""
        return self.most is None or sum(taken[each] for each in self.holders) < self.most


def person(draw: Draw, aliases: Sequence[str]) -> Claim:
    """What the person may draw in all. Records that were joined count together."""
    return Claim({}, aliases, draw.per_person)


def claims(draw: Draw, player: Player, secret: Secret, today: date) -> list[Claim]:
    """All that may give the person a draw today, the first to be used in front."""
    cost = draw.cost
    if cost.kind == "points":
        return [Claim({"points": cost.points, "programme": cost.programme})]
    if cost.kind == "daily":
        day = today.isoformat()
        return [Claim({}, [f"{each}/{day}" for each in player.aliases(secret)], 1)]
    return list(_of_orders(draw, player, secret))


def chosen(given: Sequence[Claim], whole: Claim, taken: Mapping[str, int], who: str) -> Claim:
    """
    The claim that the next draw uses.

    Raises:
        PolicyRefusal: None is left.
    """
    if not whole.is_left(taken):
        raise PolicyRefusal(f"they have made all {whole.most} draws that one person may", who=who)
    left = next((claim for claim in given if claim.is_left(taken)), None)
    if left is None:
        raise PolicyRefusal("nothing gives them a draw (any more) today", who=who)
    return left


def _of_orders(draw: Draw, player: Player, secret: Secret) -> Iterator[Claim]:
    each = draw.cost.for_each or 1
    counting = [order for order in player.purchases if _counts(draw, order)]
    for purchase in sorted(counting, key=lambda order: (order.order.placed_at, order.key)):
        alias = secret.alias("order", *purchase.key)
        if most := _kept(purchase, player.purchases) // each:
            yield Claim({"order": alias}, [f"order/{alias}"], most)


def _counts(draw: Draw, purchase: Purchase) -> bool:
    order, cost = purchase.order, draw.cost
    if order.placed_at.year not in YEARS:
        return False
    day = order.business_date or order.placed_at.astimezone(draw.zone).date()
    known = purchase.connection in cost.connections and order.currency == cost.currency
    return known and order.state in SETTLED and draw.since <= day <= draw.until


def _kept(purchase: Purchase, others: Sequence[Purchase]) -> int:
    """Of what an order sold, what did not come back, in minor units; gift cards are not spent yet."""
    sold = sum(
        line.total_minor
        for line in purchase.order.lines
        if line.quantity > 0 and line.kind != "gift_card"
    )
    back = sum(
        line.total_minor
        for other in others
        for line in other.order.lines
        if (ref := line.returns_line) and other.order.state in SETTLED
        if (ref.connection or other.connection, ref.order) == purchase.key
    )
    return max(0, sold + back)
