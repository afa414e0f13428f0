"""Asking everything whether it is set up well, each within its time."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from pydantic import JsonValue
from rich.table import Table
from rich.text import Text

from tokui.cli.idle import idle
from tokui.cli.output import plain, state, table
from tokui.config import Config
from tokui.connector import Channel, Checkable, Connector, Finding, Settings
from tokui.errors import Stopped, StoreError, TokuiError
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
    yield from _mute(config, hub)
    yield from (Checked("identity", each) for each in idle(config, hub))
    yield from connections(hub, list(hub.connections), timeout_s)
    yield from plugins(hub, timeout_s)


def connections(hub: Hub, names: Sequence[str], timeout_s: float) -> Iterator[Checked]:
    """What connections say of themselves."""
    asked = {name: _Asked(name, partial(_of_connection, hub, name, timeout_s)) for name in names}
    yield from _answers(asked, timeout_s, "check the network, or give more --timeout")


def plugins(hub: Hub, timeout_s: float) -> Iterator[Checked]:
    """What the hooks plugins say of themselves."""
    asked = {
        each.plugin: _Asked(each.plugin, partial(_of_plugin, each))
        for each in hub.implementations(tokui_checks)
    }
    yield from _answers(asked, timeout_s, "report it to the plugin's author")


def listed(found: Sequence[Checked]) -> Table:
    """One line for each finding."""
    rows = table("", "", "")
    rows.show_header = False
    for who, finding in found:
        todo = f"\n→ {plain(_sentence(finding.todo))}" if finding.todo else ""
        rows.add_row(Text(who, "bold"), state(finding.level), plain(finding.what) + todo)
    return rows


def _sentence(todo: str) -> str:
    return f"{todo[0].upper()}{todo[1:].rstrip('.')}."


def as_data(found: Sequence[Checked]) -> JsonValue:
    """For `--json`."""
    return [
        {"who": who, "level": each.level, "what": each.what, "todo": each.todo}
        for who, each in found
    ]


class _Asked(threading.Thread):
    """One check, in a thread of its own, as it may hang."""

    def __init__(self, who: str, ask: Callable[[], Iterator[Finding]]) -> None:
        super().__init__(name=f"check-{who}", daemon=True)
        self.ask = ask
        self.found: Sequence[Finding] = ()

    def run(self) -> None:
        self.found = tuple(_guarded(self.ask))


def _answers(asked: Mapping[str, _Asked], timeout_s: float, todo: str) -> Iterator[Checked]:
    """Ask all side by side; one that has no answer when the time ends is left behind."""
    for each in asked.values():
        each.start()
    ends = time.monotonic() + timeout_s
    for who, each in asked.items():
        each.join(max(ends - time.monotonic(), 0))
        late = Finding("problem", f"no answer within {timeout_s:g} s", todo)
        yield from (Checked(who, one) for one in ((late,) if each.is_alive() else each.found))


def _of_connection(hub: Hub, name: str, timeout_s: float) -> Iterator[Finding]:
    made = connector(hub, name, RunStop(name, Silent(), time.monotonic() + timeout_s))
    try:
        if isinstance(made, Checkable):
            yield from made.check()
            yield from _clock(made)
        else:
            yield Finding("ok", "can be made; it has no checks of its own")
    finally:
        made.ctx.http.close()


def _of_plugin(ask: Callable[[], Sequence[Finding] | None]) -> Iterator[Finding]:
    yield from ask() or ()


def _guarded(ask: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from ask()
    except Stopped as error:
        yield Finding("problem", error.what, "check the network, or give more --timeout")
    except TokuiError as error:
        yield Finding("problem", error.what, error.todo)
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


def _mute(config: Config, hub: Hub) -> Iterator[Checked]:
    """Connections that people are to be written to by, and that cannot send."""
    wanted = dict.fromkeys((*config.outreach.channels, *config.outreach.preferred.values()))
    for name in wanted:
        ready = hub.connections.get(name)
        if ready and not issubclass(ready.connector, Channel):
            todo = "take it out of `channels` and `preferred` there"
            yield Checked("outreach", Finding("problem", f"{name} cannot send", todo))


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
        newer = version > schema.HEAD
        return Finding("problem", what, "upgrade tokui" if newer else "run `tokui db upgrade`")
    return Finding("ok", f"{kind}: tables of version {version}")
