"""`tokui message`: from words to a person, with everybody's say in between."""

import click

from tokui.cli.message_decide import approve, cancel, retry
from tokui.cli.message_draft import draft
from tokui.cli.message_look import list_, preview, show
from tokui.cli.message_send import send

EXAMPLES = """\b
tokui message draft 17 --template birthday --as Mori   what it says, and what stands against it
tokui message approve 12 --as Mori
tokui message send 12"""


@click.group(epilog=EXAMPLES)
def message() -> None:
    """Write to persons: draft, approve, send, and see what became of it."""


for command in (draft, preview, approve, send, list_, show, cancel, retry):
    message.add_command(command)
