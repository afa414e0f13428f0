"""Who follows the account."""

from collections.abc import Mapping
from typing import Any

from tokui.connector import IdentifierRule
from tokui.model import Customer, Identifier, PersonName

KIND = "line_user_id"


def rule(issuer: str) -> IdentifierRule:
    """A user id is one person's at this provider, for ever."""
    return IdentifierRule(KIND, "unique", issuer=issuer)


def whose(user: str, issuer: str, *linked: Identifier) -> Customer:
    """A person of whom only the id is said, and what they linked; the rest stays as it was known."""
    return Customer(
        external_id=user,
        identifiers=(_own(user, issuer), *linked),
        withheld=("identifiers", "name", "language"),
    )


def follower(profile: Mapping[str, Any], issuer: str) -> Customer:
    """A profile. LINE does not show which accounts the person linked, and so takes none away."""
    user, name, language = profile["userId"], profile.get("displayName"), profile.get("language")
    hidden = {"name": name is None, "language": language is None}
    return Customer(
        external_id=user,
        name=None if name is None else PersonName(display=name),
        identifiers=(_own(user, issuer),),
        language=language,
        withheld=("identifiers", *(field for field, is_hidden in hidden.items() if is_hidden)),
    )


def _own(user: str, issuer: str) -> Identifier:
    return Identifier(kind=KIND, value=user, issuer=issuer, verified=True)
