"""Which customers are worth comparing, as `pairs.every` finds them, by their places in the columns."""

from typing import NamedTuple

import numpy as np

from tokui.identity.bulk.column import Codes, Ids
from tokui.identity.bulk.pairs import halves, within
from tokui.identity.weigh import Scales
from tokui.store import pairs, sweep
from tokui.store.engine import Transaction

COMMA, SEMICOLON = (ord(each) for each in ",;")


class Candidates(NamedTuple):
    """
    Pairs of customers, each once.

    Attributes:
        ids: All customers, ascending.
        low: The place of the one with the lower id.
        high: That of the other one.
    """

    ids: Ids
    low: Codes
    high: Codes


def candidates(tx: Transaction, _: Scales, __: None) -> Candidates:
    """All pairs that are worth comparing."""
    ids = np.fromiter(sweep.ids(tx), np.int64)
    found = [_pairs(text, ids) for text in pairs.groups(tx) if text]
    both = np.sort(np.concatenate([np.zeros(0, np.int64), *found]))
    both = both[
        np.diff(both, prepend=-1) != 0
    ]  # np.unique has a hash table, and takes ten times as long
    return Candidates(ids, *halves(both))


def _pairs(text: str, ids: Ids) -> Ids:
    """The pairs of groups of customers' ids, as `pairs.groups` writes them."""
    signs = np.frombuffer(text.encode(), np.uint8)
    signs = signs[(signs == COMMA) | (signs == SEMICOLON)]
    first = np.append(0, np.flatnonzero(signs == SEMICOLON) + 1)
    sizes = np.diff(first, append=len(signs) + 1)
    everybody = np.fromstring(text.replace(";", ","), np.int64, sep=",")
    return within(np.searchsorted(ids, everybody), sizes)
