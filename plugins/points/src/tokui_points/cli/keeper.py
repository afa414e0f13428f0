"""Who keeps a programme's points, as the commands move them: our books, or another system."""

from collections.abc import Iterator
from contextlib import contextmanager

from tokui.cli.output import note
from tokui.connector import Balance, Member, Posted, Transfer
from tokui.errors import PolicyRefusal, TokuiError
from tokui.store import mirrored
from tokui.store.books import Books
from tokui.sync.authority import Authority
from tokui.sync.keepers import ledger
from tokui.sync.progress import Silent
from tokui.sync.stop import RunStop

from tokui_points.cli.counter import Counter


class Ours:
    """Our books."""

    def __init__(self, desk: Counter) -> None:
        self._books = Books(desk.store)

    def post(self, transfer: Transfer) -> Posted:
        """Move points."""
        return self._books.post(transfer)

    def balance(self, member: Member) -> Balance | None:
        """What is there now."""
        return self._books.balance(member)


class Theirs:
    """Another system, and what we know of it."""

    def __init__(self, desk: Counter, authority: Authority) -> None:
        self._store = desk.store
        self._authority = authority

    def post(self, transfer: Transfer) -> Posted:
        """Move points there."""
        try:
            return self._authority.post(transfer)
        except TokuiError as error:
            if not isinstance(error, PolicyRefusal):
                note(f"the key is {transfer.key}")
            raise

    def balance(self, member: Member) -> Balance | None:
        """What is there now; what was last told, where there is no answer."""
        try:
            self._authority.refresh(member)
        except TokuiError as error:
            note(f"the balance could not be read again: {error}")
        with self._store.read() as tx:
            return mirrored.balance(tx, member)


@contextmanager
def keeper(desk: Counter, programme: str) -> Iterator[Ours | Theirs]:
    """
    Open the books that count.

    Raises:
        TokuiError: The connection that has them cannot be made.
    """
    kept = desk.settings.programmes[programme]
    if kept.is_ours:
        yield Ours(desk)
        return
    with authority(desk, kept.authority) as there:
        yield Theirs(desk, there)


@contextmanager
def authority(desk: Counter, connection: str) -> Iterator[Authority]:
    """
    A connection that keeps points.

    Raises:
        TokuiError: It cannot be made.
    """
    whole = connection in desk.hub.connections  # else it says what is missing
    hub = desk.hub if whole else desk.desk.hub([connection])
    made = ledger(hub, connection, RunStop(connection, Silent()))
    try:
        yield Authority(desk.store, made)
    finally:
        made.ctx.http.close()
