"""What a basket will earn, as if it was bought now. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tokui.connector import Purchase, Said
from tokui.model import Order, OrderLine, Tender

from tokui_points.facts import Earned
from tokui_points.offers.basket import Applied, Basket, BasketLine, EarnedLine, Earning
from tokui_points.settings import Programme
from tokui_points.story import Story, play


def earnings(
    stories: Mapping[str, Story], basket: Basket, applied: Sequence[Applied], now: datetime
) -> Iterator[Earning]:
    """The same in every programme in which it earns."""
    for name, story in stories.items():
        of = story.programme
        if basket.connection in of.earns_from and basket.currency == of.currency:
            yield earning(name, story, basket, applied, now)


def earning(
    name: str, story: Story, basket: Basket, applied: Sequence[Applied], now: datetime
) -> Earning:
    """What the purchase will earn, after all that is taken off, at the tier that the person has."""
    purchase = as_purchase(basket, applied, now)
    person = replace(story.person, purchases=(*story.person.purchases, purchase))
    after = play(story.programme, person, now)
    lines = [_line(story.programme, each) for each in after.earned if each.purchase is purchase]
    return Earning(
        programme=name,
        title=story.programme.title.said(name),
        tier=story.programme.called(story.tier),
        points=sum(each.points for each in lines),
        lines=tuple(lines),
        tier_after=story.programme.called(after.tier) if after.tier != story.tier else None,
    )


def as_purchase(basket: Basket, applied: Iterable[Applied], now: datetime) -> Purchase:
    """The order that a basket would be; a line's id is its number."""
    offs = [each.off_lines for each in applied]
    lines = [
        _order_line(number, line, sum(off[number] for off in offs))
        for number, line in enumerate(basket.lines)
    ]
    points = Tender(kind="points", amount_minor=basket.points_minor)
    order = Order(
        external_id="basket, not bought yet",
        state="paid",
        placed_at=now,
        currency=basket.currency,
        tenders=(points,) if basket.points_minor else (),
        lines=tuple(lines),
    )
    sorts = {str(n): line.category for n, line in enumerate(basket.lines) if line.category}
    return Purchase(basket.connection, order, sorts)


def _order_line(number: int, line: BasketLine, off: int) -> OrderLine:
    unit = -(-line.amount_minor // line.quantity)
    left = line.amount_minor - off
    return OrderLine(
        line_id=str(number),
        kind=line.kind,
        quantity=line.quantity,
        unit_price_minor=unit,
        discount_minor=unit * line.quantity - left,
        tax_minor=line.tax_minor * left // line.amount_minor if line.amount_minor else 0,
        variant=line.variant,
        sku=line.sku,
        gtin=line.gtin,
    )


def _line(programme: Programme, each: Earned) -> EarnedLine:
    part, whole = each.rate
    rule = next((rule for rule in programme.rules if rule.name == each.rule), None)
    said: Said | None = rule.title.said(rule.name) if rule else None
    number = int(each.line.line_id)
    return EarnedLine(line=number, points=each.points, rate=Decimal(part) / whole, rule=said)
