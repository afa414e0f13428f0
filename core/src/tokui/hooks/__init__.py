"""
What every plugin may hear or answer: the whole list.

Implementations are called one by one, in the order of `[plugins.*]` in tokui.toml. One that raises
is left out of the answers and reported; what its absence means stands in each hook's docstring.
Hooks never get a database handle, and never run inside a write transaction.
"""

from collections.abc import Sequence
from datetime import datetime

from pluggy import HookimplMarker, HookspecMarker

from tokui.connector import Change, Finding, Mirror, OpenOffer, Standing, Transfer
from tokui.hooks.view import View
from tokui.hooks.words import Denial, Draft, Known, Suggestion, Trait, Vote

__all__ = [
    "Denial",
    "Draft",
    "Known",
    "Suggestion",
    "Trait",
    "View",
    "Vote",
    "hookimpl",
    "hookspec",
    "tokui_allow",
    "tokui_changed",
    "tokui_checks",
    "tokui_compose",
    "tokui_match",
    "tokui_mirrors",
    "tokui_offers",
    "tokui_points",
    "tokui_segments",
    "tokui_standings",
    "tokui_suggest",
    "tokui_traits",
]

hookspec = HookspecMarker("tokui")
hookimpl = HookimplMarker("tokui")


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
