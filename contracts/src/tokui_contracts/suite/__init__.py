"""The pytest kit that every connector must pass."""

from tokui_contracts.faults import Fault, FaultProxy
from tokui_contracts.suite.contract import (
    ChannelContract,
    LedgerContract,
    ReceiverContract,
    SourceContract,
    checks,
)
from tokui_contracts.suite.post import ChannelSandbox, HttpChannelSandbox, PostRig
from tokui_contracts.suite.purse import HttpLedgerSandbox, LedgerSandbox, PurseRig
from tokui_contracts.suite.receiving import NewsRig, ReceiverSandbox
from tokui_contracts.suite.rig import Rig
from tokui_contracts.suite.sandbox import HttpSandbox, Sandbox

__all__ = [
    "ChannelContract",
    "ChannelSandbox",
    "Fault",
    "FaultProxy",
    "HttpChannelSandbox",
    "HttpLedgerSandbox",
    "HttpSandbox",
    "LedgerContract",
    "LedgerSandbox",
    "NewsRig",
    "PostRig",
    "PurseRig",
    "ReceiverContract",
    "ReceiverSandbox",
    "Rig",
    "Sandbox",
    "SourceContract",
    "checks",
]
