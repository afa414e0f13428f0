"""The group of all commands."""

import click

from tokui_points.cli import foreign, looking, moving, whole
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
    foreign.unanswered,
    foreign.retry,
    simulate,
    whole.reconcile,
    whole.expire,
):
    points.add_command(command)
