"""Rules of identity in tokui.toml that fit nothing which a connection names: most likely a slip."""

from collections.abc import Iterator, Mapping

from tokui.config import Config
from tokui.config.problem import meant
from tokui.connector import Finding
from tokui.hub import Hub
from tokui.identity.normalise import issuer_of
from tokui.sync.compose import of_customers

CONTACTS = frozenset({"email", "phone"})
"""Blocked before any connection brings one."""

TODO = "correct it; if it is meant, the rule waits for such a value"


def idle(config: Config, hub: Hub) -> Iterator[Finding]:
    """A warning for each rule on a kind of identifier, or on an issuer, that no stream names."""
    named = {name: _named(hub, name) for name in hub.connections}
    for name, own in named.items():
        rules = config.connections[name].identity.identifiers if own else {}
        for kind in sorted(rules.keys() - own.keys()):
            at = f"[connections.{name}.identity] has a rule on `{kind}`"
            yield Finding("warning", f"{at}, which {name} does not name{meant(kind, own)}", TODO)
    if hub.failures:  # what is left out may name more
        return
    kinds = CONTACTS.union(*named.values())
    said = config.identity.blocked
    for kind in sorted({*said.values, *said.patterns} - kinds):
        what = f"[identity.blocked] has `{kind}`, which no connection names{meant(kind, kinds)}"
        yield Finding("warning", what, TODO)
    issuers = {issuer for own in named.values() for issuer in own.values()}
    for issuer in sorted(config.identity.check_digits.keys() - issuers):
        at = f"[identity.check_digits] has `{issuer}`"
        yield Finding("warning", f"{at}, which no connection names{meant(issuer, issuers)}", TODO)


def _named(hub: Hub, name: str) -> Mapping[str, str]:
    """Kind of identifier → who gives it out, as the streams of a connection say."""
    return {
        rule.kind: issuer_of(rule.kind, rule.issuer, None, name)
        for stream in of_customers(hub, name)
        for rule in stream.identifiers
    }
