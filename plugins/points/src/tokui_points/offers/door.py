"""From what is stored of a person to the facts that offers are held to, and what is open to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from tokui.card import Profile
from tokui.connector import OpenOffer, Said
from tokui.hooks import View

from tokui_points.offers import quota
from tokui_points.offers.audience import Facts, Left, last_day, left, missing, occasion
from tokui_points.offers.settings import Offer
from tokui_points.offers.words import benefit, reason
from tokui_points.settings import PointsSettings, Programme

if TYPE_CHECKING:
    from tokui_points.hooks import Membership


def facts(
    settings: PointsSettings,
    memberships: "Sequence[Membership]",
    profile: Profile,
    view: View,
    now: datetime,
) -> Facts:
    """Who somebody is to offers, and what is left for them."""
    known = Facts(
        tiers={each.name: each.story.tier for each in reversed(memberships)},
        joined={each.name: day for each in reversed(memberships) if (day := _joined(each))},
        birthday=profile.birthday.value if profile.birthday else None,
        tags=frozenset(tag.value for tag in profile.tags),
        called={name: _tiers(each) for name, each in settings.programmes.items()},
    )
    return replace(known, left=_left(settings.offers, known, profile, view, now))


def open_offers(settings: PointsSettings, known: Facts, now: datetime) -> list[OpenOffer]:
    """What a person can use today, whatever they buy; what ends first is first."""
    found = [
        _open(name, offer, known, day)
        for name, offer, day in _each(settings.offers, now)
        if not any(missing(name, offer, known, day))
    ]
    return sorted(found, key=lambda each: each.until or date.max)


def worth(settings: PointsSettings) -> Mapping[str, int]:
    """What the points of offers cost the shop, in minor units."""
    return {
        name: int(each.benefit.points * settings.programmes[each.programme].value_minor)
        for name, each in settings.offers.items()
        if each.benefit.points and each.programme
    }


def records(profile_id: int, view: View) -> Sequence[quota.Record]:
    """All records of a person, those that their source has no more too: what they used stays used."""
    return [quota.Record(each.connection, each.external_id) for each in view.records(profile_id)]


def tallies(of: str, mine: Sequence[quota.Record], view: View) -> list[quota.Tally]:
    """What stands on the accounts of records."""
    members = [quota.account(of, each) for each in mine]
    return [quota.tally(each, view.kept(each)) for each in members]


def unit(name: str, offer: Offer, known: Facts, day: date) -> str:
    """What is counted on a day."""
    found = occasion(offer.birthday, known.birthday, day) if offer.birthday else None
    return quota.unit(name, found.year if found else None)


def left_of(offer: Offer, of: str, mine: Sequence[quota.Record], view: View) -> Left:
    """How often it can still be used by whoever has these records."""
    own = tallies(of, mine, view) if offer.per_person else ()
    used = _used_in_all(of, view) if offer.total is not None else 0
    return quota.left(offer.per_person, offer.total, own, used)


def _left(
    offers: Mapping[str, Offer], known: Facts, profile: Profile, view: View, now: datetime
) -> Mapping[str, Left]:
    """Of each offer that is for them: what is left of the others does not matter."""
    mine = records(profile.profile_id, view) if offers else ()
    return {
        name: left_of(offer, unit(name, offer, known, day), mine, view)
        for name, offer, day in _each(offers, now)
        if not any(missing(name, offer, known, day))
    }


def _used_in_all(of: str, view: View) -> int:
    shop = quota.shop(of)
    return view.balance(shop.allotted).points - view.balance(shop.left).points


def _open(name: str, offer: Offer, known: Facts, day: date) -> OpenOffer:
    return OpenOffer(
        name=name,
        title=offer.called(name),
        benefit=benefit(offer, name),
        reason=reason(offer, known.called.get(offer.programme or "", {})),
        until=last_day(offer, known, day),
        left=left(name, offer, known).least,
    )


def _each(offers: Mapping[str, Offer], now: datetime) -> Iterator[tuple[str, Offer, date]]:
    return ((name, each, now.astimezone(each.zone).date()) for name, each in offers.items())


def _joined(each: "Membership") -> date | None:
    return each.account.person.joined


def _tiers(programme: Programme) -> Mapping[str, Said]:
    return {tier.name: programme.called(tier.name) for tier in programme.tiers}
