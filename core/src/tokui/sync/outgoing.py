"""From what is configured and installed to what sends: channels, plans of an outbox run, who has a say."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import cast

from tokui.connector import Channel, Stop
from tokui.errors import PluginError
from tokui.hooks import tokui_allow
from tokui.hub import Hub
from tokui.outreach.allow import denied
from tokui.outreach.heard import asking
from tokui.outreach.plan import ChannelConnector, Plan
from tokui.outreach.reach import Channels
from tokui.outreach.say import Say
from tokui.store.engine import Store
from tokui.sync.compose import connector, trust
from tokui.sync.progress import Silent
from tokui.sync.stop import RunStop


def channels(hub: Hub) -> tuple[Channels, Mapping[str, PluginError]]:
    """The connections that can send, in the order of the file; and those that should, but cannot be made."""
    made: dict[str, Channel] = {}
    failed: dict[str, PluginError] = {}
    for name in senders(hub):
        try:
            made[name] = _channel(hub, name, RunStop(name, Silent()))
        except PluginError as error:
            failed[name] = error
    return made, failed


def senders(hub: Hub) -> list[str]:
    """Names of the connections whose connector can send."""
    return [name for name, each in hub.connections.items() if issubclass(each.connector, Channel)]


def plans(hub: Hub, names: Collection[str] | None = None) -> list[Plan]:
    """What an outbox run takes: these connections, or all that can send."""
    return [
        Plan(name, partial(_channel, hub, name), hub.connections[name].core.http.rate_per_s)
        for name in senders(hub)
        if names is None or name in names
    ]


def say(hub: Hub, store: Store, found: Channels) -> Say:
    """
    Who has a say in what goes out: the core's own rules, and every plugin that has an opinion.

    A plugin that could not be loaded has one as well, though nobody knows it: what waits is held.
    """
    rules = hub.config.outreach
    absent = any(each.connection is None for each in hub.failures)
    opinion = absent or bool(hub.implementations(tokui_allow))
    ask = asking(hub, store, trust(hub.config, hub), found) if opinion else None
    return Say(lambda tx, messages, now: denied(tx, rules, messages, now), ask)


def _channel(hub: Hub, name: str, stop: Stop) -> ChannelConnector:
    return cast("ChannelConnector", connector(hub, name, stop))
