"""What one stream's identifiers are worth, and whose word counts in the golden view."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from tokui.connector import IdentifierRule
from tokui.connector.source import CheckDigit
from tokui.identity.features import NONE, Features
from tokui.identity.normalise import issuer_of, normalise
from tokui.identity.normalise.numbers import is_placeholder, valid
from tokui.identity.numbers import STRENGTHS
from tokui.model import Customer

_CONTACTS = ("email", "phone")
_STATED = itemgetter("kind", "value", "issuer", "verified")


@dataclass(frozen=True, slots=True)
class Blocked:
    """
    Values that say nothing of who somebody is.

    Attributes:
        values: Kind of identifier → match keys, such as the shop's own phone numbers.
        patterns: Kind of identifier → regular expressions that a whole match key fits.
    """

    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    patterns: Mapping[str, tuple[re.Pattern[str], ...]] = field(default_factory=dict)

    def __contains__(self, identifier: tuple[str, str]) -> bool:
        kind, key = identifier
        if is_placeholder(kind, key) or (self.values and key in self.values.get(kind, ())):
            return True
        patterns = self.patterns.get(kind) if self.patterns else None
        return bool(patterns) and any(pattern.fullmatch(key) for pattern in patterns or ())


@dataclass(frozen=True, slots=True)
class Rules:
    """
    How one connection's customers are seen by matching.

    Attributes:
        connection: Its name.
        identifiers: The stream's rules, by kind of identifier, as tokui.toml has them.
        link: False stores customers without identifiers, each in a profile of its own.
        blocked: Values to leave out.
        relays: Domains of e-mail addresses that name a person to one source only,
            beside those that are known.
        checks: Issuer → scheme of its numbers' check digit, in the place of what the stream says.
    """

    connection: str
    identifiers: Mapping[str, IdentifierRule] = field(default_factory=dict)
    link: bool = True
    blocked: Blocked = Blocked()
    relays: tuple[str, ...] = ()
    checks: Mapping[str, CheckDigit] = field(default_factory=dict)

    def features(self, customer: Customer) -> Features:
        """What matching compares of the customer."""
        return Features.of(customer, self.numbers(customer)) if self.link else NONE

    def numbers(self, customer: Customer) -> dict[str, dict[str, str]]:
        """The customer's identifiers: `kind:issuer` → match key → strength."""
        found: dict[str, dict[str, str]] = {}
        for each in customer.identifiers:
            kind, value, own, verified = _STATED(vars(each))
            rule = self.identifiers.get(kind)
            if rule and rule.strength == "blocked":
                continue
            key = normalise(kind, value)
            if key is None or (kind, key) in self.blocked:
                continue
            stated, check = (rule.issuer, rule.check) if rule else (None, None)
            issuer = issuer_of(kind, stated, own, self.connection, key, relays=self.relays)
            strength = _strength(kind, verified, key, rule, self.checks.get(issuer, check))
            series = found.setdefault(f"{kind}:{issuer}", {})
            before = series.get(key, strength)
            series[key] = strength if strength == before else max(strength, before, key=_worth)
        return found


_worth = STRENGTHS.index


def _strength(
    kind: str, verified: bool, key: str, rule: IdentifierRule | None, check: CheckDigit | None
) -> str:
    if check is not None and (check == "none" or not valid(check, key)):
        return "shareable"
    if rule and rule.strength == "unique":
        return "unique"
    if verified and rule and rule.single:
        return "sole"
    if kind in _CONTACTS:
        return "strong" if verified or (rule and rule.strength == "strong") else "shareable"
    return rule.strength if rule else "strong"


@dataclass(frozen=True, slots=True)
class Trust:
    """
    Whose word counts in the golden view.

    Attributes:
        priorities: Connection → priority; the lower number wins. 100 where it is not named.
        issuers: (connection, kind of identifier) → issuer, as the streams' rules say.
    """

    priorities: Mapping[str, int] = field(default_factory=dict)
    issuers: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
