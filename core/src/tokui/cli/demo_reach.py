"""The demo goes on: a birthday message for one person, asked about, sent once, and seen to arrive."""

from email import message_from_bytes
from email.policy import default
from typing import Any, Protocol

from rich.text import Text

from tokui.cli.desk import Desk
from tokui.cli.output import plain, say
from tokui.cli.words import Lang
from tokui.errors import ConfigError
from tokui.identity.search import find
from tokui.store import messages
from tokui.store.engine import Transaction
from tokui.store.messages import Message

CLERK = "森"


class Post(Protocol):
    """What of the stage is written by."""

    line: Any
    mail: Any
    unasked: Any


def show(stage: Post, desk: Desk, number: int, lang: Lang) -> None:
    """Let somebody say yes, write to them by LINE and by e-mail, and not to whom nobody asked."""
    yes = "--contact line_user_id --state granted --evidence form"
    _run(desk, f"consent set {number} {yes} --as {CLERK}")
    say("")
    drafted = [_draft(desk, number, on, lang) for on in ("line", "mail")]
    with desk.store() as store, store.read() as tx:
        unasked = numbered(desk, tx, str(stage.unasked.external_id))
    _draft(desk, unasked, "mail", lang)
    if waiting := [str(each.id) for each in drafted if each.state == "draft"]:
        _run(desk, f"message send {' '.join(waiting)} --as {CLERK} --lang {lang}")
        _arrived(stage)
    else:
        say("Nothing is sent: the demo wrote to them when it ran in this folder before.")


def numbered(desk: Desk, tx: Transaction, external_id: str) -> int:
    """
    The profile of one of the town's customers.

    Raises:
        ConfigError: The ledger knows nobody of that id: it was made of another town.
    """
    if found := find(tx, external_id, desk.config.connections):
        return found[0]
    raise ConfigError(
        "the folder has the ledger of a demo of another size",
        who="demo",
        todo="give the same --size, or name another folder",
    )


def prompt(command: str) -> None:
    """Show a command as it would be typed."""
    say(Text.assemble(("$ ", "dim"), (command, "bold")))


def _draft(desk: Desk, number: int, on: str, lang: Lang) -> Message:
    """The message, as it is kept."""
    _run(desk, f"message draft {number} --template birthday --on {on} --lang {lang}")
    say("")
    with desk.store() as store, store.read() as tx:
        return messages.find(tx, limit=1)[0]


def _run(desk: Desk, command: str) -> None:
    """Do what the command does, and print what it prints."""
    from tokui.cli.root import tokui

    prompt(f"tokui {command}")
    tokui.main(["-c", str(desk.config.path), *command.split()], standalone_mode=False)


def _arrived(stage: Post) -> None:
    """What the other side of each channel got."""
    for got in stage.line.received:
        for each in got.messages:
            _quote("Arrived at LINE", each.get("text", each["type"]))
    for got in stage.mail.received:
        mail = message_from_bytes(got.content, policy=default)
        body = mail.get_body(("plain",))
        _quote(
            f"Arrived by mail: {plain(str(mail['subject']))}", body.get_content() if body else ""
        )


def _quote(head: str, text: str) -> None:
    lines = [f"    {plain(line)}".rstrip() for line in text.strip().splitlines()]
    say("\n".join(["", head, *lines]))
