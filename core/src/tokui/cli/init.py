"""`tokui init`: a first tokui.toml, with every setting of what is installed as a comment."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from tokui.cli.loading import loaded
from tokui.cli.output import note, say
from tokui.config.reader import FILE
from tokui.config.secrets import fields, leaves
from tokui.connector import Settings
from tokui.errors import ConfigError, PluginError
from tokui.hub import Offer, installed
from tokui.hub.connectors import check_connector

HEAD = """\
# tokui.toml: what tokui reads, and where it keeps the ledger.
#
# A secret never stands here: write { env = "NAME" }, { file = "path" } or { keyring = "service/user" }.
# Paths are taken from this folder. `tokui config validate` checks this file, `tokui doctor` the rest,
# and `tokui config schema` gives an editor what it needs to complete it.

[store]
url = "sqlite:///tokui.sqlite3"    # or { env = "DATABASE_URL" } with postgresql+psycopg://…

# [identity]                       # when two records are one person
# merge = 1.4                      # score from which they are linked; lower links more
# review = 0.0                     # score from which `tokui identity review` asks
# alone = 0                        # 8 where no two customers are of one family
# relays = []                      # ends of addresses that are one source's own: "@fw.example.jp"
# blocked.phone = []               # the shop's own numbers, and others that say nothing: "03-1234-5678"
# check_digits = {}                # issuer of cards → luhn, mod10w3, mod11 or none: { my-card = "mod10w3" }
"""

CORE = """\
# priority = 100                   # the golden view prefers the lower number
# http = { rate_per_s = 2 }        # lean on the far side less
# identity = { duplicates = "review" }    # ask before two of its own customers become one
"""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
def init(folder: Path) -> None:
    """
    Write a first tokui.toml into FOLDER.

    Each installed connector has its table there, with all settings and what they mean. On a terminal
    it asks which of them to switch on; elsewhere it asks nothing. It never overwrites a file.
    """
    path = folder / FILE
    if path.exists():
        raise ConfigError("is there already; nothing was written", who=str(path))
    connectors = [offer for offer in installed() if offer.kind == "connector"]
    text = HEAD + "".join(f"\n{_table(offer)}" for offer in connectors)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        todo = "name a folder that may be written to"
        raise ConfigError(
            f"cannot be written ({error.strerror})", who=str(path), todo=todo
        ) from None
    say(f"{path} written. Next: edit it, then `tokui doctor`, then `tokui sync`.")
    if not connectors:
        note("No connector is installed yet; tokui-shopify and tokui-pos bring some.")


def _table(offer: Offer) -> str:
    """One connector's table: switched on with the answers, or as a comment."""
    try:
        settings = check_connector(loaded(offer)).Settings
    except PluginError as error:
        return f"# {offer.name} ({offer}): {error.what}\n"
    answers = _ask(offer, settings) if sys.stdin.isatty() and sys.stderr.isatty() else None
    off = "" if answers is not None else "# "
    name = (answers or {}).get("", offer.name)
    lines = [f"{off}[connections.{name}]", f'{off}use = "{offer.name}"']
    lines += _settings(offer.name, settings, answers)
    return "\n".join(lines) + "\n" + CORE


def _settings(
    prefix: str, settings: type[Settings], answers: dict[str, str] | None
) -> Iterator[str]:
    """Needed ones first; those with a default are comments."""
    known = fields(settings)
    for name, field in sorted(known.items(), key=lambda each: not each[1].is_required()):
        given = answers.get(name) if answers else None
        on = answers is not None and field.is_required()
        value = (
            _quoted(given)
            if given
            else _example(f"{prefix}_{name}".upper().replace("-", "_"), field)
        )
        line = f"{'' if on else '# '}{name} = {value}"
        yield f"{line:<34} # {field.description}" if field.description else line


def _ask(offer: Offer, settings: type[Settings]) -> dict[str, str] | None:
    """What the operator says; None switches the connector off. A secret is never asked for."""
    if not click.confirm(f"Connect {offer.name} ({offer})?", default=False, err=True):
        return None
    answers = {"": click.prompt("  Name of the connection", default=offer.name, err=True)}
    for name, field in fields(settings).items():
        if field.is_required() and not _is_secret(field):
            answers[name] = click.prompt(
                f"  {name} ({(field.description or '').rstrip('.')})", err=True
            )
    return answers


def _example(env: str, field: FieldInfo) -> str:
    if _is_secret(field):
        return f'{{ env = "{env}" }}'
    default = field.get_default(call_default_factory=True) if not field.is_required() else ""
    return _quoted(default)


def _is_secret(field: FieldInfo) -> bool:
    return any(leaf is SecretStr for leaf in leaves(field.annotation))


def _quoted(value: object) -> str:
    """A value as TOML writes it, which for these is JSON; what has no value is left to fill in."""
    if value is None or isinstance(value, BaseModel):
        return '""'
    if isinstance(value, dict):
        return "{}" if not value else json.dumps(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(_quoted(each) for each in value)}]"
    return json.dumps(value, ensure_ascii=False)
