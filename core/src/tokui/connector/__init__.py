"""
What one connection can be asked to do.

A connector is a class that speaks to one kind of outside system. It names its settings and mixes in
the capabilities it has; each capability is an abstract class, so `isinstance` tells the truth and a
class with a missing method is refused when it is loaded.

    class Stamp(Connector[StampSettings], Source): ...

One file for each capability.
"""

from collections.abc import Mapping

from tokui.connector.channel import Channel, Outcome, Parcel, Quota
from tokui.connector.checkable import Checkable, Finding
from tokui.connector.connection import Capability, Connector, Context, Cursor, Item, Settings, Stop
from tokui.connector.custodian import Custodian, Receipt
from tokui.connector.destination import Ack, Change, Destination, Preference
from tokui.connector.ledger import (
    Balance,
    Capture,
    Earn,
    Expiring,
    Hold,
    Ledger,
    Member,
    Move,
    Movement,
    Posted,
    Redeem,
    Reverse,
    Transfer,
    Void,
)
from tokui.connector.programme import (
    Kept,
    Lost,
    Mirror,
    Moved,
    OpenOffer,
    Purchase,
    Said,
    Standing,
    order_mark,
)
from tokui.connector.receiver import Note, Receiver, Refetch, Request
from tokui.connector.source import IdentifierRule, Page, Pull, Source, Stream

__all__ = [
    "Ack",
    "Balance",
    "Capability",
    "Capture",
    "Change",
    "Channel",
    "Checkable",
    "Connector",
    "Context",
    "Cursor",
    "Custodian",
    "Destination",
    "Earn",
    "Expiring",
    "Finding",
    "Hold",
    "IdentifierRule",
    "Item",
    "Kept",
    "Ledger",
    "Lost",
    "Member",
    "Mirror",
    "Move",
    "Moved",
    "Movement",
    "Note",
    "OpenOffer",
    "Outcome",
    "Page",
    "Parcel",
    "Posted",
    "Preference",
    "Pull",
    "Purchase",
    "Quota",
    "Receipt",
    "Receiver",
    "Redeem",
    "Refetch",
    "Request",
    "Reverse",
    "Said",
    "Settings",
    "Source",
    "Standing",
    "Stop",
    "Stream",
    "Transfer",
    "Void",
    "order_mark",
]

CAPABILITIES: Mapping[str, type[Capability]] = {
    kind.__name__.lower(): kind
    for kind in (Source, Receiver, Channel, Destination, Ledger, Custodian, Checkable)
}
"""The capabilities there are, by the name under which they are shown."""
