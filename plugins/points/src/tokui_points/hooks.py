"""What the plugin answers: points to post, standings, traits, suggestions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tokui.connector import Balance, Finding, Mirror, Standing, Transfer
from tokui.hooks import Suggestion, Trait, View, hookimpl

from tokui_points import elsewhere, posting, sentences
from tokui_points.accounts import Account, accounts
from tokui_points.settings import PointsSettings, Programme
from tokui_points.standing import standing
from tokui_points.story import Story, play


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
            held = self._accounts(name, programme, profile_id, view)
            kept = [(account, view.kept(account.member)) for account in held]
            stories = _stories(programme, held, now)
            owed += posting.due(programme, kept, stories)
            for account, story in zip(held, stories, strict=True):
                balance = view.balance(account.member)
                owed += posting.slid(account, story, balance)
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
        now, lang = datetime.now(UTC), self.settings.lang
        ours = [
            suggestion
            for each in self.memberships(profile_id, view, now)
            for suggestion in sentences.suggestions(
                each.programme, each.name, each.story, each.balance, lang
            )
        ]
        others = elsewhere.found(self.settings, profile_id, view)
        return [
            *ours,
            *(news for each in others for news in elsewhere.suggestions(each, now, lang)),
        ]

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

    def memberships(self, profile_id: int, view: View, now: datetime) -> Iterator[Membership]:
        """All accounts of a person in programmes whose books are ours."""
        for name, programme in self._ours():
            held = self._accounts(name, programme, profile_id, view)
            stories = _stories(programme, held, now)
            for account, story in zip(held, stories, strict=True):
                yield Membership(name, programme, account, story, view.balance(account.member))

    def _ours(self) -> list[tuple[str, Programme]]:
        return [each for each in self.settings.programmes.items() if each[1].is_ours]

    def _accounts(
        self, name: str, programme: Programme, profile_id: int, view: View
    ) -> list[Account]:
        profile = view.profile(profile_id)
        return accounts(name, programme, profile, view) if profile else []


def _stories(programme: Programme, held: Sequence[Account], now: datetime) -> list[Story]:
    """One for each account; those of one person's are one."""
    made = {id(each.person): play(programme, each.person, now) for each in held}
    return [made[id(each.person)] for each in held]


def _said(each: Membership, now: datetime) -> Mapping[str, str | int]:
    soon = now + timedelta(days=each.programme.expiry.notice_days)
    ending = sum(lost.points for lost in each.balance.expiring if lost.at <= soon)
    return {"tier": each.story.tier, "points": each.balance.points, "points_expiring": ending}
