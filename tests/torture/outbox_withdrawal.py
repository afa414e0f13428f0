"""People say no while messages to them go out; who was called after that?"""

import random
import time
from dataclasses import dataclass, field

from outbox_harness import Harness
from tokui.store import turns
from tokui.store.engine import Store
from tokui.store.tables import SuppressionRow

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
        for moment in moments:
            while child.is_alive() and len(self.harness.provider.calls) < moment:
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
        """Of somebody, most often one of the next; half of the time nobody cancels what waits."""
        begun = len(self.harness.provider.calls) * self.harness.same
        near = dice.randrange(begun, begun + 40) if dice.random() < 0.5 else messages
        number = near if near < messages else dice.randrange(messages)
        address = f"{number}@example.jp"
        point = f"email:*:{address}"
        with self.store.write() as tx:
            row = (point, "desk", "all", "manual", tx.now_us, False, False, None, tx.now_us)
            tx.upsert(SuppressionRow, [row])
            if dice.random() < 0.5:
                turns.withdraw(tx, [point], "suppression", "manual")
        self.said.setdefault(address, time.time())
