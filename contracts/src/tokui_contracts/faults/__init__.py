"""A proxy on loopback that breaks answers on demand, in front of any HTTP sandbox."""

from tokui_contracts.faults.fault import Fault, at_random, lost, unknown
from tokui_contracts.faults.proxy import FaultProxy
from tokui_contracts.faults.weather import Weather

__all__ = ["Fault", "FaultProxy", "Weather", "at_random", "lost", "unknown"]
