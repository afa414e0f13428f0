"""
The books: points by double entry. A general primitive; only the core writes.

    books = Books(store)
    books.post(Earn("order:shop:1001:1", Member("club", "2900123456783"), 120, "jeans"))

What a transfer does is a pure function (`moves`) over a working sheet (`sheet`) that is read (`load`)
and written (`write`) in one transaction, on the condition that nothing changed in between.

A member has up to three accounts: `points` (what is pending included), `held` and `owed`; the shop has
`issued`, `spent` and `expired` for each programme. The lines of a transfer add up to nothing. A lot is
what one earning gave; the one to expire first is spent first. What is due by itself (the end of a lot,
the time-out of a hold) counts as done from its moment on, and is booked with that moment before anything
else is, whenever somebody looks: so the result never depends on when `settle` runs.
"""

from tokui.store.books.ledger import PORTION, Books
from tokui.store.books.posting import Answer, post, post_all, posted, settle
from tokui.store.books.reading import Sums, balances, history, sums
from tokui.store.books.write import Raced

__all__ = [
    "PORTION",
    "Answer",
    "Books",
    "Raced",
    "Sums",
    "balances",
    "history",
    "post",
    "post_all",
    "posted",
    "settle",
    "sums",
]
