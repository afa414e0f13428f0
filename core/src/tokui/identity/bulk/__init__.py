"""
The batch pass over everybody, on columns of numbers instead of one customer after the other.

It needs numpy (`tokui[batch]`) and changes nothing but the time: each two values are compared by the
functions that `match` has for them, once, however many customers have them.
"""

from tokui.identity.bulk.candidates import candidates
from tokui.identity.bulk.columns import Columns
from tokui.identity.bulk.scope import Everybody
from tokui.identity.bulk.weights import Weights
from tokui.identity.scope import Pulse
from tokui.identity.weigh import Scales
from tokui.store import answers, sweep
from tokui.store.engine import Transaction

__all__ = ["everybody"]


def everybody(tx: Transaction, scales: Scales, pulse: Pulse) -> Everybody:
    """All customers, as `scope.everybody` finds them."""
    columns = Columns(sweep.every(tx))
    pulse(0)
    low, high = candidates(tx, columns.ids)
    pulse(0)
    pairs = Weights(columns, scales).weigh(low, high, pulse)
    return Everybody(columns, pairs, scales.policy, answers.every(tx))
