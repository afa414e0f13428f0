"""From what is configured and installed to what a run takes."""

import logging
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import cast

from tokui.config import Config, Connection
from tokui.config.problem import meant
from tokui.connector import Connector, Context, Destination, Settings, Source, Stop, Stream
from tokui.errors import ConfigError, PluginError, TokuiError
from tokui.hooks import Known, Vote, tokui_changed, tokui_match
from tokui.http import Http
from tokui.hub import Hub
from tokui.identity.match import Judgement
from tokui.identity.person import Person
from tokui.identity.rules import Rules, Trust
from tokui.identity.settings import blocked, policy, rules
from tokui.identity.weigh import Policy, Votes, voted
from tokui.model import Customer
from tokui.store.engine import Store
from tokui.store.notes import HERE
from tokui.store.profiles import customers_of
from tokui.sync.batch import SourceConnector
from tokui.sync.commit import AskMatch
from tokui.sync.follow import Hear
from tokui.sync.progress import Silent
from tokui.sync.report import ConnectionReport
from tokui.sync.stop import RunStop
from tokui.sync.worker import Company, Plan


@dataclass(frozen=True, slots=True)
class Composition:
    """
    What a run takes.

    Attributes:
        plans: The connections to read.
        company: Whom the run asks and tells.
        left_out: Connections whose connector could not be loaded, as failed ones.
        not_sources: Connections that cannot be read.
        hooks: What failed to load among the hooks plugins, by plugin.
    """

    plans: Sequence[Plan]
    company: Company
    left_out: Sequence[ConnectionReport]
    not_sources: Sequence[str]
    hooks: Mapping[str, str]


def names(config: Config, wanted: Iterable[str]) -> dict[str, tuple[str, ...] | None]:
    """
    Read `CONNECTION[.STREAM]` words: connection → its streams, None for all of them.

    Raises:
        ConfigError: There is no such connection.
    """
    found: dict[str, tuple[str, ...] | None] = {}
    for word in wanted:
        name, _, stream = word.partition(".")
        if name not in config.connections:
            raise ConfigError(
                f"there is no connection `{name}`{meant(name, config.connections)}",
                who=str(config.path),
            )
        before = found.get(name, ())
        found[name] = (*before, stream) if stream and before is not None else None
    return found


def compose(config: Config, hub: Hub, wanted: Sequence[str] = ()) -> Composition:
    """
    Plan a run of the connections named, or of all.

    Raises:
        ConfigError: A connection or a stream that is asked for does not exist, or a blocked value
            is none.
    """
    if HERE in config.connections:
        raise ConfigError(
            f"the name `{HERE}` is taken by what is written here",
            who=str(config.path),
            todo=f"rename [connections.{HERE}]",
        )
    blocked(config)  # a mistake there is said before anything is read
    asked = names(config, wanted) or dict.fromkeys(config.connections)
    ready = [hub.connections[name] for name in asked if name in hub.connections]
    sources = [each.name for each in ready if issubclass(each.connector, Source)]
    failed = [
        _failed(failure.connection, str(failure))
        for failure in hub.failures
        if failure.connection in asked
    ]
    return Composition(
        plans=[_plan(config, hub, name, asked[name]) for name in sources],
        company=Company(trust(config, hub), _ask_match(hub), _followers(hub), policy(config)),
        left_out=failed,
        not_sources=[each.name for each in ready if each.name not in sources],
        hooks={each.plugin: each.cause for each in hub.failures if each.connection is None},
    )


def connector(hub: Hub, name: str, stop: Stop) -> Connector[Settings]:
    """
    Make a connection with a real network, clock and randomness.

    Raises:
        ConfigError: There is no such connection.
        PluginError: It cannot be made.
    """

    def lend(name: str, core: Connection) -> Context:
        rng = random.Random()
        http = Http(name, core.http, stop=stop, now=_now, rng=rng)
        log = logging.getLogger(f"tokui.connection.{name}")
        sender = hub.config.sender.by_language
        return Context(http=http, now=_now, rng=rng, log=log, stop=stop, sender=sender)

    return hub.connector(name, lend)


def source(hub: Hub, name: str, stop: Stop) -> SourceConnector:
    """
    Make a connection that can be read.

    Raises:
        PluginError: It cannot be made, or not be read.
    """
    made = connector(hub, name, stop)
    if not isinstance(made, Source):
        raise PluginError("its connector cannot be read", who=name)
    return cast("SourceConnector", made)


