"""Match keys: when two written values are one thing."""

from tokui.identity.normalise.birth import birth_date, is_placeholder_date
from tokui.identity.normalise.contact import (
    deliverable,
    email_parts,
    is_relay,
    issuer_of,
    normalise,
    phone_type,
)
from tokui.identity.normalise.names import Names, Part, read, surname_share
from tokui.identity.normalise.numbers import is_placeholder, valid
from tokui.identity.normalise.place import Place, place

__all__ = [
    "Names",
    "Part",
    "Place",
    "birth_date",
    "deliverable",
    "email_parts",
    "is_placeholder",
    "is_placeholder_date",
    "is_relay",
    "issuer_of",
    "normalise",
    "phone_type",
    "place",
    "read",
    "surname_share",
    "valid",
]
