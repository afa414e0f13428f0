"""Match keys: when two written values are one thing."""

from tokui.identity.normalise.contact import issuer_of, normalise
from tokui.identity.normalise.names import Names, Part, read, surname_share
from tokui.identity.normalise.place import Place, place

__all__ = ["Names", "Part", "Place", "issuer_of", "normalise", "place", "read", "surname_share"]
