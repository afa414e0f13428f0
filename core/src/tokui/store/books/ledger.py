"""The books as a ledger: each call is a transaction of its own, durable when it returns."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar, TypeVar

from tokui.connector import Balance, Ledger, Member, Movement, Posted, Transfer
from tokui.errors import PolicyRefusal
from tokui.failpoint import failpoint
from tokui.store.books import check, posting, reading
from tokui.store.books.write import Raced
from tokui.store.engine import Store, Transaction

PORTION = 5_000
"""Transfers of one transaction: others wait for it no longer than a second or two."""

TRIES = 100

T = TypeVar("T")


class Books(Ledger):
    """
    Our own points: any number of programmes, each a unit that is never added to another.

    Whoever has a write transaction open already uses `posting.post` inside it.
    """

    holds: ClassVar[bool] = True
    moves: ClassVar[bool] = True

    def __init__(self, store: Store) -> None:
        self._store = store

    def post(self, transfer: Transfer) -> Posted:
        """Move points."""
        (answer,) = self.post_many([transfer])
        if isinstance(answer, PolicyRefusal):
            raise answer
        return answer

    def post_many(self, transfers: Sequence[Transfer]) -> list[Posted | PolicyRefusal]:
        """Post in this order, by portions: after a crash, the same again does the rest."""
        answers: list[Posted | PolicyRefusal] = []
        for at in range(0, len(transfers), PORTION):
            some = transfers[at : at + PORTION]
            answers += self.transact(partial(posting.post, asked=some))
        return answers

    def post_all(self, transfers: Sequence[Transfer]) -> list[Posted]:
        """
        Post in this order, in one transaction: all of them, or none.

        Raises:
            PolicyRefusal: Of the first one that is refused.
        """
        return self.transact(partial(posting.post_all, asked=transfers))

    def planned(self, transfers: Sequence[Transfer]) -> list[Posted | PolicyRefusal]:
        """What `post_many` would answer now."""
        answers: list[Posted | PolicyRefusal] = []
        for at in range(0, len(transfers), PORTION):
            answers += self._read(partial(posting.planned, asked=transfers[at : at + PORTION]))
        return answers

    def transact(self, work: Callable[[Transaction], T]) -> T:
        """
        What `posting.post` posts and whatever else belongs to it, in one transaction.

        It begins again where another writer was faster: what it is given must be all that it needs.
        """
        for _ in range(TRIES):
            try:
                with self._store.write() as tx:
                    done = work(tx)
                    failpoint("books.commit")
            except Raced as raced:
                last = raced
            else:
                failpoint("books.committed")
                return done
        raise last

    def settle(self) -> int:
        """
        Book all that is due: points expire, holds time out. How many transfers that were.

        Balances and transfers count it as done before; this makes the books say so.
        """
        done = 0
        while some := self._read(partial(reading.members_due, limit=PORTION)):
            done += self.transact(partial(posting.settle, members=some))
        return done

    def balance(self, member: Member) -> Balance:
        """What the member has now."""
        return self.balances([member])[0]

    def balances(self, members: Sequence[Member]) -> list[Balance]:
        """The same of many, in their order."""
        return self._read(partial(reading.balances, members=members))

    def history(self, member: Member, limit: int = 100) -> list[Movement]:
        """The member's movements, the newest first."""
        return self._read(partial(reading.history, member=member, limit=limit))

    def posted(self, keys: Sequence[str]) -> Mapping[str, Posted]:
        """What was posted under keys, by key."""
        return self._read(partial(posting.posted, keys=keys))

    def sums(self, unit: str) -> reading.Sums:
        """How a programme stands."""
        return self._read(partial(reading.sums, unit=unit))

    def check(self) -> list[str]:
        """What does not add up; nothing, unless somebody else wrote into the tables."""
        return self._read(check.faults)

    def _read(self, work: Callable[[Transaction], T]) -> T:
        with self._store.read() as tx:
            return work(tx)
