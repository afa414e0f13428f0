"""
Moving points that another system keeps: written down before the call, and after it.

Whatever happens in between, the transfer is there with its key: asked for again, it has one effect.
"""

from tokui.connector import Member, Posted, Transfer
from tokui.errors import (
    AuthError,
    ConfigError,
    PluginError,
    PolicyRefusal,
    RetryableError,
    TokuiError,
    Unanswered,
)
from tokui.failpoint import failpoint
from tokui.store import foreign, mirrored
from tokui.store.engine import Store
from tokui.store.foreign import Errand
from tokui.sync.batch import reason
from tokui.sync.mirror import MOVES, LedgerConnector

SETTLED_US = 600 * 1_000_000
"""After so long a call without an answer has been carried out, or never will be."""

AGAIN = "ask again with the same key: `tokui points retry` does"


class Authority:
    """One connection that keeps points, asked by one process for one transfer at a time."""

    def __init__(self, store: Store, connection: LedgerConnector) -> None:
        self._store = store
        self._name = connection.name
        self._ledger = connection

    def post(self, transfer: Transfer) -> Posted:
        """
        Move points there, once for each key.

        Raises:
            PolicyRefusal: As `Ledger.post`.
            LockedError: An earlier transfer of the member has no answer yet.
            Unanswered: It may have been done: it is kept, and asked for again with its key.
            RetryableError: Nothing was done.
        """
        with self._store.write() as tx:
            errand = foreign.begin(tx, self._name, transfer)
        return errand.answer or self._ask(errand)

    def refresh(self, member: Member) -> None:
        """
        Read a member's balance now, for all who look at it later.

        Raises:
            TokuiError: As `Ledger.balance`.
        """
        told = self._ledger.balance(member), self._ledger.history(member, MOVES)
        with self._store.write(durable=False) as tx:
            mirrored.keep(tx, self._name, [(member, *told)])

    def _ask(self, errand: Errand) -> Posted:
        failpoint("authority.written")
        try:
            posted = self._ledger.post(errand.transfer)
        except (PolicyRefusal, AuthError, ConfigError, RetryableError) as error:
            raise self._ended(errand, error) from None
        except BaseException as error:
            self._doubt(errand, reason(error) if isinstance(error, Exception) else "interrupted")
            if isinstance(error, Exception) and not isinstance(error, TokuiError):
                what = f"failed ({reason(error)}); the points may have been moved"
                raise PluginError(what, who=self._name, todo=AGAIN) from None
            raise
        failpoint("authority.answered")
        with self._store.write() as tx:
            foreign.end(tx, errand, posted)
        return posted

    def _ended(self, errand: Errand, error: TokuiError) -> TokuiError:
        """
        A no frees the key; what may have been done, now or by an earlier call, is kept.

        Soon after a call without an answer, a no may come of what that one did.
        """
        old = self._store.now_us() - errand.tried_at > SETTLED_US
        no = isinstance(error, PolicyRefusal) and old
        if no or not (errand.doubtful or isinstance(error, Unanswered)):
            with self._store.write() as tx:
                foreign.drop(tx, errand)
            return error
        self._doubt(errand, type(error).__name__, lost=isinstance(error, Unanswered))
        return Unanswered(error.what, who=error.who or self._name, todo=AGAIN)

    def _doubt(self, errand: Errand, why: str, *, lost: bool = True) -> None:
        with self._store.write() as tx:
            foreign.doubt(tx, errand, why, lost=lost)
