"""What somebody is about to buy, and what is said of it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from tokui.connector import Said
from tokui.model import Value
from tokui.model.record import CurrencyCode, ExternalId, Instant

from tokui_points.offers.settings import MANY

Amount = Annotated[int, Field(ge=0, le=10**15)]


class BasketLine(Value):
    """
    One line, before any offer.

    Attributes:
        amount_minor: What it costs, tax included, for all pieces.
        tax_minor: The tax in it.
        kind: Offers are about products only.
        category: As the shop's articles have it.
    """

    amount_minor: Amount
    tax_minor: Amount = 0
    quantity: Annotated[int, Field(ge=1, le=MANY)] = 1
    kind: Literal["product", "shipping", "fee", "gift_card"] = "product"
    sku: str | None = None
    gtin: str | None = None
    variant: ExternalId | None = None
    category: str | None = None

    @model_validator(mode="after")
    def _has_its_tax(self) -> Self:
        if self.tax_minor > self.amount_minor:
            raise ValueError("the tax is a part of the amount")
        return self


class Basket(Value):
    """
    What is about to be bought.

    Attributes:
        connection: Where.
        currency: Of its amounts.
        points_minor: So much of it will be paid with points.
        only: The offers that may apply, by name; None: whichever are best.
    """

    connection: str
    currency: CurrencyCode = "JPY"
    lines: Annotated[tuple[BasketLine, ...], Field(min_length=1, max_length=1_000)]
    points_minor: Amount = 0
    only: tuple[str, ...] | None = None


class Applied(Value):
    """
    An offer that applies.

    Attributes:
        reason: Why they have it.
        benefit: What it brings.
        lines: The lines it is about, by number from 0.
        off_minor: So much less.
        off_lines: The same by line of the basket; adds up to it.
        points: Points beside those that the purchase earns.
        left: How often, or how many pieces, they have before this use; None: no limit.
    """

    offer: str
    title: Said
    benefit: Said
    reason: Said
    lines: tuple[int, ...]
    off_minor: int = 0
    off_lines: tuple[int, ...]
    points: int = 0
    left: int | None = None


class Told(Value):
    """
    An offer that does not apply, and why.

    Attributes:
        reason: What is missing, or what else applies instead.
        lines: The lines it is about, by number from 0.
    """

    offer: str
    title: Said
    benefit: Said
    reason: Said
    lines: tuple[int, ...] = ()


class EarnedLine(Value):
    """
    What one line will earn.

    Attributes:
        line: Its number, from 0.
        rate: Points for each unit of money.
        rule: The campaign or category whose rule it earns by; None: the tier's own rate.
    """

    line: int
    points: int
    rate: Decimal
    rule: Said | None = None


class Earning(Value):
    """
    What the purchase will earn in one programme.

    Attributes:
        tier: At which tier.
        tier_after: The tier that the purchase brings; None: the same.
    """

    programme: str
    title: Said
    tier: Said
    points: int
    lines: tuple[EarnedLine, ...]
    tier_after: Said | None = None


class Benefits(Value):
    """
    All that can be said of a basket now.

    Attributes:
        at: At which moment. UTC.
        total_minor: What it costs.
        off_minor: So much less, by all that applies.
        applied: What applies, all of it together.
        instead: What would apply if something else did not.
        near: What is missing one thing only, that can be had.
        refused: Lines that they may not buy.
        earns: Of each programme; never summed.
    """

    at: Instant
    total_minor: int
    off_minor: int = 0
    applied: tuple[Applied, ...] = ()
    instead: tuple[Told, ...] = ()
    near: tuple[Told, ...] = ()
    refused: tuple[Told, ...] = ()
    earns: tuple[Earning, ...] = ()


class Counted(Value):
    """
    An offer, and how often it was used.

    Attributes:
        used: Uses, or pieces, that were not given back.
        left: In all; None: no limit.
    """

    offer: str
    title: Said
    benefit: Said
    since: date | None = None
    until: date | None = None
    used: int
    left: int | None = None
