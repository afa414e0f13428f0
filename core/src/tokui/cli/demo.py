"""`tokui demo`: an invented shop, synced and shown in one command."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, cast

import click
from rich.console import Group
from rich.text import Text

from tokui.card import Profile
from tokui.cli import demo_reach, evidence, people
from tokui.cli.card import render
from tokui.cli.demo_reach import prompt
from tokui.cli.desk import Desk
from tokui.cli.meant import meant
from tokui.cli.output import note, say
from tokui.cli.report import as_text
from tokui.cli.sync import sync_now
from tokui.cli.words import Lang
from tokui.errors import ConfigError
from tokui.identity.settings import policy
from tokui.identity.view import profile, snapshot
from tokui.identity.weighing import weigh
from tokui.store import profiles
from tokui.sync.compose import trust
from tokui.sync.stream import Options


class Stage(Protocol):
    """What `tokui_contracts.demo.set_up` gives; the core does not import that distribution."""

    config: Path
    exports: Path
    sandbox: Any
    line: Any
    mail: Any
    regular: Any
    unasked: Any


@click.command()
@click.option(
    "--size",
    type=click.IntRange(20, 1_000_000),
    default=300,
    show_default=True,
    help="Persons in the town.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Leave tokui.toml, the exports and the ledger in this folder.",
)
@click.option("--lang", type=click.Choice(["ja", "en"]), help="Of the card.")
def demo(size: int, keep: Path | None, lang: str | None) -> int:
    """
    Watch it work, on an invented shop.

    Serves an online shop, a LINE account and a mail server on this machine, writes the export of its
    stores' tills, reads all into one ledger, shows the card of somebody who buys in both, and writes
    to them. Leaves nothing behind.
    """
    set_up = _set_up()
    with _folder(keep) as folder, set_up(folder, size) as stage:
        _introduce(size, stage, folder if keep else None)
        desk = Desk(stage.config)
        report, code = sync_now(desk, (), Options())
        say(Group(as_text(report), Text()))
        if code == 0:
            number = _show_person(desk, str(stage.regular.external_id), people.language(lang))
            demo_reach.show(stage, desk, number, people.language(lang))
    if keep:
        say(f"Kept in {keep}. Try there:  tokui customer find 佐藤   tokui status   tokui runs")
    return code


SetUp = Callable[[Path, int], AbstractContextManager[Stage]]


def _set_up() -> SetUp:
    try:
        return cast("SetUp", import_module("tokui_contracts.demo").set_up)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "tokui_contracts":
            raise
    raise ConfigError(
        "the demo town is not installed",
        who="demo",
        todo="install the distribution tokui-contracts",
    )


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with TemporaryDirectory(prefix="tokui-demo-") as folder:
            yield Path(folder)
    else:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep


def _introduce(size: int, stage: Stage, kept: Path | None) -> None:
    files = sorted(path.name for path in stage.exports.iterdir())
    say(
        Text.assemble(
            ("A made-up town of ", ""),
            (f"{size:,} people", "bold"),
            " who buy in an online shop and in its stores.\n\n",
            ("  online  ", "bold blue"),
            f"a Shopify shop, served at {stage.sandbox.url}\n",
            ("  tills   ", "bold blue"),
            f"the stores' POS exports: {', '.join(files)}\n",
            ("  line    ", "bold blue"),
            f"their LINE account, served at {stage.line.url}\n",
            ("  mail    ", "bold blue"),
            f"their mail server, at {stage.mail.host}:{stage.mail.port}\n",
        )
    )
    prompt("tokui sync")
    if kept and (kept / "tokui.sqlite3").exists():
        note("The folder has a ledger already; only what is new is read.")


def _show_person(desk: Desk, external_id: str, lang: Lang) -> int:
    """Print how many people there are, and the card of one whom all systems know; whose it is."""
    hub = desk.hub()
    whose = trust(desk.config, hub)
    with desk.store() as store, snapshot(store, whose) as (view, tx):
        records, persons = profiles.count(tx)
        number = demo_reach.numbered(desk, tx, external_id)
        person = profile(tx, number, whose)
        assert person  # noqa: S101 - it was just found on this snapshot
        card = people.card(hub, tx, view, person).card
    say(f"{records:,} records of customers are {persons:,} people. One of them:\n")
    prompt(f"tokui customer show {number}")
    say(render(card, lang, tz=people.SHOP_ZONE, limit=6), widest=people.CARD_WIDTH)
    _explain(desk, person, lang)
    return number


def _explain(desk: Desk, person: Profile, lang: Lang) -> None:
    """Say why two records of the person are one."""
    bought = [each for each in person.customers if each.connection in ("online", "tills")]
    one, other = (f"{each.connection}:{each.external_id}" for each in bought[:2])
    enough = policy(desk.config)
    with desk.store() as store, store.read() as tx:
        weighed = weigh(tx, enough, meant(tx, one), meant(tx, other))
    assert weighed  # noqa: S101 - two different customers
    prompt(f"tokui identity explain {one} {other}")
    say(Group(evidence.as_text(weighed, enough, lang), Text()), widest=people.CARD_WIDTH)
