"""`tokui` and the list of its commands. Imports nothing that a listing does not need."""

from collections.abc import Mapping
from pathlib import Path

import click

from tokui import __version__
from tokui.cli.lazy import Lazy, LazyGroup

SECTIONS: Mapping[str, Mapping[str, Lazy]] = {
    "Every day": {
        "sync": Lazy("tokui.cli.sync:sync", "Read the connections into the ledger."),
        "customer": Lazy(
            "tokui.cli.customer:customer", "Find a person; show the card; add a note."
        ),
        "identity": Lazy(
            "tokui.cli.identity:identity", "Who is who: why, what is open, what is in force."
        ),
        "household": Lazy("tokui.cli.household:household", "Who lives together."),
        "consent": Lazy("tokui.cli.consent:consent", "Who may be written to, and what proves it."),
        "suppression": Lazy(
            "tokui.cli.suppression:suppression", "Addresses that must not be written to."
        ),
        "message": Lazy(
            "tokui.cli.message:message", "Write to persons, and see what became of it."
        ),
        "outbox": Lazy("tokui.cli.outbox:outbox", "Send what waits, and see how it stands."),
        "status": Lazy("tokui.cli.status:status", "How each connection stands."),
        "quarantine": Lazy(
            "tokui.cli.quarantine:quarantine", "Items that could not be understood."
        ),
    },
    "Set up": {
        "init": Lazy("tokui.cli.init:init", "Write a first tokui.toml."),
        "demo": Lazy("tokui.cli.demo:demo", "Watch it work, on an invented shop."),
        "doctor": Lazy("tokui.cli.doctor:doctor", "Check everything, and say what to do."),
        "config": Lazy("tokui.cli.configure:config", "Validate and show tokui.toml."),
        "connections": Lazy("tokui.cli.connections:connections", "List and check connections."),
        "plugins": Lazy("tokui.cli.plugins:plugins", "What is installed."),
        "db": Lazy("tokui.cli.db:db", "The database and its tables."),
        "completion": Lazy("tokui.cli.completion:completion", "Completion for your shell."),
    },
    "Look closer": {
        "receive": Lazy("tokui.cli.receive:receive", "Take a webhook out of stdin."),
        "runs": Lazy("tokui.cli.status:runs", "The history of syncs."),
        "state": Lazy("tokui.cli.state:state", "Where each stream stands; set or reset it."),
    },
}


@click.group(
    cls=LazyGroup,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 ok, 2 usage, 3 configuration, 4 credentials, 5 partly done, 6 far side "
    "unavailable, 7 refused by a rule, 8 checks found problems, 9 locked, 130/143 interrupted, 1 bug.",
)
@click.option(
    "-c",
    "--config",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The tokui.toml to use. Else TOKUI_CONFIG, or the nearest one here or above.",
)
@click.option("-v", "--verbose", is_flag=True, help="Log to stderr what happens.")
@click.version_option(__version__, prog_name="tokui")
@click.pass_context
def tokui(ctx: click.Context, path: Path | None, verbose: bool) -> None:
    """One ledger of a shop's regulars, out of the systems the shop already has."""
    from tokui.cli.exits import take_any_text
    from tokui.cli.logs import log_to_stderr

    take_any_text()
    log_to_stderr(verbose)
    ctx.obj = path
