"""`tokui completion`."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command(
    epilog='Put `eval "$(tokui completion bash)"` into ~/.bashrc, or its like elsewhere.'
)
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what makes a shell complete tokui's commands."""
    from tokui.cli.root import tokui

    made = get_completion_class(shell)
    assert made  # noqa: S101 - click knows each of SHELLS
    click.echo(made(tokui, {}, "tokui", "_TOKUI_COMPLETE").source())
