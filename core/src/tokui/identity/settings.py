"""What tokui.toml and the connectors say of matching, as matching takes it."""

from collections.abc import Iterator
from dataclasses import replace

from tokui.config import Config
from tokui.connector import IdentifierRule, Stream
from tokui.identity.normalise import normalise
from tokui.identity.rules import Blocked, Rules
from tokui.identity.weigh import Policy

THOUSANDTHS = 1000


def policy(config: Config) -> Policy:
    """How much evidence is enough."""
    said = config.identity
    return Policy(
        merge=round(said.merge * THOUSANDTHS),
        review=round(said.review * THOUSANDTHS),
        alone=round(said.alone * THOUSANDTHS),
        duplicates={name: each.identity.duplicates for name, each in config.connections.items()},
        max_records=said.max_records,
        max_readings=said.max_readings,
    )


def rules(config: Config, name: str, stream: Stream | None = None) -> Rules:
    """
    How the customers of a connection's stream are seen.

    Args:
        config: What is blocked, and what the operator says of the connection.
        name: The connection.
        stream: What the connector says of its identifiers.

    Raises:
        ConfigProblems: A blocked value cannot be one of its kind.
    """
    said = config.connections[name].identity
    return Rules(
        connection=name,
        identifiers={rule.kind: rule for rule in _identifiers(config, name, stream)},
        link=said.link,
        blocked=blocked(config),
        relays=tuple(each.removeprefix("@") for each in config.identity.relays),
        checks=config.identity.check_digits,
    )


def blocked(config: Config) -> Blocked:
    """
    The values that say nothing of who somebody is, as match keys.

    Raises:
        ConfigProblems: A value cannot be one of its kind, so that it would block nothing.
    """
    said = config.identity.blocked
    found = {kind: frozenset(_keys(config, kind)) for kind in said.values}
    config.check()
    return Blocked(found, said.patterns)


def _keys(config: Config, kind: str) -> Iterator[str]:
    for number, value in enumerate(config.identity.blocked.values[kind]):
        key = normalise(kind, value)
        if key is None:
            where = ("identity", "blocked", kind, number)
            config.problem(where, f"this is no {kind} that tokui would take, so it blocks nothing")
        else:
            yield key


def _identifiers(config: Config, name: str, stream: Stream | None) -> Iterator[IdentifierRule]:
    """What the connector says, with the operator's word in its place."""
    said = config.connections[name].identity.identifiers
    stated = {rule.kind: rule for rule in (stream.identifiers if stream else ())}
    for kind in {**stated, **said}:
        rule = stated.get(kind) or IdentifierRule(kind, said[kind])
        yield replace(rule, strength=said.get(kind, rule.strength))
