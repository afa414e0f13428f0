"""A proxy on loopback that breaks answers on demand, in front of any HTTP sandbox."""

from tokui_contracts.faults.fault import Fault, at_random, lost, unknown
from tokui_contracts.faults.proxy import FaultProxy

__all__ = ["Fault", "FaultProxy", "at_random", "lost", "unknown"]
