"""`[plugins.points]`: programmes as configuration."""

import re
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from itertools import combinations
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    NonNegativeInt,
    PositiveInt,
    ValidationInfo,
    field_validator,
    model_validator,
)
from tokui.connector import Said, Settings
from tokui.model.record import CurrencyCode, ZoneName

from tokui_points.asking import Asking
from tokui_points.gacha.terms import NAME, Draw
from tokui_points.named import check_named, configured
from tokui_points.offers.settings import Offer, check
from tokui_points.rules import Rule, ties
from tokui_points.terms import Basis, Expiry, Ladder, Lang, Reach, Tier, Window, Words

OURS = "tokui"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


class Programme(Ladder):
    """
    `[plugins.points.programmes.NAME]`.

    Attributes:
        title: What customers call it.
        authority: Who keeps the books: `tokui`, or a connection whose balances are mirrored.
        earns_from: Connections whose orders earn.
        since: Its first day. Purchases before it count for the tiers, and earn nothing.
        stack: An order may earn here and in another programme that says so as well.
        issuer: Of the member numbers; needed where several connections may bring numbers of their own.
        number: Kind of the identifier that makes somebody a member.
        holder: Whose an account is. `person`: one account for all cards of a person. `card`: one for
            each number. `household`: one for each number, which several people may bear (家族カード).
        currency: Only orders in it earn.
        timezone: Of days and periods.
        unit: So many minor units earn `rate` points.
        rounding: Of the points of a line, or of a receipt.
        rounding_per: `receipt`: the points of the whole are rounded once, and shared out to its lines.
        basis: What earns beside the goods.
        window: Over what time a tier is reached.
        rules: Rates for some lines: categories, campaigns.
        pending_days: After so many days points can be spent.
        expiry: When points end.
        join_gift: Points for joining.
        notice_days: So long before a tier drops it is said.
        reach: How near the next tier must be to be suggested.
        value_minor: What one point costs the shop, in minor units.
        mirror: How often balances of another authority are read.
    """

    title: Words = Field(Words(), description="What customers call it.")
    authority: str = Field(OURS, description="`tokui`, or the connection whose books count.")
    earns_from: tuple[str, ...] = Field((), description="Connections whose orders earn.")
    since: date | None = Field(None, description="First day; earlier purchases only lift tiers.")
    stack: bool = Field(False, description="Orders may earn in another programme too.")
    issuer: str | None = Field(None, description="Issuer of the member numbers.")
    number: str = Field("member_no", description="Kind of identifier that members have.")
    holder: Literal["person", "card", "household"] = Field(
        "person", description="Whose an account is: person, card or household."
    )
    currency: CurrencyCode = Field("JPY", description="Only orders in it earn.")
    timezone: ZoneName = Field("Asia/Tokyo", description="Zone of days and periods.")
    unit: PositiveInt = Field(100, description="So many minor units earn `rate` points.")
    rounding: Literal["down", "half_up", "up"] = Field("down", description="Of a line's points.")
    rounding_per: Literal["line", "receipt"] = Field(
        "line", description="What is rounded: line, or receipt as a whole."
    )
    basis: Basis = Field(Basis(), description="What earns beside the goods.")
    window: Window = Field(Window(), description="Over what time a tier is reached.")
    rules: tuple[Rule, ...] = Field((), description="Rates for categories and campaigns.")
    pending_days: NonNegativeInt = Field(0, description="After so many days they can be spent.")
    expiry: Expiry = Field(Expiry(), description="When points end.")
    join_gift: NonNegativeInt = Field(0, description="Points for joining.")
    notice_days: NonNegativeInt = Field(30, description="So long before a tier drops it is said.")
    reach: Reach = Field(Reach(), description="When the next tier is near.")
    value_minor: Decimal = Field(Decimal(1), ge=0, description="What a point costs the shop.")
    mirror: Asking = Field(Asking(), description="How often another authority is asked.")

    @model_validator(mode="after")
    def _earns_by_one_rule(self) -> "Programme":
        known = {tier.name for tier in self.tiers}
        for rule in self.rules:
            if unknown := {*rule.tiers} - known:
                raise ValueError(f"rule {rule.name}: there is no tier {min(unknown)}")
            if unknown := {*rule.connections} - {*self.earns_from}:
                raise ValueError(f"rule {rule.name}: {min(unknown)} is not in `earns_from`")
        if len({rule.name for rule in self.rules}) < len(self.rules):
            raise ValueError("two rules have one name")
        for one, other in ties(self.rules):
            raise ValueError(
                f"rules {one} and {other} may fit one line, and only one may earn; "
                "give them different `priority`"
            )
        return self

    @model_validator(mode="after")
    def _makes_sense(self) -> "Programme":
        if self.expiry.kind == "fixed" and self.pending_days >= 28 * self.expiry.months:
            raise ValueError("points would end before they can be spent; lower `pending_days`")
        if self.is_ours and not self.earns_from:
            raise ValueError("`earns_from` must name the connections whose orders earn")
        if not self.is_ours and self.earns_from:
            raise ValueError(f"{self.authority} gives the points; `earns_from` must be left out")
        return self

    @property
    def is_ours(self) -> bool:
        """Whether our books count."""
        return self.authority == OURS

    @cached_property
    def zone(self) -> ZoneInfo:
        """Of days and periods."""
        return ZoneInfo(self.timezone)

    @cached_property
    def ranked(self) -> tuple[Rule, ...]:
        """The rules, the one to ask first in front."""
        return tuple(sorted(self.rules, key=lambda rule: -rule.priority))

    def tier(self, name: str) -> Tier:
        """The tier of that name."""
        return self.tiers[self.level(name)]

    def level(self, name: str) -> int:
        """How many tiers are below it."""
        return [tier.name for tier in self.tiers].index(name)

    @cached_property
    def version(self) -> str:
        """Stands for all that decides how many points a line earns: another one leaves the past be."""
        earning = {"tiers", "unit", "rounding", "rounding_per", "basis", "rules", "earns_from"}
        deciding = earning | {"window", "since", "join_gift"}
        return sha256(self.model_dump_json(include=deciding).encode()).hexdigest()[:8]

    def called(self, tier: str) -> Said:
        """What customers call a tier."""
        return self.tier(tier).title.said(tier)


