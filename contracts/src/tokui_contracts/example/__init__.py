"""A small connector that keeps the contract, and its sandbox: copy them to begin your own."""

from tokui_contracts.example.sandbox import StampSandbox
from tokui_contracts.example.stamp import Stamp, StampSettings

__all__ = ["Stamp", "StampSandbox", "StampSettings"]
