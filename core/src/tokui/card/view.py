"""What a customer card shows; `tokui customer show --json` prints it as it is."""

from datetime import date
from typing import Literal

from tokui.card.profile import Profile, Sourced
from tokui.connector.programme import OpenOffer, Standing
from tokui.hooks import Suggestion, Trait
from tokui.model import Instant, Money, PersonName, Value


class CardLine(Value):
    """
    One line of a purchase.

    Attributes:
        kind: What is sold.
        title: What the receipt calls it, or its sku; None when the source says neither.
        quantity: Whole pieces; negative for what came back.
        total: What the line cost, tax included.
    """

    kind: Literal["product", "shipping", "fee", "gift_card"]
    title: str | None = None
    quantity: int
    total: Money


class CardOrder(Value):
    """
    One purchase, return, exchange, preorder or hold, in any channel.

    Attributes:
        connection: Name of the connection that states it.
        external_id: The order's id there.
        number: What the receipt or the shop calls it.
        kind: As in `Order`.
        state: As in `Order`.
        placed_at: When it was made. UTC.
        business_date: The shop's own day; None when the source keeps none.
        channel: Where it was bought.
        location: Name of the store; its id when the name is not known.
        staff: Name of who served; the id when the name is not known.
        lines: In the order of the receipt.
        total: All lines, tax included.
        spent: What it adds to the lifetime value.
    """

    connection: str
    external_id: str
    number: str | None = None
    kind: Literal["sale", "return", "exchange", "preorder", "hold"]
    state: Literal["open", "paid", "fulfilled", "picked_up", "cancelled", "voided"]
    placed_at: Instant
    business_date: date | None = None
    channel: Literal["store", "online", "phone", "other"]
    location: str | None = None
    staff: str | None = None
    lines: tuple[CardLine, ...] = ()
    total: Money
    spent: Money


class CardEvent(Value):
    """
    A visit, a note, or anything else that happened.

    Attributes:
        connection: Name of the connection that states it.
        type: As in `Event`.
        occurred_at: UTC.
        location: Name of the store; its id when the name is not known.
        staff: Name of who was there; the id when the name is not known.
        text: What a person wrote.
    """

    connection: str
    type: str
    occurred_at: Instant
    location: str | None = None
    staff: str | None = None
    text: str | None = None


class CardContact(Value):
    """
    Something that was said about reaching the person, or became of a message to them.

    Attributes:
        at: When; when it was first read, where the source keeps no time. UTC.
        what: What it is.
        state: Of a message as in `tokui message show`; of a consent as in `Consent`; of a suppression
            `all` or `marketing`, whichever it stops, or `lifted`.
        connection: Who sent it or says so; `tokui` is written here.
        contact: Kind of contact point, or `any`.
        purpose: What for.
        topic: The narrower subject.
        message_id: Of which message.
        template: Whose words it has.
        rule: Which rule or party gave the state; of a suppression, why it is.
        reason: Its words, or a code.
        evidence: What proves a consent.
        actor: Who did it or wrote it down here.
    """

    at: Instant
    what: Literal["message", "consent", "suppression"]
    state: str
    connection: str
    contact: str
    purpose: str | None = None
    topic: str | None = None
    message_id: int | None = None
    template: str | None = None
    rule: str | None = None
    reason: str | None = None
    evidence: str | None = None
    actor: str | None = None


class Totals(Value):
    """
    What a person bought in one currency, over all channels.

    Attributes:
        lifetime_value: Sum of `Order.spent`: sales less returns, tax included, without gift-card
            sales, open holds and preorders, cancelled and voided orders.
        orders: Purchases: settled sales, preorders and holds that sold goods. Returns and exchanges
            correct a purchase, and are none.
        average_basket: What those purchases sold, without gift cards, over their number, rounded
            half up to the minor unit. What came back later does not shrink the basket. None without
            a purchase.
    """

    lifetime_value: Money
    orders: int
    average_basket: Money | None = None


class CardMember(Value):
    """
    Somebody else of the person's household.

    Attributes:
        profile_id: Who it is.
        name: As in the golden view.
        role: `spouse`, `child`, …; `member` where nobody said.
        since: When it began; None where nobody knows. UTC.
        until: When it ended; None while it lasts. UTC.
    """

    profile_id: int
    name: PersonName | None = None
    role: str = "member"
    since: Instant | None = None
    until: Instant | None = None


class Card(Value):
    """
    One person, as staff see them.

    Attributes:
        profile: The golden view.
        totals: One for each currency, the one with most purchases first.
        last_visit: The latest purchase in a store or `visit` event. UTC.
        birthday_in_days: 0 is today; None when month or day is not known.
        since: When the first source knew the person. UTC.
        notes: What each source's staff wrote about the person.
        household: Who lives, or lived, with the person; those who do so now first.
        orders: Newest first.
        events: Newest first.
        contacts: What was said about reaching them, and what was sent; newest first.
        standings: In each points programme, side by side.
        offers: What they can use today.
        traits: What plugins computed.
        segments: Groups that plugins put the person into.
        suggestions: What staff could do next.
    """

    profile: Profile
    totals: tuple[Totals, ...] = ()
    last_visit: Instant | None = None
    birthday_in_days: int | None = None
    since: Instant | None = None
    notes: tuple[Sourced[str], ...] = ()
    household: tuple[CardMember, ...] = ()
    orders: tuple[CardOrder, ...] = ()
    events: tuple[CardEvent, ...] = ()
    contacts: tuple[CardContact, ...] = ()
    standings: tuple[Standing, ...] = ()
    offers: tuple[OpenOffer, ...] = ()
    traits: tuple[Trait, ...] = ()
    segments: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
