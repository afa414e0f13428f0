"""The group of all commands."""

import click

from tokui_points.cli import cards, foreign, looking, moving, offers, opening, whole
from tokui_points.cli.simulate import simulate


@click.group()
def points() -> None:
    """Points and ranks: look, move by hand, earn from facts, ask what if."""


for command in (
    looking.show,
    looking.history,
    whole.earn,
    moving.redeem,
    moving.reverse,
    moving.adjust,
    cards.move,
    opening.import_,
    foreign.unanswered,
    foreign.retry,
    offers.list_,
    offers.benefits,
    offers.use,
    simulate,
    whole.reconcile,
    whole.expire,
):
    points.add_command(command)
