"""What a pass would change, as `tokui identity run --dry-run` shows it."""

from collections.abc import Sequence
from itertools import chain

from pydantic import JsonValue
from rich.table import Table

from tokui.cli.amended import Places, moves_data, named
from tokui.cli.output import table
from tokui.identity.carry import Planned
from tokui.store import profiles
from tokui.store.engine import Transaction

SHOWN = 20
"""Changes on a screen; `--json` has more."""


def places(tx: Transaction, planned: Sequence[Planned]) -> Places:
    """Where everybody is of whom a plan speaks."""
    moved = chain.from_iterable(each.moves for each in planned)
    pairs = chain.from_iterable(each.between or () for each in planned)
    return profiles.places_of(tx, {*(move.customer_id for move in moved), *pairs})


def as_text(planned: Sequence[Planned], where: Places) -> Table:
    """The first changes, one in a line: who would go where, and how sure it is."""
    rows = table("change", "customers", "from", "to", "decided by", "margin", right=("margin",))
    for each in planned[:SHOWN]:
        first = each.moves[0]
        rows.add_row(
            each.kind,
            "\n".join(named(where, move.customer_id) for move in each.moves),
            str(first.from_id),
            str(first.to_id) if first.to_id > 0 else "new",
            "\n".join(named(where, end) for end in each.between or ()),
            "certain" if each.margin is None else f"{each.margin / 1000:.1f}",
        )
    return rows


def as_data(planned: Sequence[Planned], where: Places) -> list[JsonValue]:
    """For `--json`; a margin is a natural logarithm of odds, null where an answer or a rule decides."""
    return [
        {
            "kind": each.kind,
            "moves": moves_data(each.moves, where),
            "between": [named(where, end) for end in each.between or ()],
            "margin": None if each.margin is None else each.margin / 1000,
        }
        for each in planned
    ]