def trust(config: Config, hub: Hub) -> Trust:
    """Whose word counts in the golden view; a connection that cannot be made has no say in it."""
    issuers: dict[tuple[str, str], str | None] = {}
    for name, ready in hub.connections.items():
        if issubclass(ready.connector, Source):
            rules = (rule for stream in streams(hub, name) for rule in stream.identifiers)
            issuers |= {(name, rule.kind): rule.issuer for rule in rules}
    priorities = {name: core.priority for name, core in config.connections.items()}
    return Trust(priorities, issuers)


def rules_by_connection(config: Config, hub: Hub) -> Mapping[str, Rules]:
    """
    How the stored customers of each connection are seen: by what all its streams say.

    One that cannot say which it has is left out, so that its customers stay as they are.
    """
    found = {}
    for name in hub.connections:
        brings = of_customers(hub, name)
        if not brings:
            continue
        said = {rule.kind: rule for stream in reversed(brings) for rule in stream.identifiers}
        whole = Stream("customers", (Customer,), identifiers=tuple(said.values()))
        found[name] = rules(config, name, whole)
    return found


def of_customers(hub: Hub, name: str) -> Sequence[Stream]:
    """The connection's streams that bring customers; none where it cannot be made."""
    known = streams(hub, name) if name in hub.connections else ()
    return [each for each in known if Customer in each.kinds]


def votes(hub: Hub, store: Store, enough: Policy) -> Votes | None:
    """What the hooks say of pairs that may be one person; None when no plugin has an opinion."""
    ask = _ask_match(hub)
    if ask is None:
        return None

    def heard(one: Person, other: Person, judgement: Judgement) -> Judgement:
        if judgement.score < enough.review:
            return judgement
        with store.read() as tx:
            records = customers_of(tx, {one.id, other.id})
        left, right = (Known(each.connection, records[each.id]) for each in (one, other))
        return voted(judgement, {vote.verdict for vote in ask(left, right)}, enough)

    return heard


def _plan(config: Config, hub: Hub, name: str, asked: Sequence[str] | None) -> Plan:
    core = hub.connections[name].core
    wanted = core.streams if asked is None else asked
    if wanted is not None:
        _check_streams(hub, name, wanted)
    takes_back = issubclass(hub.connections[name].connector, Destination)
    seen = partial(rules, config, name)
    return Plan(name, lambda stop: source(hub, name, stop), wanted, seen, takes_back)


def _check_streams(hub: Hub, name: str, wanted: Sequence[str]) -> None:
    """A stream that does not exist is a mistake of the operator's, said before anything is read."""
    try:
        known = {stream.name for stream in _idle(hub, name).streams()}
    except PluginError:
        return  # the run reports it, and goes on with the others
    for stream in (each for each in wanted if each not in known):
        raise ConfigError(f"there is no stream `{stream}`{meant(stream, known)}", who=name)


def streams(hub: Hub, name: str) -> Sequence[Stream]:
    """What it offers; nothing, if it cannot even say so: the run and the doctor tell why."""
    try:
        return _idle(hub, name).streams()
    except Exception:
        return ()


def _idle(hub: Hub, name: str) -> SourceConnector:
    """A connector to ask what it offers, not to read with."""
    return source(hub, name, RunStop(name, Silent()))


def _ask_match(hub: Hub) -> AskMatch | None:
    if not hub.implementations(tokui_match):
        return None

    def ask(left: Known, right: Known) -> Sequence[Vote]:
        answers = hub.ask(tokui_match, left, right)
        failed = [Vote("ask", f"{each.plugin} did not answer") for each in answers.failures]
        return [*answers.values, *failed]

    return ask


def _followers(hub: Hub) -> dict[str, Hear]:
    from tokui.sync import earn  # imports the books, which a plan has no need of

    told: dict[str, Hear] = {each.plugin: each for each in hub.implementations(tokui_changed)}
    return {**told, **earn.followers(hub)}


def _failed(connection: str | None, what: str) -> ConnectionReport:
    name = str(connection)
    error: TokuiError = PluginError(what, who=name, todo="run `tokui doctor`")
    return ConnectionReport(name, "failed", errors={"*": error})


def _now() -> datetime:
    return datetime.now(UTC)
