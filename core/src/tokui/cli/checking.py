"""Asking everything whether it is set up well, each within its time."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from pydantic import JsonValue
from rich.table import Table
from rich.text import Text

from tokui.cli.output import plain, state, table
from tokui.config import Config
from tokui.connector import Checkable, Connector, Finding, Settings
from tokui.errors import StoreError, TokuiError
from tokui.hooks import tokui_checks
from tokui.hub import Failure, Hub
from tokui.hub.offers import cause
from tokui.store import schema
from tokui.store.engine import Store
from tokui.sync.compose import connector
from tokui.sync.progress import Silent
from tokui.sync.stop import RunStop

TOLERANCE = timedelta(seconds=60)
"""A clock that is off by more loses items at the edge of an incremental read."""


class Checked(NamedTuple):
    """A finding, and whom it is about."""

    who: str
    finding: Finding


def everything(config: Config, hub: Hub, timeout_s: float) -> Iterator[Checked]:
    """The configuration, the store, what was left out, every connection, every plugin."""
    yield Checked("config", Finding("ok", f"{config.path} has no mistakes"))
    yield Checked("store", _store(config))
    yield from (left_out(each) for each in hub.failures)
    yield from connections(hub, list(hub.connections), timeout_s)
    answers = hub.ask(tokui_checks)
    for plugin, findings in answers.given:
        yield from (Checked(plugin, each) for each in findings or ())
    for failure in answers.failures:
        yield left_out(failure)


def connections(hub: Hub, names: Sequence[str], timeout_s: float) -> Iterator[Checked]:
    """What connections say of themselves, asked side by side; one that hangs is left behind."""
    asked = [_Asked(hub, name, timeout_s) for name in names]
    for each in asked:
        each.start()
    ends = time.monotonic() + timeout_s
    for each in asked:
        each.join(max(ends - time.monotonic(), 0))
        late = Finding("problem", f"no answer within {timeout_s:g} s", "Check the network.")
        found = (late,) if each.is_alive() else each.found
        yield from (Checked(each.connection, finding) for finding in found)


def listed(found: Sequence[Checked]) -> Table:
    """One line for each finding."""
    rows = table("", "", "")
    rows.show_header = False
    for who, finding in found:
        todo = f"\n→ {plain(finding.todo)}" if finding.todo else ""
        rows.add_row(Text(who, "bold"), state(finding.level), plain(finding.what) + todo)
    return rows


def as_data(found: Sequence[Checked]) -> JsonValue:
    """For `--json`."""
    return [
        {"who": who, "level": each.level, "what": each.what, "todo": each.todo}
        for who, each in found
    ]


class _Asked(threading.Thread):
    """One connection's check, in a thread of its own, as it may hang."""

    def __init__(self, hub: Hub, connection: str, timeout_s: float) -> None:
        super().__init__(name=f"check-{connection}", daemon=True)
        self.hub = hub
        self.connection = connection
        self.found: Sequence[Finding] = ()
        self.stop = RunStop(connection, Silent(), time.monotonic() + timeout_s)

    def run(self) -> None:
        self.found = tuple(_guarded(self._ask))

    def _ask(self) -> Iterator[Finding]:
        made = connector(self.hub, self.connection, self.stop)
        try:
            if isinstance(made, Checkable):
                yield from made.check()
                yield from _clock(made)
            else:
                yield Finding("ok", "can be made; it has no checks of its own")
        finally:
            made.ctx.http.close()


def _guarded(ask: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from ask()
    except TokuiError as error:
        todo = error.todo and f"{error.todo[0].upper()}{error.todo[1:]}."
        yield Finding("problem", error.what, todo)
    except BaseException as error:  # a plugin's sys.exit() must not pass for an answer
        yield Finding("problem", f"the check failed ({cause(error)})", "Report it to its author.")


def _clock(made: Connector[Settings]) -> Iterator[Finding]:
    there = made.ctx.http.server_time()
    if there is None:
        return
    skew = there - made.ctx.now()
    if abs(skew) > TOLERANCE:
        seconds = abs(round(skew.total_seconds()))
        word = "behind" if skew > timedelta() else "ahead of"
        what = f"this machine's clock is {seconds} s {word} the far side's"
        yield Finding("warning", what, "Set the clock, or let NTP do it.")


def left_out(failure: Failure) -> Checked:
    """What the hub could not load, or a hook did not answer."""
    todo = "Update the plugin, or report it to its author."
    return Checked(failure.connection or failure.plugin, Finding("problem", str(failure), todo))


def _store(config: Config) -> Finding:
    try:
        store = Store.open(config.store_url)
        try:
            version = schema.current(store)
            kind = store.engine.dialect.name
        finally:
            store.close()
    except StoreError as error:
        return Finding("problem", error.what, error.todo)
    if version is None:
        return Finding("ok", f"{kind}: no tables yet; the first sync makes them")
    if version != schema.HEAD:
        what = f"{kind}: the tables are of version {version}, this program needs {schema.HEAD}"
        return Finding("problem", what, "Run `tokui db upgrade`, or upgrade tokui.")
    return Finding("ok", f"{kind}: tables of version {version}")
