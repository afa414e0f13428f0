"""What the author of a ledger supplies, and what its checks work with."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar, cast

from tokui.connector import (
    Balance,
    Capture,
    Earn,
    Hold,
    Ledger,
    Member,
    Move,
    Posted,
    Redeem,
    Reverse,
    Transfer,
    Void,
)
from tokui.errors import TokuiError

from tokui_contracts.faults import Fault
from tokui_contracts.suite.post import Weather
from tokui_contracts.suite.rigged import Rigged
from tokui_contracts.suite.vendor import HttpServed, Vendor

Answer = Posted | TokuiError
REASON = "ジーンズ"


class LedgerSandbox(Vendor):
    """
    A points service in small. `inject` understands what that of a `ChannelSandbox` does.

    Attributes:
        programme: What the members are members of.
    """

    programme: ClassVar[str] = "club"

    @abstractmethod
    def members(self, count: int) -> Sequence[str]:
        """Numbers of so many members without points, always the same; `personal` quotes them."""


class HttpLedgerSandbox(HttpServed, LedgerSandbox):
    """A points service behind HTTP."""


class PurseRig(Rigged[LedgerSandbox]):
    """A ledger on its vendor in small. Member 0 is who most checks are about."""

    @property
    def holds(self) -> bool:
        """The class under test knows holds."""
        return cast("type[Ledger]", self._class).holds

    @property
    def moves(self) -> bool:
        """The class under test knows moves."""
        return cast("type[Ledger]", self._class).moves

    def ledger(self, **how: Any) -> Ledger:
        """A new one, with nothing in its memory."""
        return cast("Ledger", self.connect(**how))

    def member(self, number: int = 0) -> Member:
        """One of the members."""
        return Member(self.sandbox.programme, self.sandbox.members(number + 1)[number])

    def earn(self, key: str, points: Any = 100, number: int = 0) -> Earn:
        """An earning."""
        return Earn(key, self.member(number), points, REASON)

    def redeem(self, key: str, points: Any, number: int = 0) -> Redeem:
        """A redemption."""
        return Redeem(key, self.member(number), points, REASON)

    def reverse(self, key: str, of: str, points: int | None = None, number: int = 0) -> Reverse:
        """A return."""
        return Reverse(key, self.member(number), of, REASON, points)

    def hold(self, key: str, points: int) -> Hold:
        """A hold of an hour."""
        until = self.sandbox.now + timedelta(hours=1)
        return Hold(key, self.member(), points, REASON, until)

    def capture(self, key: str, of: str, points: int | None = None) -> Capture:
        """The end of a hold."""
        return Capture(key, self.member(), of, REASON, points)

    def void(self, key: str, of: str) -> Void:
        """The other end of a hold."""
        return Void(key, self.member(), of, REASON)

    def move(self, key: str, number: int = 0, to: int = 1) -> Move:
        """All of one member's goes to another."""
        return Move(key, self.member(number), self.member(to).member_no, REASON)

    def post(self, transfer: Transfer, **how: Any) -> Answer:
        """Post by a new connector: the answer, or the error."""
        try:
            return self.ledger(**how).post(transfer)
        except TokuiError as error:
            return error

    def posted(self, *transfers: Transfer) -> list[Posted]:
        """Post what must stand."""
        answers = [self.post(each) for each in transfers]
        refused = [each for each in answers if isinstance(each, TokuiError)]
        assert not refused, f"a sound transfer was refused: {refused!r}"
        return [each for each in answers if isinstance(each, Posted)]

    def at_once(self, transfers: Iterable[Transfer], hands: int = 8) -> list[Answer]:
        """Post by many threads."""
        with ThreadPoolExecutor(hands) as pool:
            return list(pool.map(self.post, transfers))

    def balance(self, number: int = 0) -> Balance:
        """What a member has now."""
        return self.ledger().balance(self.member(number))

    def net(self, number: int = 0) -> int:
        """All that a member has, less what is owed."""
        balance = self.balance(number)
        return balance.points + balance.pending + balance.held - balance.owed

    def calls(self) -> int:
        """Calls so far; the check is skipped where nobody counts them."""
        counted = self.sandbox.requests()
        return self.sandbox.cannot("calls are not counted") if counted is None else counted

    @contextmanager
    def broken(self, kind: Weather, *, after: int = 0, times: int | None = None) -> Iterator[None]:
        """Break answers inside."""
        says = " ".join(self.sandbox.personal()) if kind == "refused" else ""
        self.sandbox.inject(Fault(kind, says=says), after=after, times=times)
        try:
            yield
        finally:
            self.sandbox.heal()
