"""The tests every tokui plugin must pass, a demo town, and vendor sandboxes."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokui_contracts.suite import (
        ChannelContract,
        ChannelSandbox,
        HttpChannelSandbox,
        HttpLedgerSandbox,
        HttpSandbox,
        LedgerContract,
        LedgerSandbox,
        ReceiverContract,
        ReceiverSandbox,
        Sandbox,
        SourceContract,
    )

__all__ = [
    "ChannelContract",
    "ChannelSandbox",
    "HttpChannelSandbox",
    "HttpLedgerSandbox",
    "HttpSandbox",
    "LedgerContract",
    "LedgerSandbox",
    "ReceiverContract",
    "ReceiverSandbox",
    "Sandbox",
    "SourceContract",
]


def __getattr__(name: str) -> object:
    """Load the kit when it is asked for: the town and the servers need no pytest."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tokui_contracts import suite

    return getattr(suite, name)
