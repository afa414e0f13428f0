"""What a hook may read: one snapshot, typed, bounded, dead after the call."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from tokui.card import Profile, Source
from tokui.connector import Balance, Kept, Member, Moved, Purchase
from tokui.errors import PluginError
from tokui.hooks import View
from tokui.identity.ahead import Ahead
from tokui.identity.rules import Trust
from tokui.model import Customer, Event, Order
from tokui.store import mirrored, profiles
from tokui.store.books import found
from tokui.store.engine import Store, Transaction

MAX_ROWS = 1_000


class Snapshot(View):
    """The `View` that hooks get."""

    def __init__(self, tx: Transaction, trust: Trust) -> None:
        self._tx: Transaction | None = tx
        self._trust = trust
        self._people = Ahead(tx, trust)

    def expect(self, profile_ids: Iterable[int]) -> None:
        """These will be asked about next: what is asked of one of them is read for all at once."""
        self._people = Ahead(self._alive(), self._trust, profile_ids)

    def profile(self, profile_id: int) -> Profile | None:
        """The golden view; follows aliases."""
        return self._known().profile(profile_id)

    def customers(self, profile_id: int) -> Sequence[Customer]:
        """The customers linked to the profile."""
        return [customer for _, customer in self._known().customers(profile_id)]

    def records(self, profile_id: int) -> Sequence[Source]:
        """All records linked to the profile, gone ones too."""
        number = profiles.resolve(self._alive(), profile_id)
        found = profiles.members(self._alive(), number)
        return [Source(connection=where, external_id=key) for _, where, key in found]

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
        return self._known().purchases(profile_id)

    def bearers(self, kind: str, issuer: str, key: str) -> Sequence[int]:
        """The profiles known by an identifier."""
        return self._known().bearers(f"{kind}:{issuer}:{key}")

    def balance(self, member: Member) -> Balance:
        """What a member has in our books."""
        return self._known().balance(member)

    def kept(self, member: Member) -> Sequence[Kept]:
        """All transfers of a member, the oldest first."""
        return self._known().kept(member)

    def moved(self, member: Member) -> Sequence[Moved]:
        """The moves from and to a member."""
        return found.moved(self._alive(), member)

    def about(self, programme: str, profile_id: int) -> Mapping[Member, Sequence[Kept]]:
        """What a programme posted of a person's orders."""
        return self._known().about(programme, profile_id)

    def mirrored(self, member: Member) -> Balance | None:
        """What another system last said of a member."""
        return mirrored.balance(self._alive(), member)

    def close(self) -> None:
        """From now on every method raises."""
        self._tx = None

    def _known(self) -> Ahead:
        self._alive()
        return self._people

    def _alive(self) -> Transaction:
        if self._tx is None:
            raise PluginError("the view is dead once the hook has returned")
        return self._tx


def profile(tx: Transaction, profile_id: int, trust: Trust) -> Profile | None:
    """The golden view of a person, or None when there is no such profile; follows aliases."""
    return Ahead(tx, trust).profile(profile_id)


@contextmanager
def snapshot(store: Store, trust: Trust) -> Iterator[tuple[Snapshot, Transaction]]:
    """A view for one call, and the transaction behind it for the core itself."""
    with store.read() as tx:
        view = Snapshot(tx, trust)
        try:
            yield view, tx
        finally:
            view.close()
