"""What offers take off a basket, line by line. Pure, and exact: shares add up to the whole."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tokui_points.offers.basket import Basket, BasketLine
from tokui_points.offers.settings import Offer


@dataclass(frozen=True, slots=True)
class Taken:
    """
    What an offer takes off.

    Attributes:
        offer: Its name.
        off: By line of the basket, in minor units.
    """

    offer: str
    off: tuple[int, ...]

    @property
    def whole(self) -> int:
        """In all."""
        return sum(self.off)


def matching(offer: Offer, basket: Basket) -> tuple[int, ...]:
    """The lines that an offer is about."""
    return tuple(number for number, line in enumerate(basket.lines) if _is_about(offer, line))


def take(names: Sequence[str], offers: Mapping[str, Offer], basket: Basket) -> Iterator[Taken]:
    """Let offers take off, one after the other, each from what the ones before it left."""
    left = [line.amount_minor for line in basket.lines]
    for name in names:
        mine = {*matching(offers[name], basket)}
        there = [amount if number in mine else 0 for number, amount in enumerate(left)]
        off = share(_off(offers[name], sum(there)), there)
        left = [amount - less for amount, less in zip(left, off, strict=True)]
        yield Taken(name, off)


def share(whole: int, by: Sequence[int]) -> tuple[int, ...]:
    """
    Share out a whole number by weights; what is left over goes to the largest remainders.

    Args:
        whole: Not more than all the weights together.
        by: The weights; of equal remainders the first one gets more.
    """
    total = sum(by)
    if not total:
        return (0,) * len(by)
    shares = [whole * each // total for each in by]
    order = sorted(range(len(by)), key=lambda n: (-(whole * by[n] % total), n))
    for number in order[: whole - sum(shares)]:
        shares[number] += 1
    return tuple(shares)


def together(
    open_: Collection[str], offers: Mapping[str, Offer], basket: Basket, worth: Mapping[str, int]
) -> list[str]:
    """
    Which of the offers apply, in the order of the file: what stacks, or the one that alone is worth more.

    Args:
        open_: Whichever could apply.
        offers: In the order of the file.
        basket: What they take off.
        worth: What the points of an offer are worth, in minor units.
    """
    names = [name for name in offers if name in open_]
    free = [name for name in names if offers[name].by_piece]
    alone = [[name] for name in names if name not in free and not offers[name].stack]
    stacked = [name for name in names if name not in free and offers[name].stack]
    choices = [stacked, *alone] if stacked else alone
    value = [_worth(each, offers, basket, worth) for each in choices]
    best = choices[value.index(max(value))] if choices else []
    return [name for name in names if name in {*free, *best}]


def _worth(
    names: Sequence[str], offers: Mapping[str, Offer], basket: Basket, worth: Mapping[str, int]
) -> int:
    off = sum(each.whole for each in take(names, offers, basket))
    return off + sum(worth.get(name, 0) for name in names)


def _is_about(offer: Offer, line: BasketLine) -> bool:
    known = {line.sku, line.gtin, line.variant} - {None}
    return (
        line.kind == "product"
        and (not offer.categories or line.category in offer.categories)
        and (not offer.items or bool(known & {*offer.items}))
    )


def _off(offer: Offer, there: int) -> int:
    if offer.benefit.percent is not None:
        part, whole = offer.benefit.percent.as_integer_ratio()
        return there * part // (100 * whole)
    return min(offer.benefit.off_minor or 0, there)
