"""Whom a command means, who gives it, and in which language it answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from tokui.cli.exits import Unknown
from tokui.errors import ConfigError
from tokui.identity.amend import STAFF
from tokui.identity.weighing import Side, side
from tokui.store.engine import Transaction

WHO = """\
A profile is its number (17, or profile:17). A customer is the name of its connection and its id there
(ginza-till:0012)."""

F = TypeVar("F", bound=Callable[..., object])


def lang_option(command: F) -> F:
    """`--lang`, for a command whose answer staff read."""
    languages = click.Choice(["ja", "en"])
    return click.option("--lang", type=languages, help="Else TOKUI_LANG, then LANG.")(command)


def as_option(*, required: bool = True) -> Callable[[F], F]:
    """`--as`, for a command that writes down who said so; it takes the name as the log has it."""
    return click.option(
        "--as", "staff", required=required, metavar="NAME", callback=_actor, help="Who says so."
    )


def staff_option(text: str) -> Callable[[F], F]:
    """`--staff`, or `--as`, for what a member of staff did; it takes the name or id as it is typed."""
    return click.option("--staff", "--as", "staff", required=True, callback=_named, help=text)


def _named(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("a name is needed", ctx, param)
    return value.strip()


def _actor(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The name as the log has it: `staff:NAME`."""
    if value is None:
        return None
    return f"{STAFF}{_named(ctx, param, value)}"


def meant(tx: Transaction, word: str) -> Side:
    """
    The customer or profile.

    Raises:
        Unknown: There is none.
    """
    found = side(tx, word)
    if found is None:
        raise Unknown(
            "nobody is found by that; `tokui customer find` lists people and their numbers"
        )
    return found


def customer(tx: Transaction, word: str) -> int:
    """
    The id of the one customer.

    Raises:
        Unknown: There is none, or the word means a profile of several.
    """
    found = meant(tx, word)
    if found.customer_id is None:
        raise Unknown("name a customer, as CONNECTION:ID; `tokui customer show` lists them")
    return found.customer_id


@contextmanager
def as_asked() -> Iterator[None]:
    """
    What cannot be done as it was asked is the operator's mistake, not one of the configuration.

    Raises:
        Unknown: In the place of a `ConfigError`.
    """
    try:
        yield
    except ConfigError as error:
        raise Unknown(str(error)) from None
