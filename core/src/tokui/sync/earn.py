"""Points out of facts: plugins say what is to be posted, and the core posts it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from tokui.connector import Change, Transfer
from tokui.errors import PolicyRefusal
from tokui.hooks import View, tokui_points
from tokui.hub import Hub
from tokui.hub.hooked import Implementation
from tokui.identity.rules import Trust
from tokui.identity.view import snapshot
from tokui.store import feed, purchases
from tokui.store.books import Answer, Books
from tokui.store.engine import Store
from tokui.sync.follow import Hear

PROFILES = 500
"""People looked at on one snapshot by a pass over everybody."""


def followers(hub: Hub) -> Mapping[str, Hear]:
    """Each plugin that gives points, as a follower of the change feed."""
    return {
        f"{each.plugin}.points": partial(_owed, each) for each in hub.implementations(tokui_points)
    }


class Owed(NamedTuple):
    """
    What is to be posted because of one person's facts.

    Attributes:
        refusal: Why the books do not take it; None where they do.
    """

    profile_id: int
    transfer: Transfer
    refusal: PolicyRefusal | None


def earn(store: Store, hub: Hub, trust: Trust, *, dry_run: bool = False) -> Iterator[Owed]:
    """
    Post what is owed to everybody; each transfer, as it goes.

    What the feed brings is posted by itself; this is for a programme that begins or that was away.

    Raises:
        PluginError: A plugin has no answer.
    """
    with store.read() as tx:
        everybody = list(purchases.everybody(tx))
    for at in range(0, len(everybody), PROFILES):
        some = everybody[at : at + PROFILES]
        while some:
            owed, seen = _ask(store, hub, trust, some)
            books, transfers = Books(store), [each for _, each in owed]
            answers = books.planned(transfers) if dry_run else books.post_many(transfers)
            done = [_told(*each, answer) for each, answer in zip(owed, answers, strict=True)]
            yield from done
            some = [] if dry_run else _again(store, seen, done)


def _ask(
    store: Store, hub: Hub, trust: Trust, some: Sequence[int]
) -> tuple[list[tuple[int, Transfer]], int]:
    """What is owed to these, and the last change that it takes into account."""
    with snapshot(store, trust) as (view, tx):
        view.expect(some)
        owed = [(number, each) for number in some for each in owed_to(hub, number, view)]
        return owed, feed.last(tx)


def _told(profile_id: int, transfer: Transfer, answer: Answer) -> Owed:
    return Owed(profile_id, transfer, answer if isinstance(answer, PolicyRefusal) else None)


def _again(store: Store, seen: int, done: Sequence[Owed]) -> list[int]:
    """Whom to ask about again: facts that came in between may say otherwise of what was posted."""
    with store.read() as tx:
        moved = bool(done) and feed.last(tx) != seen
    return [*dict.fromkeys(each.profile_id for each in done if moved and not each.refusal)]


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
