"""The card's figures: totals, basket, visits and birthday."""

from datetime import UTC, date, datetime

from tokui.card import Card, CardContact, Profile, Totals, build_card
from tokui.identity.golden import golden
from tokui.model import Customer, Event, Order

ME = Customer.model_validate(
    {"external_id": "1", "birthday": {"year": 1992, "month": 2, "day": 29}}
)
PROFILE = Profile.of(1, golden([("till", 0, ME)]))


def order(day: int, *lines: dict[str, object], **fields: object) -> tuple[str, Order]:
    stated = {
        "external_id": f"o{day}",
        "state": "paid",
        "currency": "JPY",
        "channel": "store",
        "placed_at": datetime(2026, 1, day, 3, tzinfo=UTC),
        "lines": tuple({"line_id": str(number), **line} for number, line in enumerate(lines)),
    }
    return "till", Order.model_validate({**stated, **fields})


def goods(price: int, quantity: int = 1, **fields: object) -> dict[str, object]:
    return {"unit_price_minor": price, "quantity": quantity, **fields}


def note(day: int) -> tuple[str, Event]:
    at = datetime(2026, 1, day, tzinfo=UTC)
    return "till", Event(external_id=str(day), customer="1", type="note", occurred_at=at)


def card(*orders: tuple[str, Order], events: tuple[tuple[str, Event], ...] = ()) -> Card:
    return build_card(PROFILE, [("till", ME)], orders, events, today=date(2026, 2, 27))


def total(*orders: tuple[str, Order]) -> Totals:
    (totals,) = card(*orders).totals
    return totals


def test_a_return_lowers_the_lifetime_value_and_not_the_basket():
    totals = total(
        order(1, goods(3000)), order(2, goods(1000)), order(3, goods(3000, -1), kind="return")
    )

    assert totals.lifetime_value.amount_minor == 1000
    assert totals.orders == 2
    assert totals.average_basket.amount_minor == 2000


def test_a_line_returned_within_its_order_does_not_shrink_the_basket_either():
    totals = total(order(1, goods(3000), goods(3000, -1)))

    assert totals.lifetime_value.amount_minor == 0
    assert totals.average_basket.amount_minor == 3000


def test_open_holds_exchanges_and_gift_card_sales_are_no_purchases():
    totals = total(
        order(1, goods(5000), kind="hold", state="open"),
        order(2, goods(5000), goods(5000, -1), kind="exchange"),
        order(3, goods(5000, kind="gift_card")),
    )

    assert totals.orders == 0
    assert totals.average_basket is None


def test_a_gift_card_beside_goods_is_not_in_the_basket():
    totals = total(order(1, goods(1000), goods(5000, kind="gift_card")))

    assert totals.average_basket.amount_minor == totals.lifetime_value.amount_minor == 1000


def test_the_average_is_rounded_half_up_to_the_yen():
    assert total(order(1, goods(100)), order(2, goods(101))).average_basket.amount_minor == 101


def test_currencies_are_never_summed():
    totals = card(
        order(1, goods(100), currency="USD"), order(2, goods(5)), order(3, goods(5))
    ).totals

    assert [(t.lifetime_value.currency, t.lifetime_value.amount_minor) for t in totals] == [
        ("JPY", 10),
        ("USD", 100),
    ]


def test_orders_and_events_stand_newest_first():
    events = tuple(note(day) for day in (1, 3, 2))

    shown = card(order(2, goods(1)), order(9, goods(1)), order(5, goods(1)), events=events)

    assert [o.external_id for o in shown.orders] == ["o9", "o5", "o2"]
    assert [e.occurred_at.day for e in shown.events] == [3, 2, 1]


def test_what_was_said_and_sent_stands_newest_first_and_of_one_moment_the_last():
    said = [
        CardContact(
            at=datetime(2026, 1, day, tzinfo=UTC),
            what="message",
            state=state,
            connection="line",
            contact="line_user_id",
        )
        for day, state in ((2, "sent"), (2, "delivered"), (1, "refused"))
    ]

    shown = build_card(PROFILE, [], [], [], today=date(2026, 2, 27), contacts=said).contacts

    assert [each.state for each in shown] == ["delivered", "sent", "refused"]


def test_the_last_visit_is_a_store_purchase_or_a_visit_never_a_void_or_an_online_order():
    visit = Event(
        external_id="v", customer="1", type="visit", occurred_at=datetime(2026, 1, 4, tzinfo=UTC)
    )
    bought = order(3, goods(1))
    online, void = order(8, goods(1), channel="online"), order(9, goods(1), state="voided")

    assert card(bought, online, void).last_visit == datetime(2026, 1, 3, 3, tzinfo=UTC)
    assert card(bought, online, events=(("till", visit),)).last_visit.day == 4


def test_a_birthday_on_29_february_falls_on_1_march():
    assert card().birthday_in_days == 2


def test_a_card_survives_its_json():
    shown = card(order(1, goods(100)))

    assert Card.model_validate_json(shown.model_dump_json()) == shown
