"""Two wrong ways to carry out what a pass decided, which the harness must catch."""

from collections.abc import Sequence

from tokui.failpoint import failpoint
from tokui.identity import carry
from tokui.store import decisions, sweep
from tokui.store.decisions import Decided
from tokui.store.engine import Transaction


def links_first() -> None:
    """Commits the links, then the decisions that explain them."""

    def write(tx: Transaction, log: Sequence[Decided]) -> Sequence[Decided]:
        sweep.place(tx, (move for each in log for move in each.moves))
        tx.connection.connection.commit()
        failpoint("identity.apply")
        decisions.append(tx, log)
        return log

    carry._write = write


def forgets_aliases() -> None:
    """Does not say what the ids of merged profiles mean from now on."""
    sweep.rename = lambda tx, aliases: None
