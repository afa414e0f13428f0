"""From facts to a card. Pure: today's date is an argument."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from tokui.card.profile import Profile, Source, Sourced
from tokui.card.view import Card, CardContact, CardEvent, CardLine, CardMember, CardOrder, Totals
from tokui.connector.programme import OpenOffer, Standing
from tokui.hooks import Suggestion, Trait
from tokui.model import Customer, Event, Money, Order, OrderLine
from tokui.model.order import SETTLED

Names: TypeAlias = Mapping[tuple[str, str], str]
"""What an external id is called, by connection and id."""

_PURCHASES = frozenset({"sale", "preorder", "hold"})
_UNDONE = frozenset({"cancelled", "voided"})


class _Called(NamedTuple):
    locations: Names
    staff: Names


class Answers(NamedTuple):
    """What plugins say of a person: those of `tokui_standings`, `tokui_offers`, `tokui_traits` and so on."""

    standings: tuple[Standing, ...] = ()
    offers: tuple[OpenOffer, ...] = ()
    traits: tuple[Trait, ...] = ()
    segments: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


NO_ANSWERS = Answers()


def build_card(
    profile: Profile,
    customers: Sequence[tuple[str, Customer]],
    orders: Sequence[tuple[str, Order]],
    events: Sequence[tuple[str, Event]],
    *,
    today: date,
    locations: Names | None = None,
    staff: Names | None = None,
    household: Sequence[CardMember] = (),
    contacts: Sequence[CardContact] = (),
    answers: Answers = NO_ANSWERS,
) -> Card:
    """
    Put together what staff see of one person.

    Args:
        profile: The golden view.
        customers: The profile's records, each with its connection.
        orders: All of their orders, in any order: totals are sums over them.
        events: Their events, in any order.
        today: The shop's own day.
        locations: Names of stores.
        staff: Names of staff.
        household: Who else is of it.
        contacts: What was said about reaching them and what was sent, in any order; of one moment
            the earlier first.
        answers: What plugins say.
    """
    called, birthday = _Called(locations or {}, staff or {}), profile.birthday
    return Card(
        profile=profile,
        totals=_totals([order for _, order in orders]),
        last_visit=_last_visit((o for _, o in orders), (e for _, e in events)),
        birthday_in_days=birthday.value.days_until(today) if birthday else None,
        since=min((each.created_at for _, each in customers if each.created_at), default=None),
        notes=tuple(_notes(customers)),
        household=tuple(household),
        orders=_orders(orders, called),
        events=_events(events, called),
        contacts=tuple(sorted(contacts, key=lambda each: each.at))[::-1],
        standings=answers.standings,
        offers=answers.offers,
        traits=answers.traits,
        segments=answers.segments,
        suggestions=answers.suggestions,
    )


def _totals(orders: Sequence[Order]) -> tuple[Totals, ...]:
    currencies = {order.currency for order in orders}
    totals = (_total(code, [o for o in orders if o.currency == code]) for code in currencies)
    return tuple(sorted(totals, key=lambda t: (-t.orders, t.lifetime_value.currency)))


def _total(currency: str, orders: Sequence[Order]) -> Totals:
    baskets = [sum(line.total_minor for line in sold) for o in orders if (sold := _sold(o))]
    average = (2 * sum(baskets) + len(baskets)) // (2 * len(baskets)) if baskets else None
    return Totals(
        lifetime_value=_money(sum(order.spent.amount_minor for order in orders), currency),
        orders=len(baskets),
        average_basket=None if average is None else _money(average, currency),
    )


def _sold(order: Order) -> list[OrderLine]:
    """What a purchase sold; empty for an order that is no purchase."""
    if order.kind not in _PURCHASES or order.state not in SETTLED:
        return []
    lines = [line for line in order.lines if line.kind != "gift_card" and line.quantity > 0]
    return lines if any(line.kind == "product" for line in lines) else []


def _last_visit(orders: Iterable[Order], events: Iterable[Event]) -> datetime | None:
    bought = [o.placed_at for o in orders if o.channel == "store" and o.state not in _UNDONE]
    return max([*bought, *(e.occurred_at for e in events if e.type == "visit")], default=None)


def _notes(customers: Iterable[tuple[str, Customer]]) -> Iterable[Sourced[str]]:
    for connection, customer in customers:
        if customer.note:
            source = Source(connection=connection, external_id=customer.external_id)
            version = customer.source_version
            at = version if isinstance(version, datetime) else None
            yield Sourced[str](value=customer.note, source=source, rule="all", at=at)


def _orders(orders: Iterable[tuple[str, Order]], called: _Called) -> tuple[CardOrder, ...]:
    """The newest first."""
    shown = (_order(connection, order, called) for connection, order in orders)
    return tuple(
        sorted(shown, key=lambda o: (o.placed_at, o.connection, o.external_id), reverse=True)
    )


def _events(events: Iterable[tuple[str, Event]], called: _Called) -> tuple[CardEvent, ...]:
    """The newest first."""
    shown = (_event(connection, event, called) for connection, event in events)
    return tuple(sorted(shown, key=lambda e: (e.occurred_at, e.connection), reverse=True))


def _order(connection: str, order: Order, called: _Called) -> CardOrder:
    return CardOrder(
        connection=connection,
        external_id=order.external_id,
        number=order.number,
        kind=order.kind,
        state=order.state,
        placed_at=order.placed_at,
        business_date=order.business_date,
        channel=order.channel,
        location=_name(connection, order.location, called.locations),
        staff=_name(connection, order.staff, called.staff),
        lines=tuple(_line(line, order.currency) for line in order.lines),
        total=_money(order.total_minor, order.currency),
        spent=order.spent,
    )


def _line(line: OrderLine, currency: str) -> CardLine:
    return CardLine(
        kind=line.kind,
        title=line.title or line.sku,
        quantity=line.quantity,
        total=_money(line.total_minor, currency),
    )


def _event(connection: str, event: Event, called: _Called) -> CardEvent:
    return CardEvent(
        connection=connection,
        type=event.type,
        occurred_at=event.occurred_at,
        location=_name(connection, event.location, called.locations),
        staff=_name(connection, event.staff, called.staff),
        text=event.text,
    )


def _name(connection: str, external_id: str | None, names: Names) -> str | None:
    return names.get((connection, external_id), external_id) if external_id else None


def _money(amount_minor: int, currency: str) -> Money:
    return Money(amount_minor=amount_minor, currency=currency)
