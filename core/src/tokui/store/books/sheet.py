"""A working sheet: some members' accounts and lots as they are, and what transfers make of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

POINTS, HELD, OWED = "points", "held", "owed"
ISSUED, SPENT, EXPIRED = "issued", "spent", "expired"


@dataclass(slots=True, eq=False)
class Account:
    """
    One account.

    Attributes:
        id: Given out when it is written.
        fresh: It is not in the store yet.
        was: The balance in the store.
        version: As read.
    """

    unit: str
    holder: str
    kind: str
    id: int = 0
    fresh: bool = True
    balance: int = 0
    was: int = 0
    version: int = 0


@dataclass(slots=True, eq=False)
class Lot:
    """
    Points with one beginning and one end, or what a hold set aside.

    Attributes:
        made_by: The earning or hold, where it is at hand.
        id: Given out when it is written.
        fresh: It is not in the store yet.
        was: `remaining`, `expired` and the account in the store.
    """

    pocket: "Pocket"
    account: Account
    points: int
    active_at: int
    expires_at: int
    made_by: "Booked | None" = None
    id: int = 0
    fresh: bool = True
    remaining: int = 0
    expired: int = 0
    was: tuple[int, int, int] = (0, 0, 0)


class Entry(NamedTuple):
    """One line of a transfer."""

    account: Account
    lot: Lot | None
    points: int


Parts: TypeAlias = Sequence[tuple[Lot, int]]
"""Points by the lot that they are from."""


@dataclass(slots=True, eq=False)
class Booked:
    """
    A transfer, in the store or about to be.

    Attributes:
        key: Empty for what happens by itself, until it is written: it is named by the lot that ended,
            or by what it belongs to.
        id: Given out when it is written.
        fresh: It is not in the store yet.
        of: What it takes back or resolves.
        nth: Its number among those of `of`.
        ended: The lot that came to its end by itself.
        later: Those that took this one back or resolved it, in order.
    """

    key: str
    body: str
    kind: str
    pocket: "Pocket"
    points: int
    reason: str
    at: int
    of: "Booked | None" = None
    nth: int | None = None
    ended: "Lot | None" = None
    id: int = 0
    fresh: bool = True
    moved: int = 0
    after: int = 0
    entries: list[Entry] = field(default_factory=list)
    later: list["Booked"] = field(default_factory=list)

    def move(self, account: Account, points: int, lot: Lot | None) -> None:
        """Add a line; the account and the lot follow it."""
        if not points:
            return
        self.entries.append(Entry(account, lot, points))
        account.balance += points
        if lot is not None and account.kind == POINTS:
            lot.remaining += points
        elif lot is not None and account.kind == EXPIRED:
            lot.expired += points

    def lines(self, kind: str) -> Iterator[Entry]:
        """Its lines on accounts of a kind."""
        return (each for each in self.entries if each.account.kind == kind)


@dataclass(slots=True, eq=False)
class Pocket:
    """
    What one member has: accounts, and the lots that are known here.

    Attributes:
        shop: The shop's accounts of the same unit.
        lots: Of points and of holds, those at hand.
    """

    unit: str
    holder: str
    shop: dict[str, Account]
    accounts: dict[str, Account] = field(default_factory=dict)
    lots: list[Lot] = field(default_factory=list)

    def account(self, kind: str) -> Account:
        """The member's or the shop's account of a kind; opened when it is first needed."""
        mine = self.shop if kind in (ISSUED, SPENT, EXPIRED) else self.accounts
        if kind not in mine:
            mine[kind] = Account(self.unit, "" if mine is self.shop else self.holder, kind)
        return mine[kind]

    @property
    def owed(self) -> int:
        """What the member owes."""
        return -self.accounts[OWED].balance if OWED in self.accounts else 0

    def open(self, kind: str = POINTS) -> Iterator[Lot]:
        """The lots of a kind that have points."""
        return (lot for lot in self.lots if lot.remaining and lot.account.kind == kind)

    def here(self, lot: Lot, points: int, by: Booked) -> Lot:
        """The lot; or one of the same dates in its place, where it has gone to another member."""
        if lot.pocket is self:
            return lot
        twin = Lot(self, self.account(POINTS), points, lot.active_at, lot.expires_at, by)
        self.lots.append(twin)
        return twin

    def spendable(self, now: int) -> list[Lot]:
        """The lots whose points can be spent, the next to expire first."""
        return fifo(lot for lot in self.open() if lot.active_at <= now < lot.expires_at)


def fifo(lots: Iterable[Lot]) -> list[Lot]:
    """By (expiry, id); those that have no id yet are newer, and in order."""
    return sorted(lots, key=lambda lot: (lot.expires_at, lot.fresh, lot.id))


def by_lot(made: Iterable[Booked], kind: str) -> Parts:
    """The sums of their lines on accounts of a kind, by lot, in the order of first use."""
    sums: dict[Lot, int] = {}
    for each in made:
        for _, lot, points in each.lines(kind):
            if lot is not None:
                sums[lot] = sums.get(lot, 0) + points
    return list(sums.items())


def first(parts: Parts, points: int) -> Parts:
    """The first so many points of them, or all."""
    chosen = []
    for lot, there in parts:
        if taken := min(there, points):
            chosen.append((lot, taken))
            points -= taken
    return chosen
