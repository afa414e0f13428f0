"""
What every plugin may hear or answer: the whole list.

Implementations are called one by one, in the order of `[plugins.*]` in tokui.toml. One that raises
is left out of the answers and reported; what its absence means stands in each hook's docstring.
Hooks never get a database handle, and never run inside a write transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from pluggy import HookimplMarker, HookspecMarker
from pydantic import JsonValue

from tokui.connector import (
    Balance,
    Change,
    Finding,
    Kept,
    Member,
    Mirror,
    Moved,
    OpenOffer,
    Purchase,
    Standing,
    Transfer,
)
from tokui.model import Customer, Event, Instant, Order, Purpose, Reach, Value

if TYPE_CHECKING:
    from tokui.card import Profile, Source

hookspec = HookspecMarker("tokui")
hookimpl = HookimplMarker("tokui")


class View(Protocol):
    """
    Read access for a hook: typed, lazy, bounded, one snapshot, dead after the call.

    Every method raises `PluginError` once the hook has returned.
    """

    def profile(self, profile_id: int) -> "Profile | None":
        """The golden view; follows aliases. None when there is no such profile."""

    def customers(self, profile_id: int) -> Sequence[Customer]:
        """The customers linked to the profile."""

    def records(self, profile_id: int) -> "Sequence[Source]":
        """All records linked to the profile, those that their source has no more too; oldest first."""

    def orders(self, profile_id: int, limit: int = 100) -> Sequence[Order]:
        """Newest first, of all channels; at most 1,000."""

    def events(self, profile_id: int, limit: int = 100) -> Sequence[Event]:
        """Newest first, of all channels; at most 1,000."""

    def purchases(self, profile_id: int) -> Sequence[Purchase]:
        """All orders, and those by which anybody brings back what they sold; in any order."""

    def bearers(self, kind: str, issuer: str, key: str) -> Sequence[int]:
        """The profiles known by an identifier, by its match key."""

    def balance(self, member: Member) -> Balance:
        """What a member has in our books."""

    def kept(self, member: Member) -> Sequence[Kept]:
        """All transfers of a member that stand in our books, the oldest first."""

    def moved(self, member: Member) -> Sequence[Moved]:
        """The moves from and to a member, the oldest first; those that were taken back, too."""

    def about(self, programme: str, profile_id: int) -> Mapping[Member, Sequence[Kept]]:
        """What a programme posted of a person's orders (`order_mark`), on whoever's account."""

    def mirrored(self, member: Member) -> Balance | None:
        """What the system that keeps a member's points last said; None before it was asked."""


@dataclass(frozen=True, slots=True)
class Known:
    """
    A customer as matching sees it.

    Attributes:
        connection: Name of the connection that states the record.
        customer: The record.
    """

    connection: str
    customer: Customer


@dataclass(frozen=True, slots=True)
class Vote:
    """An opinion on whether two customers are one person, with the reason staff may read."""

    verdict: Literal["same", "different", "ask"]
    reason: str


class Trait(Value):
    """
    A computed property of a profile.

    Attributes:
        name: Such as `usual_size` or `replenish_interval_days`.
        value: Shown as it is.
        source: What it was computed from, one clause.
        at: When. UTC.
    """

    name: str
    value: str | int | float | bool
    source: str
    at: datetime


class Suggestion(Value):
    """
    Something a person may do next for a customer.

    Attributes:
        kind: What sort of thing.
        text: What to do, one sentence.
        reason: Why, one sentence that staff could say aloud.
    """

    kind: Literal["recommend", "contact", "alert", "service"]
    text: str
    reason: str


class Draft(Value):
    """
    A message to one person before it is approved.

    Attributes:
        profile_id: To whom.
        connection: The channel's connection that will send it.
        reaches: Kind of contact point that it goes to.
        purpose: What it is for.
        topic: The narrower subject, such as `new_arrivals`; None is the purpose at large.
        language: BCP 47; of its words.
        tone: Variant of the template's words; None is the plain one.
        template: Name of the template; None for words of staff's own.
        content: What the channel's `Content` will be made of.
    """

    profile_id: int
    connection: str
    reaches: Reach
    purpose: Purpose
    topic: str | None = None
    language: str = "ja"
    tone: str | None = None
    template: str | None = None
    content: Mapping[str, JsonValue]


