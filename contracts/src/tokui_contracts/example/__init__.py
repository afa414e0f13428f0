"""Small connectors that keep the contracts, and their sandboxes: copy them to begin your own."""

from tokui_contracts.example.branch import Branch
from tokui_contracts.example.passbook import Passbook
from tokui_contracts.example.post_office import PostNews, PostOffice
from tokui_contracts.example.postcards import Postcards
from tokui_contracts.example.sandbox import StampSandbox
from tokui_contracts.example.stamp import Stamp, StampSettings

__all__ = [
    "Branch",
    "Passbook",
    "PostNews",
    "PostOffice",
    "Postcards",
    "Stamp",
    "StampSandbox",
    "StampSettings",
]
