"""What a hook may read."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from tokui.connector import Balance, Kept, Member, Moved, Purchase
from tokui.model import Customer, Event, Order

if TYPE_CHECKING:
    from tokui.card import Profile, Source


class View(Protocol):
    """
    Read access for a hook: typed, lazy, bounded, one snapshot, dead after the call.

    Every method raises `PluginError` once the hook has returned.
    """

    def profile(self, profile_id: int) -> "Profile | None":
        """The golden view; follows aliases. None when there is no such profile."""

    def customers(self, profile_id: int) -> Sequence[Customer]:
        """The customers linked to the profile."""

    def records(self, profile_id: int) -> "Sequence[Source]":
        """All records linked to the profile, those that their source has no more too; oldest first."""

    def orders(self, profile_id: int, limit: int = 100) -> Sequence[Order]:
        """Newest first, of all channels; at most 1,000."""

    def events(self, profile_id: int, limit: int = 100) -> Sequence[Event]:
        """Newest first, of all channels; at most 1,000."""

    def purchases(self, profile_id: int) -> Sequence[Purchase]:
        """All orders, and those by which anybody brings back what they sold; in any order."""

    def bearers(self, kind: str, issuer: str, key: str) -> Sequence[int]:
        """The profiles known by an identifier, by its match key."""

    def balance(self, member: Member) -> Balance:
        """What a member has in our books."""

    def kept(self, member: Member) -> Sequence[Kept]:
        """All transfers of a member that stand in our books, the oldest first."""

    def moved(self, member: Member) -> Sequence[Moved]:
        """The moves from and to a member, the oldest first; those that were taken back, too."""

    def about(self, programme: str, profile_id: int) -> Mapping[Member, Sequence[Kept]]:
        """What a programme posted of a person's orders (`order_mark`), on whoever's account."""

    def mirrored(self, member: Member) -> Balance | None:
        """What the system that keeps a member's points last said; None before it was asked."""