class Denial(Value):
    """
    Why a message must not go out now.

    Attributes:
        reason: One clause that staff may read.
        until: Not before then: the message waits. None: it is refused. UTC.
    """

    reason: str
    until: Instant | None = None


@hookspec
def tokui_match(left: Known, right: Known) -> Vote | None:
    """
    Are these two customers one person?

    Asked about candidates read on a snapshot, before they are linked. Any `different` wins, then any
    `ask`; `same` adds to the core's own evidence. An error counts as `ask`.
    """
    raise NotImplementedError


@hookspec
def tokui_traits(profile_id: int, view: View) -> Sequence[Trait] | None:
    """
    What can be said of this profile?

    Asked when a card is shown. Answers are joined, in the plugins' order; an error is left out.
    """
    raise NotImplementedError


@hookspec
def tokui_segments(profile_id: int, view: View) -> Sequence[str] | None:
    """
    Which groups does this profile belong to?

    Asked when a card is shown. Answers are joined, without duplicates; an error is left out.
    """
    raise NotImplementedError


@hookspec
def tokui_suggest(profile_id: int, view: View) -> Sequence[Suggestion] | None:
    """
    What could staff do next for this profile?

    Asked when a card is shown. Answers are joined, in the plugins' order; an error is left out.
    """
    raise NotImplementedError


@hookspec
def tokui_compose(draft: Draft, view: View) -> Draft | None:
    """
    Improve a draft: another tone, a story, a suggestion of what to say.

    Each gets what the one before it made; None leaves it. Only the words may change: `content` and
    `tone`. An error leaves the draft as it was, and is reported. The result is still a draft.
    """
    raise NotImplementedError


@hookspec
def tokui_allow(draft: Draft, view: View, now: datetime) -> Denial | None:
    """
    May this message go out now?

    Asked when it is drafted, as advice, and again just before it is sent, on a snapshot. The
    strictest answer wins: a refusal, then the latest `until`. None has nothing against it. **An
    error holds the message: it is never sent.** The core's own rules stand beside it and cannot be
    switched off: consent, suppression, quiet hours, the cap, approval.
    """
    raise NotImplementedError


@hookspec
def tokui_changed(changes: Sequence[Change], view: View) -> None:
    """
    These profiles changed.

    Follows the change feed with a cursor of its own: at least once, in order, after commit. An error
    keeps the cursor, so that the same changes come again; a lagging plugin delays nobody.
    """
    raise NotImplementedError


@hookspec
def tokui_points(profile_id: int, view: View, now: datetime) -> Sequence[Transfer] | None:
    """
    Which points are to be posted for this profile, that are not kept yet?

    Follows the change feed, as `tokui_changed` does. The core posts the answer to our books, in order and
    after the snapshot, together with the cursor: asked again before that, it must be the same, with the
    same keys. A transfer that the books refuse is left out; whoever asks again, without posting, sees
    it with the reason. An error keeps the cursor. What the view is asked of one profile it reads for
    all of the batch at once.
    """
    raise NotImplementedError


@hookspec
def tokui_standings(profile_id: int, view: View, now: datetime) -> Sequence[Standing] | None:
    """
    How does this profile stand in points programmes?

    Asked when a card is shown. Answers stand side by side, never summed; an error is left out.
    """
    raise NotImplementedError


@hookspec
def tokui_mirrors() -> Sequence[Mirror] | None:
    """
    Which programmes' points are kept by another system?

    Asked by a sync, which then asks those systems for their members' balances.
    """
    raise NotImplementedError


@hookspec
def tokui_offers(profile_id: int, view: View, now: datetime) -> Sequence[OpenOffer] | None:
    """
    What can this profile use today?

    Asked when a card is shown. Answers are joined, in the plugins' order; an error is left out.
    """
    raise NotImplementedError


@hookspec
def tokui_checks() -> Sequence[Finding] | None:
    """
    Is this plugin set up well?

    Asked by `tokui doctor`. Findings are joined; an error is a finding of level `problem`.
    """
    raise NotImplementedError
