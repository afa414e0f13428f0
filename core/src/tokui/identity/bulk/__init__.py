"""
The batch pass over everybody, on columns of numbers instead of one customer after the other.

It needs numpy (`tokui[batch]`) and changes nothing but the time: each two values are compared by the
functions that `match` has for them, once, however many customers have them.
"""

import numpy as np

from tokui.identity.bulk.candidates import candidates
from tokui.identity.bulk.columns import Columns
from tokui.identity.bulk.homes import Homes
from tokui.identity.bulk.scope import Everybody
from tokui.identity.bulk.weights import Weights
from tokui.identity.hands import Hands
from tokui.identity.scope import Pulse
from tokui.identity.weigh import Scales
from tokui.store import answers, sweep
from tokui.store.engine import Transaction

__all__ = ["everybody"]


def everybody(tx: Transaction, scales: Scales, hands: Hands, pulse: Pulse) -> Everybody:
    """All customers, as `scope.everybody` finds them."""
    found = hands.soon(candidates, None)
    columns = Columns(sweep.every(tx))
    homes = Homes(columns)
    pulse(0)
    ids, low, high = found()
    if not np.array_equal(ids, columns.ids):  # some came, or went, in between
        _, low, high = candidates(tx, scales, None)
    pulse(0)
    weights = Weights(columns, scales, hands)
    pairs = weights.likely(low, high, pulse)
    return Everybody(columns, homes, weights, pairs, answers.every(tx))
