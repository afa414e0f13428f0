"""`tokui draw`: the group of its commands."""

import click

from tokui_points.cli import draw_looking, draw_moving


@click.group()
def draw() -> None:
    """Draws (ガチャ) that anybody can check afterwards."""


for command in (
    draw_moving.begin,
    draw_moving.play,
    draw_looking.show,
    draw_looking.check,
    draw_moving.end,
    draw_looking.publish,
):
    draw.add_command(command)
