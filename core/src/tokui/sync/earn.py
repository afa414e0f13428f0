"""Points out of facts: plugins say what is to be posted, and the core posts it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from tokui.connector import Change, Transfer
from tokui.errors import PolicyRefusal
from tokui.hooks import View, tokui_points
from tokui.hub import Hub
from tokui.hub.hooked import Implementation
from tokui.identity.rules import Trust
from tokui.identity.view import snapshot
from tokui.store import purchases
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui.sync.follow import Hear

PROFILES = 1_000
"""People looked at on one snapshot by a pass over everybody."""


def followers(hub: Hub) -> Mapping[str, Hear]:
    """Each plugin that gives points, as a follower of the change feed."""
    return {
        f"{each.plugin}.points": partial(_owed, each) for each in hub.implementations(tokui_points)
    }


def earn(store: Store, hub: Hub, trust: Trust, *, dry_run: bool = False) -> Iterator[Transfer]:
    """
    Post what is owed to everybody; what was posted, as it goes.

    What the feed brings is posted by itself; this is for a programme that begins or that was away.

    Raises:
        PluginError: A plugin has no answer.
    """
    with store.read() as tx:
        everybody = list(purchases.everybody(tx))
    for at in range(0, len(everybody), PROFILES):
        owed: list[Transfer] = []
        some = everybody[at : at + PROFILES]
        with snapshot(store, trust) as (view, _):
            view.expect(some)
            for profile_id in some:
                owed += owed_to(hub, profile_id, view)
        answers = [] if dry_run else Books(store).post_many(owed)
        refused = {n for n, each in enumerate(answers) if isinstance(each, PolicyRefusal)}
        yield from (each for n, each in enumerate(owed) if n not in refused)


def owed_to(hub: Hub, profile_id: int, view: View) -> list[Transfer]:
    """
    What plugins say is to be posted for a profile.

    Raises:
        PluginError: One of them has no answer.
    """
    now = datetime.now(UTC)
    answers = (each(profile_id, view, now) for each in hub.implementations(tokui_points))
    return [transfer for answer in answers for transfer in answer or ()]


def _owed(
    ask: Implementation[[int, View, datetime], Sequence[Transfer] | None],
    changes: Sequence[Change],
    view: View,
) -> Sequence[Transfer]:
    now = datetime.now(UTC)
    profiles = dict.fromkeys(change.profile_id for change in changes)
    return [each for profile_id in profiles for each in ask(profile_id, view, now) or ()]
