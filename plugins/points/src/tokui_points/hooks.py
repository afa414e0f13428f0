"""What the plugin answers: points to post, standings, traits, suggestions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

from tokui.connector import Balance, Finding, Kept, Mirror, OpenOffer, Standing, Transfer
from tokui.hooks import Suggestion, Trait, View, hookimpl

from tokui_points import elsewhere, posting, sentences, sliding
from tokui_points.accounts import Account, accounts
from tokui_points.joined import Joining
from tokui_points.offers import door
from tokui_points.offers.basket import Basket, Benefits
from tokui_points.offers.earning import earnings
from tokui_points.offers.now import benefits_now
from tokui_points.offers.telling import to_tell
from tokui_points.settings import PointsSettings, Programme
from tokui_points.standing import standing
from tokui_points.story import Story, play

AHEAD = timedelta(days=1)
"""So far may the clock of a till be ahead: nobody asks again when its moment comes."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One account of a person in one programme, as it stands."""

    name: str
    programme: Programme
    account: Account
    story: Story
    balance: Balance


class Points:
    """Programmes over the core's books."""

    Settings = PointsSettings

    def __init__(self, settings: PointsSettings) -> None:
        self.settings = settings

    @hookimpl
    def tokui_points(self, profile_id: int, view: View, now: datetime) -> Sequence[Transfer]:
        """What is to be posted."""
        owed: list[Transfer] = []
        for name, programme in self._ours():
            joining = _joining(name, programme, profile_id, view)
            held = joining.joined() if joining else []
            if joining is None or not _matters(programme, held):
                continue
            stories = _stories(programme, [account for account, _ in held], now + AHEAD)
            due = posting.due(programme, held, stories, joining.theirs)
            owed += [*joining.pages.planned, *due]
            if programme.expiry.kind == "sliding":
                owed += _slid(joining, held, stories, due)
        return owed

    @hookimpl
    def tokui_standings(self, profile_id: int, view: View, now: datetime) -> Sequence[Standing]:
        """Every programme, side by side."""
        ours = [
            standing(each.name, each.account, each.story, each.balance)
            for each in self.memberships(profile_id, view, now)
        ]
        others = elsewhere.found(self.settings, profile_id, view)
        return [*ours, *(elsewhere.standing(each, now) for each in others)]

    @hookimpl
    def tokui_offers(self, profile_id: int, view: View, now: datetime) -> Sequence[OpenOffer]:
        """Coupons, birthday benefits, limited items, gifts for joining."""
        profile = view.profile(profile_id) if self.settings.offers else None
        if profile is None:
            return []
        mine = [*self.memberships(profile_id, view, now)]
        known = door.facts(self.settings, mine, profile, view, now)
        return door.open_offers(self.settings, known, now)

    @hookimpl
    def tokui_traits(self, profile_id: int, view: View) -> Sequence[Trait]:
        """Tier, balance and what is about to expire, for segments and messages."""
        now = datetime.now(UTC)
        ours = [
            Trait(name=f"{each.name}_{name}", value=value, source=f"programme {each.name}", at=now)
            for each in self.memberships(profile_id, view, now)
            for name, value in _said(each, now).items()
        ]
        others = elsewhere.found(self.settings, profile_id, view)
        return [*ours, *(trait for each in others for trait in elsewhere.traits(each, now))]

    @hookimpl
    def tokui_suggest(self, profile_id: int, view: View) -> Sequence[Suggestion]:
        """What to tell a member while it is of use to them."""
        now, settings = datetime.now(UTC), self.settings
        offers = to_tell(settings, self.tokui_offers(profile_id, view, now), now)
        ours = [
            suggestion
            for each in self.memberships(profile_id, view, now)
            for suggestion in sentences.suggestions(
                each.programme, each.name, each.story, each.balance, settings.lang
            )
        ]
        others = elsewhere.found(settings, profile_id, view)
        news = [elsewhere.suggestions(each, now, settings.lang) for each in others]
        return [*ours, *chain(*news), *offers]

    @hookimpl
    def tokui_mirrors(self) -> Sequence[Mirror]:
        """Programmes whose points another system keeps."""
        return elsewhere.mirrors(self.settings)

    @hookimpl
    def tokui_checks(self) -> Sequence[Finding]:
        """Which programmes there are, and who keeps their points."""
        ours = [name for name, _ in self._ours()]
        said = [f"our books keep {', '.join(ours) or 'no programme'}"]
        said += [
            f"`{each.connection}` keeps {each.programme}; a sync reads its balances"
            for each in elsewhere.mirrors(self.settings)
        ]
        return [Finding("ok", what) for what in said]

    def benefits_now(
        self, profile_id: int, basket: Basket, view: View, now: datetime
    ) -> Benefits | None:
        """What applies to a basket now, and what it will earn; None when there is no such profile."""
        profile = view.profile(profile_id)
        if profile is None:
            return None
        settings, mine = self.settings, [*self.memberships(profile_id, view, now)]
        known = door.facts(settings, mine, profile, view, now)
        found = benefits_now(settings.offers, known, basket, now, door.worth(settings))
        stories = {each.name: each.story for each in reversed(mine)}
        earned = earnings(stories, basket, found.applied, now)
        return found.model_copy(update={"earns": tuple(earned)})

    def memberships(self, profile_id: int, view: View, now: datetime) -> Iterator[Membership]:
        """All accounts of a person in programmes whose books are ours."""
        for name, programme in self._ours():
            joining = _joining(name, programme, profile_id, view)
            held = joining.shown() if joining else []
            stories = _stories(programme, held, now)
            for account, story in zip(held, stories, strict=True):
                yield Membership(name, programme, account, story, view.balance(account.member))

    def _ours(self) -> list[tuple[str, Programme]]:
        return [each for each in self.settings.programmes.items() if each[1].is_ours]


def _joining(name: str, programme: Programme, profile_id: int, view: View) -> Joining | None:
    profile = view.profile(profile_id)
    if profile is None:
        return None
    return Joining(name, programme, profile, accounts(name, programme, profile, view), view)


def _slid(
    joining: Joining,
    held: Sequence[tuple[Account, Sequence[Kept]]],
    stories: Sequence[Story],
    due: Sequence[Transfer],
) -> Iterator[Transfer]:
    """Not where several bear one person's number: nobody knows whose purchase puts off whose end."""
    for (account, kept), story in zip(held, stories, strict=True):
        mine = [each for each in due if each.member == account.member]
        balance = joining.view.balance(account.member)
        if not joining.is_shared(account):
            yield from sliding.slid(account, story, kept, mine, balance)


def _matters(programme: Programme, kept: Sequence[tuple[Account, Sequence[Kept]]]) -> bool:
    """Whether anything can be due: most people of a shop have bought nothing."""
    return any(programme.join_gift or each.person.purchases or there for each, there in kept)


def _stories(programme: Programme, held: Sequence[Account], now: datetime) -> list[Story]:
    """One for each account; those of one person's are one."""
    made = {id(each.person): play(programme, each.person, now) for each in held}
    return [made[id(each.person)] for each in held]


def _said(each: Membership, now: datetime) -> Mapping[str, str | int]:
    soon = now + timedelta(days=each.programme.expiry.notice_days)
    ending = sum(lost.points for lost in each.balance.expiring if lost.at <= soon)
    return {"tier": each.story.tier, "points": each.balance.points, "points_expiring": ending}
