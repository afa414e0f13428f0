"""`tokui identity rules`, `stats` and `check`: what is in force, and how things stand."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from pydantic import JsonValue
from rich.console import Group
from rich.table import Table

from tokui.cli.desk import Desk
from tokui.cli.exits import PROBLEMS
from tokui.cli.output import count, emit, json_option, note, or_none, table
from tokui.config.settings import BlockedSettings
from tokui.connector import Stream
from tokui.identity.check import check as checked
from tokui.identity.normalise import issuer_of
from tokui.identity.rules import Rules
from tokui.identity.settings import policy
from tokui.identity.settings import rules as rules_of
from tokui.identity.weigh import Policy
from tokui.store.figures import Figures, figures
from tokui.sync.compose import of_customers, rules_by_connection


@click.command()
@json_option
@click.pass_obj
def rules(path: Path | None, as_json: bool) -> None:
    """Show what each identifier is worth."""
    desk = Desk(path)
    hub = desk.hub_for_reading()
    found = [
        (stream, rules_of(desk.config, name, stream))
        for name in desk.config.connections
        for stream in of_customers(hub, name)
    ]
    enough, said = policy(desk.config), desk.config.identity
    blocked = _blocked(said.blocked)
    data: dict[str, JsonValue] = {
        "policy": _policy(enough),
        "relays": list(said.relays),
        "blocked": {**blocked},
        "streams": [_stream(stream, each, enough) for stream, each in found],
    }
    shown = _thresholds(enough)
    for kind, number in blocked.items():
        shown.add_row(f"blocked: {kind}", count(number, "rule"))
    for relay in said.relays:
        shown.add_row("names a person to one source only", f"…{relay}")
    emit("identity.rules", data, as_json, Group(shown, "", _listed(found, enough)))


@click.command()
@json_option
@click.pass_obj
def stats(path: Path | None, as_json: bool) -> None:
    """Count customers, profiles, shared values and open questions."""
    with Desk(path).store() as store, store.read() as tx:
        found = figures(tx)
    sizes: dict[str, JsonValue] = {str(size): many for size, many in found.sizes.items()}
    emit("identity.stats", {**asdict(found), "sizes": sizes}, as_json, _counted(found))


@click.command()
@json_option
@click.pass_obj
def check(path: Path | None, as_json: bool) -> int:
    """Compute everything again, and say what differs."""
    desk = Desk(path)
    rules = rules_by_connection(desk.config, desk.hub_for_reading())
    with desk.store() as store, store.read() as tx:
        problems = checked(tx, rules.get)
    rows = table("what", "how many", "such as", right=("how many",))
    for each in problems:
        rows.add_row(each.what, f"{each.count:,}", ", ".join(map(str, each.examples)))
    data: list[JsonValue] = [
        {"what": each.what, "count": each.count, "examples": list(each.examples)}
        for each in problems
    ]
    emit("identity.check", {"problems": data}, as_json, or_none(rows, "all agrees"))
    if problems:
        note(
            "`tokui identity rebuild` applies rules that were changed, and computes all of it anew"
        )
    return PROBLEMS if problems else 0


def _blocked(said: BlockedSettings) -> dict[str, int]:
    """Kind of identifier → values and patterns that block one."""
    lists = (said.values, said.patterns)
    return {
        kind: sum(len(each.get(kind, ())) for each in lists)
        for kind in sorted({*said.values, *said.patterns})
    }


def _identifiers(each: Rules) -> Iterator[dict[str, JsonValue]]:
    for kind, rule in each.identifiers.items():
        issuer = issuer_of(kind, rule.issuer, None, each.connection)
        yield {
            "kind": kind,
            "strength": rule.strength,
            "issuer": issuer,
            "check_digit": each.checks.get(issuer, rule.check),
            "single": rule.single,
        }


def _stream(stream: Stream, each: Rules, enough: Policy) -> JsonValue:
    return {
        "connection": each.connection,
        "stream": stream.name,
        "link": each.link,
        "duplicates": enough.duplicates.get(each.connection, "evidence"),
        "identifiers": list(_identifiers(each)),
    }


def _policy(enough: Policy) -> dict[str, JsonValue]:
    return {
        "merge": enough.merge / 1000,
        "review": enough.review / 1000,
        "alone": enough.alone / 1000,
        "max_records": enough.max_records,
        "max_readings": enough.max_readings,
    }


def _thresholds(enough: Policy) -> Table:
    rows = table("", "")
    rows.show_header = False
    rows.add_row("linked from", f"{enough.merge / 1000:g}")
    rows.add_row("people are asked from", f"{enough.review / 1000:g}")
    rows.add_row("for one person, not a family", f"{enough.alone / 1000:g}")
    rows.add_row("shared beyond", f"{enough.max_records} customers")
    rows.add_row("shared from", f"{enough.max_readings} given names")
    return rows


def _listed(found: list[tuple[Stream, Rules]], enough: Policy) -> Table:
    rows = table("stream", "duplicates", "identifier", "worth", "issuer", "check digit")
    for stream, each in found:
        head = f"{each.connection}.{stream.name}"
        own: str = enough.duplicates.get(each.connection, "evidence")
        own = own if each.link else "not linked"
        for one in _identifiers(each):
            worth = f"{one['strength']}, one at a time" if one["single"] else str(one["strength"])
            check = str(one["check_digit"] or "–")
            rows.add_row(head, own, str(one["kind"]), worth, str(one["issuer"]), check)
            head = own = ""
        if head:
            rows.add_row(head, own, "–", "", "", "")
    return rows


def _counted(found: Figures) -> Table:
    rows = table("", "")
    rows.show_header = False
    rows.columns[1].justify = "right"
    rows.add_row("customers", f"{found.customers:,}")
    rows.add_row("profiles", f"{found.profiles:,}")
    for size, many in found.sizes.items():
        rows.add_row(f"  of {size}", f"{many:,}")
    for title, parts in (
        ("shared identifiers", found.shared),
        ("open questions", found.questions),
        ("answers", found.answers),
    ):
        rows.add_row(title, f"{sum(parts.values()):,}")
        for word, number in parts.items():
            rows.add_row(f"  {word}", f"{number:,}")
    rows.add_row("waiting for `tokui identity run`", f"{found.dirty:,}")
    return rows
