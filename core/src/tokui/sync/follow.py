"""Plugins that follow the change feed: each with a cursor of its own, at least once, in order."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from tokui.connector import Change, Transfer
from tokui.errors import PolicyRefusal
from tokui.failpoint import failpoint
from tokui.hooks import View
from tokui.identity.rules import Trust
from tokui.store import cursors, feed
from tokui.store.books import PORTION, Answer, Books, post
from tokui.store.engine import Store, Transaction

log = logging.getLogger(__name__)

BATCH = 1_000
POLL_S = 0.2

Hear = Callable[[Sequence[Change], View], Sequence[Transfer] | None]
"""Hears of changes; answers with the points to be posted because of them, if any."""


class Follower(threading.Thread):
    """
    One plugin's walk along the feed.

    Attributes:
        failure: Why it stopped; its cursor stays, so that the same changes come again next time.
    """

    def __init__(self, store: Store, plugin: str, hear: Hear, trust: Trust) -> None:
        super().__init__(name=f"follow-{plugin}", daemon=True)
        self.store = store
        self.plugin = plugin
        self.hear = hear
        self.trust = trust
        self.failure: str | None = None
        self.moved_at = time.monotonic()
        self._last = threading.Event()

    def run(self) -> None:
        """Follow until told that the last change is written, then to the end."""
        try:
            while True:
                is_last = self._last.is_set()
                while self._step():
                    self.moved_at = time.monotonic()
                if is_last:
                    return
                self._last.wait(POLL_S)
        except BaseException as error:  # a plugin's sys.exit() ends the plugin, not the run
            self.failure = type(error).__name__

    def finish(self, patience_s: float) -> None:
        """Let it catch up; give it up when it does not move for `patience_s`."""
        self._last.set()
        while self.is_alive() and time.monotonic() - self.moved_at < patience_s:
            self.join(POLL_S)
        if self.is_alive():
            self.failure = "did not return"

    def _step(self) -> bool:
        """Hand over one batch; False when there is nothing new."""
        from tokui.identity.view import snapshot  # imports the cards, which a run has no need of

        with snapshot(self.store, self.trust) as (view, tx):
            at = position(tx, self.plugin)
            changes = feed.after(tx, at, BATCH)
            if not changes:
                return False
            view.expect(change.profile_id for change in changes)
            failpoint("feed.before_hook")
            owed = self.hear(changes, view) or ()
        failpoint("feed.heard")
        self._move(at, changes[-1].seq, owed)
        return True

    def _move(self, at: int, to: int, owed: Sequence[Transfer]) -> None:
        """
        Post what is owed and move on, in one transaction, or in portions that end with moving on.

        Not where somebody else has moved on since: what was heard may be old by now, and what came
        of it may be wrong. It is all heard again, from where they are.
        """
        books, refused = Books(self.store), 0
        for first in range(0, len(owed) or 1, PORTION):
            some = owed[first : first + PORTION]
            until = to if first + PORTION >= len(owed) else at
            answers = books.transact(partial(self._write, at=at, to=until, owed=some))
            if answers is None:
                return
            refused += sum(isinstance(each, PolicyRefusal) for each in answers)
        if refused:
            log.warning("%s: the books refused %d transfers; reconcile lists", self.plugin, refused)

    def _write(
        self, tx: Transaction, at: int, to: int, owed: Sequence[Transfer]
    ) -> Sequence[Answer] | None:
        if position(tx, self.plugin) != at:
            return None
        answers = post(tx, owed) if owed else ()
        failpoint("feed.posted")
        cursors.put(tx, _owner(self.plugin), "changes", {"seq": to})
        failpoint("feed.moved")
        return answers


def position(tx: Transaction, plugin: str) -> int:
    """The last change that a plugin was told of; 0 before the first."""
    at = cursors.get(tx, _owner(plugin), "changes")
    return int(str(at["seq"])) if at else 0


def _owner(plugin: str) -> str:
    return f"hook:{plugin}"
