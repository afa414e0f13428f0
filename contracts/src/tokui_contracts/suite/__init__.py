"""The pytest kit that every connector must pass."""

from tokui_contracts.faults import Fault, FaultProxy
from tokui_contracts.suite.contract import (
    ChannelContract,
    ReceiverContract,
    SourceContract,
    checks,
)
from tokui_contracts.suite.post import ChannelSandbox, HttpChannelSandbox, PostRig
from tokui_contracts.suite.receiving import NewsRig, ReceiverSandbox
from tokui_contracts.suite.rig import Rig
from tokui_contracts.suite.sandbox import HttpSandbox, Sandbox

__all__ = [
    "ChannelContract",
    "ChannelSandbox",
    "Fault",
    "FaultProxy",
    "HttpChannelSandbox",
    "HttpSandbox",
    "NewsRig",
    "PostRig",
    "ReceiverContract",
    "ReceiverSandbox",
    "Rig",
    "Sandbox",
    "SourceContract",
    "checks",
]
