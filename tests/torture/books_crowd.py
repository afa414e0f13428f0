"""Lets a crowd loose, and counts what it got."""

from collections import defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa
from books_child import FUNDS, PROCESSES, THREADS, TRIES, Crowd, member, storm
from children import CHILDREN
from tokui.connector import Earn, Posted
from tokui.store.books import Books
from tokui.store.engine import Store


@dataclass
class Loot:
    """
    What a crowd got, over all rounds.

    Attributes:
        asked: Tries with keys of their own.
        granted: Redemptions that were granted.
        funds: What there was.
        two_faced: Keys that were answered in two ways.
        over: Rounds in which more was granted than there was.
        faults: What did not add up afterwards.
    """

    asked: int = 0
    granted: int = 0
    funds: int = 0
    two_faced: list[str] = field(default_factory=list)
    over: int = 0
    faults: list[str] = field(default_factory=list)


def plunder(url: str, rounds: int, mutant: str | None = None) -> Loot:
    """Fund an account for each round, and let all processes spend from it at once."""
    books = Books(Store.open(url))
    books.post_many([Earn(f"fund:{n}", member(n), FUNDS, "opening") for n in range(rounds)])
    line = CHILDREN.Barrier(PROCESSES)
    ears = [_start(Crowd(url, rounds, mutant), place, line) for place in range(PROCESSES)]
    loot = Loot(funds=rounds * FUNDS, asked=rounds * PROCESSES * THREADS * TRIES)
    for _ in range(rounds):
        _count(loot, [answer for ear, _ in ears for answer in ear.recv()])
    for _, child in ears:
        child.join()
        assert child.exitcode == 0
    loot.faults = books.check()
    books._store.close()
    return loot


def _start(crowd: Crowd, place: int, line: object) -> tuple:
    ear, mouth = CHILDREN.Pipe(duplex=False)
    child = CHILDREN.Process(target=storm, args=(crowd, place, line, mouth))
    child.start()
    mouth.close()
    return ear, child


def _count(loot: Loot, told: list[tuple[str, Posted | None]]) -> None:
    """A key may be refused at first and granted later, never granted in two ways."""
    granted = defaultdict(set)
    for key, answer in told:
        if answer is not None:
            granted[key].add(answer)
    loot.two_faced += [key for key, answers in granted.items() if len(answers) > 1]
    loot.granted += len(granted)
    loot.over += len(granted) > FUNDS


def rows(store: Store, table: str) -> list[tuple]:
    """All of a table, in order."""
    with store.read() as tx:
        return sorted(map(tuple, tx.all(sa.text(f"SELECT * FROM {table}"))), key=repr)
