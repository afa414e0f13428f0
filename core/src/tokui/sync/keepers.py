"""From what is configured and installed to who keeps points beside our books."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple, cast

from tokui.connector import Ledger, Mirror, Stop
from tokui.errors import ConfigError
from tokui.hooks import tokui_mirrors
from tokui.hub import Hub
from tokui.sync.compose import connector
from tokui.sync.mirror import LedgerConnector, MirrorPlan


def ledger(hub: Hub, name: str, stop: Stop) -> LedgerConnector:
    """
    Make a connection that keeps points.

    Raises:
        ConfigError: There is no such connection, or it keeps none.
        PluginError: It cannot be made.
    """
    made = connector(hub, name, stop)
    if not isinstance(made, Ledger):
        todo = "name a connection that does as the programme's `authority`"
        raise ConfigError("its connector keeps no points", who=name, todo=todo)
    return cast("LedgerConnector", made)


class Keepers(NamedTuple):
    """
    Who keeps points.

    Attributes:
        plans: Whom a run asks for balances.
        failures: Plugins that could not say which programmes there are, with the cause.
    """

    plans: Sequence[MirrorPlan]
    failures: Mapping[str, str]


def keepers(hub: Hub, names: Collection[str] = ()) -> Keepers:
    """These connections, or all that keep points for a programme."""
    answers = hub.ask(tokui_mirrors)
    found: dict[str, list[Mirror]] = defaultdict(list)
    for each in (mirror for answer in answers.values for mirror in answer or ()):
        found[each.connection].append(each)
    plans = [
        MirrorPlan(name, partial(ledger, hub, name), mirrors)
        for name, mirrors in found.items()
        if name in hub.connections and (not names or name in names)
    ]
    return Keepers(plans, {each.plugin: each.cause for each in answers.failures})
