"""What a hook may read: one snapshot, typed, bounded, dead after the call."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tokui.card import Profile
from tokui.connector import Balance, Kept, Member, Purchase
from tokui.errors import PluginError
from tokui.hooks import View
from tokui.identity.golden import golden
from tokui.identity.rules import Trust
from tokui.model import Customer, Event, Order
from tokui.store import contacts, mirrored, profiles, purchases
from tokui.store.books import balances
from tokui.store.engine import Store, Transaction

MAX_ROWS = 1_000


class Snapshot(View):
    """The `View` that hooks get."""

    def __init__(self, tx: Transaction, trust: Trust) -> None:
        self._tx: Transaction | None = tx
        self._trust = trust

    def profile(self, profile_id: int) -> Profile | None:
        """The golden view; follows aliases."""
        return profile(self._alive(), profile_id, self._trust)

    def customers(self, profile_id: int) -> Sequence[Customer]:
        """The customers linked to the profile."""
        return [customer for _, customer in profiles.customers(self._alive(), profile_id)]

    def orders(self, profile_id: int, limit: int = 100) -> Sequence[Order]:
        """Newest first, of all channels."""
        found = profiles.orders(self._alive(), profile_id, min(limit, MAX_ROWS))
        return [order for _, order in found]

    def events(self, profile_id: int, limit: int = 100) -> Sequence[Event]:
        """Newest first, of all channels."""
        found = profiles.events(self._alive(), profile_id, min(limit, MAX_ROWS))
        return [event for _, event in found]

    def purchases(self, profile_id: int) -> Sequence[Purchase]:
        """All orders there are, of all channels."""
        number = profiles.resolve(self._alive(), profile_id)
        return purchases.of_profiles(self._alive(), [number]).get(number, [])

    def bearers(self, kind: str, issuer: str, key: str) -> Sequence[int]:
        """The profiles known by an identifier."""
        return sorted(contacts.profiles(self._alive(), [f"{kind}:{issuer}:{key}"]))

    def balance(self, member: Member) -> Balance:
        """What a member has in our books."""
        return balances(self._alive(), [member])[0]

    def kept(self, member: Member) -> Sequence[Kept]:
        """All transfers of a member, the oldest first."""
        return purchases.kept(self._alive(), member)

    def mirrored(self, member: Member) -> Balance | None:
        """What another system last said of a member."""
        return mirrored.balance(self._alive(), member)

    def close(self) -> None:
        """From now on every method raises."""
        self._tx = None

    def _alive(self) -> Transaction:
        if self._tx is None:
            raise PluginError("the view is dead once the hook has returned")
        return self._tx


def profile(tx: Transaction, profile_id: int, trust: Trust) -> Profile | None:
    """
    The golden view of a person, or None when there is no such profile; follows aliases.

    It is computed from the customers linked to the profile whenever it is read, so it is never
    older than they are, and a changed priority counts at once.
    """
    known = profiles.customers(tx, profile_id)
    if not known:
        return None
    records = [(name, trust.priorities.get(name, 100), customer) for name, customer in known]
    return Profile.of(profiles.resolve(tx, profile_id), golden(records, issuers=trust.issuers))


@contextmanager
def snapshot(store: Store, trust: Trust) -> Iterator[tuple[View, Transaction]]:
    """A view for one call, and the transaction behind it for the core itself."""
    with store.read() as tx:
        view = Snapshot(tx, trust)
        try:
            yield view, tx
        finally:
            view.close()
