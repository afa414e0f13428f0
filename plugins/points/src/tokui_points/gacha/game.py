"""A draw as it stands in the store: its chain, and its accounts in the books."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tokui.connector import Member
from tokui.errors import ConfigError, PolicyRefusal
from tokui.store import chains
from tokui.store.books import balances
from tokui.store.chains import Sealed
from tokui.store.engine import Store, Transaction

from tokui_points.gacha import secret as secrets
from tokui_points.gacha.publication import rules
from tokui_points.gacha.secret import Secret
from tokui_points.gacha.terms import Draw, Prize


@dataclass(frozen=True, slots=True)
class State:
    """
    How a draw stands.

    Attributes:
        phase: `fresh`, `open` or `closed`.
        opened: The line that began it.
        left: Of each prize in stock, by name; nothing while it is fresh.
        drawn: How often each prize was.
    """

    phase: str
    opened: Sealed | None
    left: Mapping[str, int]
    drawn: Counter[str]


@dataclass(frozen=True, slots=True)
class Game:
    """
    One draw, as it is configured, over a store.

    Attributes:
        name: As in `[plugins.points.draws.NAME]`.
    """

    name: str
    draw: Draw
    store: Store

    @property
    def chain(self) -> str:
        """Where it is written down, line by line."""
        return f"draw.{self.name}"

    def stock(self, prize: Prize) -> Member:
        """The account of what there is of a prize."""
        return Member(f"{self.chain}.stock", prize.name)

    def turns(self, holder: str) -> Member:
        """The account of the draws that somebody made, or that an order or a day gave."""
        return Member(f"{self.chain}.turns", holder)

    def key(self, *parts: object) -> str:
        """Of a transfer that belongs to it."""
        return "/".join(["draw", self.name, *map(str, parts)])

    def refused(self, what: str, todo: str | None = None) -> PolicyRefusal:
        """What to raise where a rule forbids it."""
        return PolicyRefusal(what, who=f"draw {self.name}", todo=todo)

    def opened(self) -> Sealed | None:
        """The line that began it."""
        with self.store.read() as tx:
            return chains.first(tx, self.chain)

    def secret(self) -> Secret:
        """
        Its secrets.

        Raises:
            PolicyRefusal: It was never opened.
            ConfigError: The rules have changed since, or the secret has.
        """
        opened = self.opened()
        if opened is None:
            raise self.refused("it is not open yet", f"run `tokui draw open {self.name}`")
        kept = secrets.read(self.draw.secret_file)
        if opened.body["commitment"] != kept.commitment:
            raise self._wrong("the secret is not the one it was opened with", "restore the file")
        if opened.body["rules"] != rules(self.name, self.draw):
            raise self._wrong(
                "its rules have changed since it was opened",
                "restore them, for they are published; `tokui draw show` prints them",
            )
        return kept

    def state(self) -> State:
        """How it stands."""
        with self.store.read() as tx:
            opened, drawn, phase = None, Counter[str](), "fresh"
            for line in chains.lines(tx, self.chain):
                opened = opened or line
                phase = "closed" if line.body["kind"] == "close" else "open"
                drawn.update([str(line.body["prize"])] if line.body["kind"] == "draw" else ())
            return State(phase, opened, self.left(tx) if opened else {}, drawn)

    def left(self, tx: Transaction) -> Mapping[str, int]:
        """What there is still of each prize in stock, by name."""
        counted = [prize for prize in self.draw.prizes if prize.stock is not None]
        there = balances(tx, [self.stock(prize) for prize in counted])
        return {
            prize.name: balance.points + balance.pending
            for prize, balance in zip(counted, there, strict=True)
        }

    def taken(self, tx: Transaction, holders: Iterable[str]) -> Mapping[str, int]:
        """The turns that were taken, by holder."""
        names = list(dict.fromkeys(holders))
        there = balances(tx, [self.turns(name) for name in names])
        counts = zip(names, there, strict=True)
        return defaultdict(int, {name: each.points + each.pending for name, each in counts})

    def _wrong(self, what: str, todo: str) -> ConfigError:
        return ConfigError(what, who=f"draw {self.name}", todo=todo)
