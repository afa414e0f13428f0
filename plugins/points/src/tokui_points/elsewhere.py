"""Programmes whose points another system keeps: what it last said, beside what our books say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tokui.connector import Balance, Expiring, Lost, Member, Mirror, Standing
from tokui.hooks import Suggestion, Trait, View

from tokui_points.accounts import numbers
from tokui_points.calendar import DAY
from tokui_points.sentences import SENTENCES
from tokui_points.settings import PointsSettings, Programme
from tokui_points.terms import Lang

AS_OF: Mapping[Lang, str] = {"ja": "（{at}時点の残高）", "en": " (balance as of {at})"}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """
    One number of a person in such a programme.

    Attributes:
        raw: The number as it is written on the card.
        balance: As last told, with its moment; None before the system was asked.
    """

    name: str
    programme: Programme
    member: Member
    raw: str
    balance: Balance | None


def mirrors(settings: PointsSettings) -> list[Mirror]:
    """Whom a sync asks, and for which members."""
    return [
        Mirror(
            name,
            each.authority,
            each.number,
            each.issuer,
            each.mirror.every_hours,
            each.mirror.most,
        )
        for name, each in settings.programmes.items()
        if not each.is_ours
    ]


def found(settings: PointsSettings, profile_id: int, view: View) -> Iterator[Elsewhere]:
    """All numbers of a person in programmes of other systems."""
    for name, programme in settings.programmes.items():
        profile = None if programme.is_ours else view.profile(profile_id)
        for card in numbers(programme, profile) if profile else ():
            member = Member(name, str(card.key))
            yield Elsewhere(name, programme, member, card.raw, view.mirrored(member))


def standing(each: Elsewhere, now: datetime) -> Standing:
    """What the card shows."""
    told = each.balance
    return Standing(
        programme=each.name,
        title=each.programme.title.said(each.name),
        member_no=each.raw,
        points=told.points if told else 0,
        pending=told.pending if told else 0,
        held=told.held if told else 0,
        owed=told.owed if told else 0,
        expiring=tuple(Lost(points=lost.points, at=lost.at) for lost in _to_come(each, now)),
        kept_by=each.programme.authority,
        as_of=told.as_of if told else None,
    )


def traits(each: Elsewhere, now: datetime) -> Iterator[Trait]:
    """Balance and what is about to end, as of when they were told."""
    if each.balance is None:
        return
    ending = sum(lost.points for lost in _soon(each, now))
    source, at = f"`{each.programme.authority}`", each.balance.as_of
    for what, value in (("points", each.balance.points), ("points_expiring", ending)):
        yield Trait(name=f"{each.name}_{what}", value=value, source=source, at=at)


def suggestions(each: Elsewhere, now: datetime, lang: Lang) -> Iterator[Suggestion]:
    """Points about to end."""
    if each.balance is None or not (ending := _soon(each, now)):
        return
    values = {
        "title": each.programme.title.called(each.name, lang),
        "points": sum(lost.points for lost in ending),
        "day": ending[0].at.astimezone(each.programme.zone).date() - DAY,
    }
    text, reason = (part.format(**values) for part in SENTENCES["expiring"][lang])
    at = each.balance.as_of.astimezone(each.programme.zone).strftime("%Y-%m-%d %H:%M")
    yield Suggestion(kind="contact", text=text, reason=reason + AS_OF[lang].format(at=at))


def _soon(each: Elsewhere, now: datetime) -> list[Expiring]:
    until = now + timedelta(days=each.programme.expiry.notice_days)
    return [lost for lost in _to_come(each, now) if lost.at <= until]


def _to_come(each: Elsewhere, now: datetime) -> list[Expiring]:
    """What had not ended yet, whenever it was told."""
    return [lost for lost in each.balance.expiring if lost.at > now] if each.balance else []
