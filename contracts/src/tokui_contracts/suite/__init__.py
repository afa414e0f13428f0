"""The pytest kit that every connector must pass."""

from tokui_contracts.faults import Fault, FaultProxy
from tokui_contracts.suite.contract import SourceContract, checks
from tokui_contracts.suite.rig import Rig
from tokui_contracts.suite.sandbox import HttpSandbox, Sandbox

__all__ = ["Fault", "FaultProxy", "HttpSandbox", "Rig", "Sandbox", "SourceContract", "checks"]
