"""What one stream's identifiers are worth, and who judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tokui.connector import IdentifierRule
from tokui.identity.match import Judge, judge
from tokui.identity.normalise import issuer_of, normalise
from tokui.model import Customer

_DEFAULT_STRENGTH = {"email": "strong", "phone": "shareable"}


@dataclass(frozen=True, slots=True)
class Rules:
    """
    How one connection's customers are linked.

    Attributes:
        connection: Its name.
        identifiers: The stream's rules, by kind of identifier.
        judge: Decides on pairs.
        link: False stores customers without identifiers, each in a profile of its own.
    """

    connection: str
    identifiers: Mapping[str, IdentifierRule] = field(default_factory=dict)
    judge: Judge = judge
    link: bool = True

    def tokens(self, customer: Customer) -> dict[str, str]:
        """The customer's identifiers: token (`kind:issuer:key`) → strength."""
        found = {}
        for each in customer.identifiers if self.link else ():
            key = normalise(each.kind, each.value)
            if key is None:
                continue
            rule = self.identifiers.get(each.kind)
            issuer = issuer_of(
                each.kind, rule.issuer if rule else None, each.issuer, self.connection, key
            )
            strength = rule.strength if rule else _DEFAULT_STRENGTH.get(each.kind, "strong")
            if each.verified and strength == "shareable":
                strength = "strong"
            found[f"{each.kind}:{issuer}:{key}"] = strength
        return found


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
