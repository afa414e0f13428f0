"""The parts of a programme: tiers, the window they are reached in, how points end, words."""

from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, NonNegativeInt, model_validator
from tokui.connector import Said, Settings

Lang: TypeAlias = Literal["ja", "en"]

Rate = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Words(Settings):
    """
    Something said in both languages.

    Attributes:
        ja: In Japanese.
        en: In English.
    """

    ja: str | None = Field(None, min_length=1, description="In Japanese.")
    en: str | None = Field(None, min_length=1, description="In English.")

    def said(self, otherwise: str) -> Said:
        """In both languages; where one is missing it is the other, or else `otherwise`."""
        ja, en = self.ja or self.en or otherwise, self.en or self.ja or otherwise
        return Said(ja=ja, en=en)

    def called(self, name: str, lang: Lang) -> str:
        """In one language; `name` where nothing is said."""
        return self.said(name).in_language(lang)


class Tier(Settings):
    """
    A rank.

    Attributes:
        name: Short and lasting; what is stored and compared.
        title: What customers call it.
        spend: Minor units within the window from which it is reached; what earns points counts.
        visits: Days with a purchase within the window from which it is reached, beside `spend`.
        rate: Points for each unit of money, where no rule says something else.
        benefits: What else it brings.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="Short and lasting.")
    title: Words = Field(Words(), description="What customers call it.")
    spend: NonNegativeInt = Field(0, description="Minor units within the window that reach it.")
    visits: NonNegativeInt = Field(0, description="Days with a purchase that it needs besides.")
    rate: Rate = Field(Decimal(1), description="Points for each `unit` of money.")
    benefits: tuple[Words, ...] = Field((), description="What else it brings.")


class Window(Settings):
    """
    Over what time spend and visits are added up.

    Attributes:
        kind: In a calendar or fiscal year a tier holds until the end of the year after the one in which
            it was reached. With rolling months it holds for so many months, and is looked at again then.
            Over a lifetime it ends only when goods come back.
        first_month: With which month the fiscal year begins.
        months: Of a rolling window.
    """

    kind: Literal["calendar_year", "fiscal_year", "rolling", "lifetime"] = Field(
        "calendar_year", description="calendar_year, fiscal_year, rolling or lifetime."
    )
    first_month: int = Field(4, ge=1, le=12, description="First month of the fiscal year.")
    months: int = Field(12, ge=1, le=120, description="Months of a rolling window.")

    @property
    def starts(self) -> int:
        """First month of a year of the programme."""
        return self.first_month if self.kind == "fiscal_year" else 1


class Expiry(Settings):
    """
    When points end; always with the end of a day, 23:59:59 inclusive, in the programme's time zone.

    Attributes:
        kind: `fixed`: so many months after they were earned. `sliding`: so many after the last purchase.
        months: How many.
        round_to: A fixed end is put off to the end of that `day`, `month` or `year` of the programme.
        notice_days: So long before the end staff are told.
    """

    kind: Literal["never", "fixed", "sliding"] = Field(
        "fixed", description="never, fixed, sliding."
    )
    months: int = Field(12, ge=1, le=1200, description="Months after the earning or last purchase.")
    round_to: Literal["day", "month", "year"] = Field("day", description="End of day, month, year.")
    notice_days: NonNegativeInt = Field(30, description="So many days before the end it is said.")


class Basis(Settings):
    """
    What earns beside the goods themselves; by default nothing.

    Attributes:
        tax: Points on the tax too.
        shipping: Points on shipping lines.
        fee: Points on fees.
        gift_card: Points on gift cards when they are sold.
        paid_with_points: Points on what was paid with points.
    """

    tax: bool = Field(False, description="Points on the tax too.")
    shipping: bool = Field(False, description="Points on shipping.")
    fee: bool = Field(False, description="Points on fees.")
    gift_card: bool = Field(False, description="Points on gift cards when they are sold.")
    paid_with_points: bool = Field(False, description="Points on what was paid with points.")

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Kinds of lines that earn."""
        chosen = {name for name in ("shipping", "fee", "gift_card") if getattr(self, name)}
        return frozenset({"product", *chosen})


class Reach(Settings):
    """
    When a suggestion says that the next tier is near.

    Attributes:
        spend: Minor units that may be missing.
        visits: Visits that may be missing.
    """

    spend: NonNegativeInt = Field(30_000, description="Minor units that may be missing.")
    visits: NonNegativeInt = Field(2, description="Visits that may be missing.")


class Ladder(Settings):
    """The tiers of a programme, the lowest first."""

    tiers: tuple[Tier, ...] = Field(
        (Tier(name="member", title=Words(ja="会員", en="Member")),),
        min_length=1,
        description="Tiers, the lowest first; it needs nothing.",
    )

    @model_validator(mode="after")
    def _climbs(self) -> "Ladder":
        names = [tier.name for tier in self.tiers]
        if len({*names}) < len(names):
            raise ValueError("two tiers have one name")
        if self.tiers[0].spend or self.tiers[0].visits:
            raise ValueError("the first tier is everybody's: it has no `spend` and no `visits`")
        for low, high in zip(self.tiers, self.tiers[1:], strict=False):
            grows = high.spend >= low.spend and high.visits >= low.visits
            if not grows or (high.spend, high.visits) == (low.spend, low.visits):
                raise ValueError(f"tier {high.name} must need more than {low.name} before it")
        return self
