"""LINE, as far as a test needs it: one official account's Messaging API on loopback."""

from tokui_contracts.line.account import SECRET, TOKEN, Received
from tokui_contracts.line.faults import FAULTS, Fault
from tokui_contracts.line.sandbox import LineSandbox
from tokui_contracts.line.town import followers

__all__ = ["FAULTS", "SECRET", "TOKEN", "Fault", "LineSandbox", "Received", "followers"]
