"""Composes what is installed with what is configured."""

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Generic, ParamSpec, TypeVar

from pluggy import HookImpl

from tokui.config import Config, Connection
from tokui.config.places import Path as Keys
from tokui.config.problem import meant
from tokui.connector import Connector, Context, Settings
from tokui.errors import ConfigError, PluginError
from tokui.hub.connectors import check_connector
from tokui.hub.hooked import Hooked, Implementation, inspect_plugin
from tokui.hub.offers import Failure, Kind, Offer, cause, clashes, installed

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ready:
    """
    A connection that can be made.

    Attributes:
        name: As in `[connections.NAME]`.
        connector: Its class.
        settings: The connector's own.
        core: What the core reads of its table.
        offer: Where the connector comes from.
    """

    name: str
    connector: type[Connector[Settings]]
    settings: Settings
    core: Connection
    offer: Offer


@dataclass(frozen=True, slots=True)
class Answers(Generic[R]):
    """
    What a hook's implementations said.

    Attributes:
        given: Plugin and answer, in file order; None is no answer.
        failures: Those that did not answer.
    """

    given: tuple[tuple[str, R], ...]
    failures: tuple[Failure, ...]

    @property
    def values(self) -> tuple[R, ...]:
        """The answers alone."""
        return tuple(answer for _, answer in self.given)


class Hub:
    """
    Every connection and plugin that works, and why the others do not.

    Attributes:
        config: As it was read.
        connections: Those that can be made, in the order of the file.
        failures: What was left out at load.
    """

    def __init__(self, config: Config, offers: Sequence[Offer]) -> None:
        self.connections: dict[str, Ready] = {}
        self.failures: list[Failure] = []
        self.config = config
        self._offers = offers
        self._clashes = clashes(offers)
        self._hooked: list[Hooked] = []
        self._settings: dict[Keys, Settings] = {}

    @classmethod
    def load(
        cls,
        config: Config,
        *,
        connections: Collection[str] | None = None,
        entries: Iterable[EntryPoint] | None = None,
    ) -> "Hub":
        """
        Import what the configuration uses, one by one, and read its settings.

        Args:
            config: As read, not yet checked.
            connections: Only these; None means all.
            entries: Entry points to choose from; None means all that is installed.

        Raises:
            ConfigProblems: Every mistake of the file. What a plugin does wrong is in `failures`.
        """
        hub = cls(config, installed(entries))
        for name, core in config.connections.items():
            if connections is None or name in connections:
                hub._add_connection(name, core)
        for name in config.plugins:
            hub._add_plugin(name)
        config.check()
        return hub

    def plugins(self) -> Sequence[Offer]:
        """All that is installed, by kind and name, used or not."""
        return self._offers

    @property
    def settings(self) -> Mapping[Keys, Settings]:
        """The settings of connectors and plugins in use, by the keys of their tables."""
        return self._settings

    def connector(
        self, name: str, lend: Callable[[str, Connection], Context]
    ) -> Connector[Settings]:
        """
        Make a connection; `lend` gives it what it may use.

        Raises:
            ConfigError: There is no such connection.
            PluginError: Its connector was left out at load, or its `__init__` raised.
        """
        ready = self._ready(name)
        ctx = lend(name, ready.core)
        try:
            return ready.connector(name, ready.settings, ctx)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            what = f"{ready.core.use} ({ready.offer}) cannot be constructed: {cause(error)}"
        raise PluginError(what, who=name)

    def ask(self, hook: Callable[P, R | None], /, *args: P.args, **kwargs: P.kwargs) -> Answers[R]:
        """Ask every implementation of a hook, one by one, in the order of the file."""
        given: list[tuple[str, R]] = []
        failures: list[Failure] = []
        for implementation in self.implementations(hook):
            try:
                answer = implementation(*args, **kwargs)
            except PluginError as error:
                failures.append(implementation.failure(error))
            else:
                if answer is not None:
                    given.append((implementation.plugin, answer))
        return Answers(tuple(given), tuple(failures))

    def implementations(self, hook: Callable[P, R]) -> Sequence[Implementation[P, R]]:
        """Who implements a hook, in the order of the file; each can be called alone."""
        return [
            Implementation(hooked.name, hook, hooked)
            for hooked in self._hooked
            if hook.__name__ in hooked.implementations
        ]

    def _add_connection(self, name: str, core: Connection) -> None:
        offer = self._offer("connector", core.use, ("connections", name, "use"), connection=name)
        if offer is None:
            return
        try:
            connector = check_connector(_imported(offer))
        except PluginError as error:
            self.failures.append(Failure(core.use, str(offer), error.what, connection=name))
            return
        settings = self.config.of_connection(name, connector.Settings)
        if settings is not None:
            self._settings["connections", name] = settings
            self.connections[name] = Ready(name, connector, settings, core, offer)

    def _add_plugin(self, name: str) -> None:
        offer = self._offer("hooks", name, ("plugins", name))
        if offer is None:
            return
        try:
            plugin = self._construct(name, _imported(offer))
            if plugin is not None:
                self._hooked.append(Hooked(name, offer, _inspected(plugin)))
        except PluginError as error:
            self.failures.append(Failure(name, str(offer), error.what))

    def _construct(self, name: str, offered: object) -> object | None:
        """The plugin itself; None when its settings are wrong."""
        model = getattr(offered, "Settings", None) if inspect.isclass(offered) else None
        settings = self.config.of_plugin(name, model or Settings)
        if settings is None:
            return None
        self._settings["plugins", name] = settings
        if not isinstance(offered, type):
            return offered
        make: Callable[..., object] = offered
        try:
            return make(settings) if model else make()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise PluginError(f"cannot be constructed: {cause(error)}") from None

    def _offer(
        self, kind: Kind, name: str, keys: Keys, connection: str | None = None
    ) -> Offer | None:
        """The one offer of a name; what stands against it is noted where it belongs."""
        found = [offer for offer in self._offers if (offer.kind, offer.name) == (kind, name)]
        if len(found) == 1:
            return found[0]
        if found:
            both = self._clashes[kind, name]
            why = "several distributions offer it, so none is used; uninstall all but one"
            self.failures.append(Failure(name, both, why, connection))
        else:
            known = {offer.name for offer in self._offers if offer.kind == kind}
            what = "connector" if kind == "connector" else "hooks plugin"
            self.config.problem(keys, f"no {what} `{name}` is installed{meant(name, known)}")
        return None

    def _ready(self, name: str) -> Ready:
        if name in self.connections:
            return self.connections[name]
        for failure in self.failures:
            if failure.connection == name:
                raise PluginError(str(failure), who=name)
        known = self.config.connections
        raise ConfigError(f"there is no connection `{name}`{meant(name, known)}")


def _imported(offer: Offer) -> object:
    try:
        return offer.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise PluginError(f"cannot be imported: {cause(error, quote=True)}") from None


def _inspected(plugin: object) -> Mapping[str, HookImpl]:
    try:
        return inspect_plugin(plugin)
    except (PluginError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise PluginError(f"cannot be read: {cause(error)}") from None
