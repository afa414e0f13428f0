"""A group whose commands are imported when they are called, not when they are listed."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

import click

from tokui.cli.exits import guarded, read_or_not
from tokui.cli.loading import loaded
from tokui.errors import PluginError
from tokui.hub.offers import Offer, clashes, installed

PLUGINS = "From plugins"


class Lazy(NamedTuple):
    """
    A command that is not imported yet.

    Attributes:
        target: `module:attribute`.
        help: One line, for the list of commands.
    """

    target: str
    help: str


class LazyGroup(click.Group):
    """
    The root: its own commands by section, then those that plugins bring.

    Its help is written out of `sections` and of entry-point metadata, so that it imports no plugin
    and none of the libraries that the commands need.
    """

    def __init__(self, *args: Any, sections: Mapping[str, Mapping[str, Lazy]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sections = sections
        self._own = {name: lazy for part in sections.values() for name, lazy in part.items()}

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and end the process with an exit code of DESIGN §9."""

        def call() -> object:
            return super(LazyGroup, self).main(
                args, prog_name, complete_var, standalone_mode=False, **extra
            )

        if not standalone_mode:
            return call()
        raise SystemExit(guarded(call))

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line; it may print the help."""
        with read_or_not():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with read_or_not():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Own commands in their order, then the plugins'."""
        return [*self._own, *sorted({offer.name for offer in self._offers()})]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if lazy := self._own.get(cmd_name):
            module, _, attribute = lazy.target.partition(":")
            command: click.Command = getattr(import_module(module), attribute)
            return command
        offered = [offer for offer in self._offers() if offer.name == cmd_name]
        return _load(cmd_name, offered) if offered else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was perhaps meant."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            close = get_close_matches(args[0], self.list_commands(ctx), 1)
            meant = f" Did you mean `{close[0]}`?" if close else ""
            ctx.fail(f"There is no command `{args[0]}`.{meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        for title, commands in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(name, lazy.help) for name, lazy in commands.items()])
        if rows := [(offer.name, f"from {offer}") for offer in self._offers()]:
            with formatter.section(PLUGINS):
                formatter.write_dl(rows)

    def _offers(self) -> list[Offer]:
        """What plugins bring; never in the place of an own command."""
        offers = (offer for offer in installed() if offer.kind == "command")
        return [offer for offer in offers if offer.name not in self._own]


def _load(name: str, offered: list[Offer]) -> click.Command:
    if both := clashes(offered).get(("command", name)):
        raise PluginError(
            f"several distributions offer this command: {both}",
            who=name,
            todo="uninstall all but one",
        )
    command = loaded(offered[0])
    if not isinstance(command, click.Command):
        raise PluginError("is not a click command", who=f"{name} ({offered[0]})")
    return command
