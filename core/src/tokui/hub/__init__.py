"""
Composes plugins: finds them, loads those in use one by one, makes connections, asks hooks.

Listing what is installed imports no plugin, and no pydantic either; `Hub` is imported when used.
"""

from typing import TYPE_CHECKING

from tokui.hub.offers import Failure, Offer, installed

if TYPE_CHECKING:
    from tokui.hub.hooked import Implementation
    from tokui.hub.hub import Answers, Hub, Ready

__all__ = ["Answers", "Failure", "Hub", "Implementation", "Offer", "Ready", "installed"]


if not TYPE_CHECKING:  # a checker would take any name for granted

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module 'tokui.hub' has no attribute {name!r}")
        from tokui.hub import hooked, hub

        return getattr(hub if hasattr(hub, name) else hooked, name)