class PointsSettings(Settings):
    """
    `[plugins.points]`.

    Attributes:
        programmes: By name; shown side by side, and never summed.
        offers: By name.
        lang: In which language suggestions are made.
        draws: By name.
    """

    programmes: dict[str, Programme] = Field({}, description="Programmes, by name.")
    offers: dict[str, Offer] = Field({}, description="Offers, by name.")
    lang: Lang = Field("ja", description="Language of suggestions: ja or en.")
    draws: dict[Annotated[str, Field(pattern=NAME)], Draw] = Field(
        {}, description="Draws (ガチャ), by name."
    )

    @field_validator("programmes")
    @classmethod
    def _have_names(cls, programmes: dict[str, Programme]) -> dict[str, Programme]:
        if wrong := [name for name in programmes if not _NAME.fullmatch(name)]:
            raise ValueError(f"`{wrong[0]}`: a name has small letters, digits, - and _ only")
        return programmes

    @field_validator("programmes")
    @classmethod
    def _name_connections(
        cls, programmes: dict[str, Programme], info: ValidationInfo
    ) -> dict[str, Programme]:
        known = configured(info.context)
        for name, each in programmes.items():
            wanted = each.earns_from if each.is_ours else (each.authority,)
            check_named(f"programme {name}", wanted, known)
            if known is not None and len(known) > 1 and each.issuer is None:
                raise ValueError(f"programme {name}: say by `issuer` who gave its numbers out")
        return programmes

    @field_validator("offers")
    @classmethod
    def _mean_something(cls, offers: dict[str, Offer], info: ValidationInfo) -> dict[str, Offer]:
        programmes: dict[str, Programme] = info.data.get("programmes", {})
        ours = {
            name: {tier.name for tier in each.tiers}
            for name, each in programmes.items()
            if each.is_ours
        }
        if "programmes" in info.data:
            check(offers, ours, configured(info.context))
        return offers

    @model_validator(mode="after")
    def _earn_once(self) -> "PointsSettings":
        for (one, first), (other, second) in combinations(self.programmes.items(), 2):
            shared = {*first.earns_from} & {*second.earns_from}
            if shared and not (first.stack and second.stack):
                raise ValueError(
                    f"an order of {min(shared)} would earn in {one} and in {other}; "
                    "take it out of one `earns_from`, or say `stack = true` in both"
                )
        return self

    @model_validator(mode="after")
    def _draws_cost_our_points(self) -> "PointsSettings":
        ours = {name for name, each in self.programmes.items() if each.is_ours}
        for name, draw in self.draws.items():
            if draw.cost.programme and draw.cost.programme not in ours:
                raise ValueError(f"draw {name}: our books keep no programme {draw.cost.programme}")
        return self

    @field_validator("draws")
    @classmethod
    def _draw_from_connections(
        cls, draws: dict[str, Draw], info: ValidationInfo
    ) -> dict[str, Draw]:
        known = configured(info.context)
        for name, each in draws.items():
            check_named(f"draw {name}", each.cost.connections, known)
        return draws
