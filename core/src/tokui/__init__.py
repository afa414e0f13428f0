"""tokui: one ledger of a shop's regulars, out of the systems the shop already has."""

__version__ = "0.1.0"
