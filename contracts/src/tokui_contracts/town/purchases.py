"""Who bought what, where, for whom, and what came back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tokui_contracts.town.accounts import SLOTS, Account, System
from tokui_contracts.town.dice import Dice
from tokui_contracts.town.goods import SHOPS, STORES, Clerk, Shop, Variant, clerks, shelves
from tokui_contracts.town.people import Person
from tokui_contracts.town.rates import Rates

FIRST_ORDER = 5_500_000_000_000
FIRST_SALE = 1_000
ROOM = 64
"""Numbers of purchases set aside for each account."""


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line of a receipt. Yen; prices contain the tax (内税).

    Attributes:
        number: From 0, in the order of the receipt.
        discount: The line's share of the discount on the whole.
    """

    number: int
    variant: Variant
    quantity: int
    discount: int

    @property
    def total(self) -> int:
        """What the line cost."""
        return self.variant.price * self.quantity - self.discount

    @property
    def tax(self) -> int:
        """The tax in it, rounded down."""
        rate = self.variant.tax_percent
        return self.total * rate // (100 + rate)


@dataclass(frozen=True, slots=True)
class Paid:
    """One way in which a purchase was paid."""

    how: Literal["cash", "card", "gift_card", "wallet"]
    amount: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """
    One sale, with what came back of it.

    Attributes:
        number: As Shopify's order id or the till's transaction number.
        buyer: None for a guest of the online shop and for a walk-in of a store.
        guest: The person who ordered as a guest.
        recipient: Somebody else, to whom it was sent.
        clerk: Who served, in a store.
        returned: Pieces that came back, by line number.
        returned_at: None when nothing came back.
    """

    system: System
    number: int
    at: datetime
    updated_at: datetime
    shop: Shop
    clerk: Clerk | None
    buyer: Account | None
    guest: Person | None
    recipient: Person | None
    lines: tuple[Line, ...]
    paid: tuple[Paid, ...]
    cancelled: bool = False
    returned: Mapping[int, int] = field(default_factory=dict)
    returned_at: datetime | None = None

    @property
    def total(self) -> int:
        """What was paid, in yen, whatever came back later."""
        return sum(line.total for line in self.lines)

    @property
    def external_id(self) -> str:
        """As the system's API or export writes it."""
        return (
            f"gid://shopify/Order/{self.number}" if self.system == "shopify" else str(self.number)
        )

    def refund(self, line: Line) -> int:
        """Yen given back for a line."""
        back = self.returned.get(line.number, 0)
        return line.total if back == line.quantity else line.total * back // line.quantity


def place(system: System, number: int) -> tuple[int, int, int]:
    """The person, slot and count within the slot that a purchase's number stands for."""
    account, at = divmod(number - (FIRST_ORDER if system == "shopify" else FIRST_SALE), ROOM)
    return *divmod(account, SLOTS), at


def number(system: System, person: int, slot: int, at: int) -> int:
    """The inverse of `place`."""
    first = FIRST_ORDER if system == "shopify" else FIRST_SALE
    return first + (person * SLOTS + slot) * ROOM + at


def count(seed: int, system: System, person: int, slot: int) -> int:
    """How many purchases an account has: many have few, few have many."""
    return int(Dice(seed, system, "count", person, slot).random() ** 3 * 12)


def _basket(dice: Dice, rates: Rates) -> tuple[Line, ...]:
    clothes, food, gift_cards = shelves()
    bought: list[tuple[Variant, int]] = []
    for _ in range(dice.between(1, 3)):
        shelf = gift_cards if dice.chance(0.02) else food if dice.chance(0.35) else clothes
        bought.append((dice.pick(shelf), 1 if dice.chance(0.85) else 2))
    percent = 10 if dice.chance(rates.discounted) else 0
    return tuple(
        Line(
            at,
            variant,
            pieces,
            0 if variant.is_gift_card else variant.price * pieces * percent // 100,
        )
        for at, (variant, pieces) in enumerate(bought)
    )


def _paid(dice: Dice, total: int, system: System) -> Iterator[Paid]:
    gift = min(total, 3000) if dice.chance(0.03) else 0
    if gift:
        yield Paid("gift_card", gift)
    if total > gift:
        how: Literal["cash", "card", "wallet"] = "card"
        if system == "pos" and dice.chance(0.6):
            how = "cash" if dice.chance(0.6) else "wallet"
        yield Paid(how, total - gift)


def _returned(dice: Dice, lines: tuple[Line, ...], rates: Rates) -> Mapping[int, int]:
    if not dice.chance(rates.returned):
        return {}
    line = dice.pick([line for line in lines if not line.variant.is_gift_card] or [lines[0]])
    return {} if line.variant.is_gift_card else {line.number: dice.between(1, line.quantity)}


def _where(dice: Dice, system: System, *, online: bool) -> tuple[Shop, Clerk | None]:
    """Some purchases in Shopify are made at its own till."""
    if online:
        return SHOPS[0], None
    shop = STORES[0] if system == "shopify" else dice.pick(STORES)
    return shop, dice.pick([clerk for clerk in clerks() if clerk.shop == shop.number])


def _placed(dice: Dice, system: System, buyer: Account | None, today: datetime) -> datetime:
    age = (today - buyer.created_at).total_seconds() if buyer else 700 * 86400
    placed = today - timedelta(seconds=int(age * dice.random()))
    if system == "pos":  # shops are open from 10 to 20 o'clock, which is 1 to 11 in UTC
        placed = min(today, placed.replace(hour=dice.between(1, 10)))
    return placed


def purchase(
    seed: int,
    system: System,
    at_number: int,
    *,
    buyer: Account | None,
    guest: Person | None,
    recipient: Person | None,
    today: datetime,
    rates: Rates,
) -> Purchase:
    """The purchase of this number, made from nothing else."""
    dice = Dice(seed, system, "purchase", at_number)
    placed = _placed(dice, system, buyer, today)
    online = system == "shopify" and (
        guest is not None or recipient is not None or dice.chance(0.9)
    )
    shop, clerk = _where(dice, system, online=online)
    lines = _basket(dice, rates)
    cancelled = dice.chance(0.01)
    returned = {} if cancelled else _returned(dice, lines, rates)
    settled = min(today, placed + timedelta(seconds=dice.between(60, 4 * 86400)))
    back = min(today, settled + timedelta(seconds=dice.between(3600, 20 * 86400)))
    return Purchase(
        system=system,
        number=at_number,
        at=placed,
        updated_at=back if returned else settled,
        shop=shop,
        clerk=clerk,
        buyer=buyer,
        guest=guest,
        recipient=recipient,
        lines=lines,
        paid=tuple(_paid(dice, sum(line.total for line in lines), system)),
        cancelled=cancelled,
        returned=returned,
        returned_at=back if returned else None,
    )
