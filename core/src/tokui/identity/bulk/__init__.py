"""
The batch pass over everybody, on columns of numbers instead of one customer after the other.

It needs numpy (`tokui[batch]`) and changes nothing but the time: each two values are compared by the
functions that `match` has for them, once, however many customers have them.
"""

from collections.abc import Callable

import numpy as np

from tokui.identity.bulk.candidates import Candidates, candidates
from tokui.identity.bulk.columns import Columns
from tokui.identity.bulk.homes import Homes
from tokui.identity.bulk.rows import Rows
from tokui.identity.bulk.scope import Everybody
from tokui.identity.bulk.weights import Weights
from tokui.identity.hands import Hands
from tokui.identity.scope import Pulse
from tokui.identity.weigh import Scales
from tokui.store import answers, sweep
from tokui.store.engine import Transaction

__all__ = ["everybody"]

SHARE = 0.43
"""The part of the customers that is read beside this process."""


def everybody(tx: Transaction, scales: Scales, hands: Hands, pulse: Pulse) -> Everybody:
    """All customers, as `scope.everybody` finds them."""
    rows, found = _read(tx, hands)
    columns = Columns(rows)
    del rows
    pulse(0)
    homes, weights = Homes(columns), Weights(columns, scales, hands)
    ids, low, high = found()
    if not np.array_equal(ids, columns.ids):  # some came, or went, in between
        columns = Columns(Rows(sweep.every(tx)))
        homes, weights = Homes(columns), Weights(columns, scales, hands)
        _, low, high = candidates(tx, scales, None)
    pulse(0)
    pairs = weights.likely(low, high, pulse)
    return Everybody(columns, homes, weights, pairs, answers.every(tx))


def _read(tx: Transaction, hands: Hands) -> tuple[Rows, Callable[[], Candidates]]:
    """Everybody, the last ones read elsewhere, and whom to ask for pairs."""
    cut = int(sweep.highest(tx) * (1 - SHARE))
    rest, found = hands.soon(_after, cut), hands.soon(candidates, None)
    rows = Rows(sweep.every(tx, until=cut))
    rows.join(rest())
    return rows, found


def _after(tx: Transaction, _: Scales, cut: int) -> Rows:
    return Rows(sweep.every(tx, after=cut)).close()
