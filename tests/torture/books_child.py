"""The processes that are let loose on the books: a crowd at one account, and one that is killed."""

import importlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

import books_mutants
from tokui import failpoint
from tokui.connector import (
    Capture,
    Earn,
    Hold,
    Member,
    Move,
    Posted,
    Redeem,
    Reverse,
    Transfer,
    Void,
)
from tokui.errors import PolicyRefusal
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui_contracts.context import NOON

PROCESSES, THREADS, TRIES = 8, 2, 20
FUNDS = 100

Answers = list[tuple[str, Posted | None]]


@dataclass(frozen=True)
class Crowd:
    """
    What the processes of a crowd do.

    Attributes:
        mutant: How they keep books, by name in `books_mutants`.
    """

    url: str
    rounds: int
    mutant: str | None = None


def member(number: int) -> Member:
    """Whose account is stormed in a round."""
    return Member("club", f"29{number:08}")


def storm(crowd: Crowd, place: int, line: Barrier, tell: Connection) -> None:
    """One process: in each round its threads spend what they can, and ask again where an answer was lost."""
    store = Store.open(crowd.url)
    books = getattr(books_mutants, crowd.mutant)(store) if crowd.mutant else Books(store)
    with ThreadPoolExecutor(THREADS) as threads:
        for number in range(crowd.rounds):
            line.wait()
            seats = [(place * THREADS + thread) for thread in range(THREADS)]
            told = threads.map(lambda seat, number=number: _spend(books, number, seat), seats)
            tell.send([answer for answers in told for answer in answers])


def _spend(books: Books, number: int, seat: int) -> Answers:
    answers: Answers = []
    for nth in range(TRIES):
        answers.append(_try(books, number, seat, nth))
        if nth % 5 == 0:  # an answer was lost: somebody asks again, maybe at the same moment
            answers.append(_try(books, number, (seat + nth % 2) % (PROCESSES * THREADS), nth))
    return answers


def _try(books: Books, number: int, seat: int, nth: int) -> tuple[str, Posted | None]:
    key = f"{number}:{seat}:{nth}"
    try:
        return key, books.post(Redeem(key, member(number), 1, "till"))
    except PolicyRefusal:
        return key, None


# --- a story, and its end -------------------------------------------------------------------------

MORI, SATO = Member("club", "1"), Member("club", "2")


def story() -> list[tuple[datetime, list[Transfer]]]:
    """What happened, by the moment: the batches of some days."""
    day = timedelta(days=1)
    return [
        (
            NOON,
            [
                Earn("a", MORI, 100, "jeans", expires_at=NOON + 2 * day),
                Earn("b", SATO, 50, "shirt", active_at=NOON + day),
                Earn("c", MORI, 30, "hat"),
                Redeem("d", MORI, 20, "till"),
                Hold("e", MORI, 40, "basket", NOON + day),
            ],
        ),
        (NOON + day / 2, [Capture("f", MORI, "e", "paid", 25)]),
        (
            NOON + day,
            [Hold("g", SATO, 10, "basket", NOON + 2 * day), Redeem("h", SATO, 15, "till")],
        ),
        (
            NOON + 3 * day,
            [
                Reverse("i", MORI, "f", "return"),
                Reverse("j", SATO, "b", "return"),
                Void("k", SATO, "g", "-"),
            ],
        ),
        (NOON + 4 * day, [Move("l", SATO, MORI.member_no, "one card"), Redeem("m", MORI, 5, "-")]),
        (NOON + 5 * day, [Reverse("n", MORI, "l", "two cards")]),
    ]


def live(url: str, dies_at: str = "") -> None:
    """Live through the story from its beginning, however much of it is written already."""
    os.environ["TOKUI_FAILPOINT"] = dies_at
    importlib.reload(failpoint)
    clock = [NOON]
    books = Books(Store.open(url, lambda: clock[0]))
    for moment, transfers in story():
        clock[0] = moment
        books.post_many(transfers)
        books.settle()
    os._exit(0)
