"""People say no while messages to them go out; who was called after that?"""

import random
import time
from dataclasses import dataclass, field

from outbox_harness import Harness, consent, point
from tokui.identity.rules import Rules
from tokui.model import Suppression, moment
from tokui.store import suppressions, turns
from tokui.store.engine import Store, Transaction
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch

GRACE_S = 1.0


@dataclass
class Withdrawals:
    """
    Says no for some of those who wait, at random moments of a run.

    Attributes:
        said: When each person's no was committed; wall clock.
    """

    store: Store
    harness: Harness
    seed: int = 0
    said: dict[str, float] = field(default_factory=dict)

    def withdraw_while_sending(self, messages: int, times: int) -> None:
        """A run with so many withdrawals in it, then another one for what is to be tried again."""
        dice = random.Random(self.seed)
        calls = messages // self.harness.same
        moments = sorted(dice.randrange(calls) for _ in range(times))
        child = self.harness.start(self.harness.job)
        for begun in moments:
            while child.is_alive() and len(self.harness.provider.calls) < begun:
                time.sleep(0.005)
            self._say_no(dice, messages)
        child.join()
        self.harness.tally.runs += 1
        self.harness.send_under_fire()

    def late(self) -> int:
        """How many calls came more than a second after one of those whom they address said no."""
        after = [
            began - self.said[each]
            for began, addresses in self.harness.provider.calls
            for each in addresses
            if each in self.said
        ]
        self.harness.tally.latest_s = max(after, default=0.0)
        return sum(seconds > GRACE_S for seconds in after)

    def _say_no(self, dice: random.Random, messages: int) -> None:
        """One of them does; every other time one of those whose turn is next."""
        begun = len(self.harness.provider.calls) * self.harness.same
        near = dice.randrange(begun, begun + 40) if dice.random() < 0.5 else messages
        number = near if near < messages else dice.randrange(messages)
        with self.store.write() as tx:
            if self.harness.rules == "shop":
                revoked = Batch(consents=[consent(number, "revoked", minute=len(self.said) + 1)])
                write_batch(tx, Rules("shop"), revoked)
            else:
                suppress(tx, number, cancel=dice.random() < 0.5)
        self.said.setdefault(f"{number}@example.jp", time.time())


def suppress(tx: Transaction, number: int, *, cancel: bool) -> None:
    """Nobody may cancel what waits; then the permission before the call must see it."""
    said = Suppression(
        external_id="desk",
        contact="email",
        value=f"{number}@example.jp",
        stops="all",
        reason="manual",
        occurred_at=moment(tx.now_us),
    )
    suppressions.append(tx, "desk", [(point(number), said)])
    if cancel:
        turns.withdraw(tx, [point(number)], "suppression", "manual")
