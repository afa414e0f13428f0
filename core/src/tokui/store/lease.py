"""
One sync per connection: a lease with a fencing token, checked inside every commit.

A lease lasts `LEASE_S` and is renewed while its holder lives. A holder on this machine that is dead
(kill -9) is found out at once; one elsewhere when its lease has run out.
"""

import os
import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from tokui.errors import LockedError
from tokui.store.engine import Store, Transaction
from tokui.store.tables import LeaseRow, columns

LEASE_S = 60
AT = columns(LeaseRow)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to commit pages of a connection, for as long as `token` is the newest."""

    connection: str
    token: int

    def check(self, tx: Transaction) -> None:
        """
        Refuse a commit of whoever lost the lease; renew it otherwise.

        Raises:
            LockedError: Another run took it over, or it was revoked.
        """
        mine = sa.update(LeaseRow).where(AT.connection == self.connection, AT.token == self.token)
        renewed = mine.values(expires_at=tx.now_us + LEASE_S * 1_000_000)
        if tx.connection.execute(renewed).rowcount != 1:
            raise LockedError("another run took over", who=self.connection)


def acquire(store: Store, connection: str, work: str = "sync of it") -> Lease:
    """
    Take the connection's lease.

    Args:
        store: The database.
        connection: Its name; or that of what else only one may do at a time.
        work: What whoever holds it is doing.

    Raises:
        LockedError: Somebody else holds it.
    """
    with store.write() as tx:
        held = tx.all(
            sa.select(AT.token, AT.owner, AT.expires_at).where(AT.connection == connection)
        )
        token, owner, expires_at = held[0] if held else (0, None, 0)
        if owner is not None and expires_at > tx.now_us and not is_dead(owner):
            raise LockedError(
                f"another {work} is running ({owner.rpartition(':')[0]})",
                who=connection,
                todo="wait for it, or stop it",
            )
        expires = tx.now_us + LEASE_S * 1_000_000
        tx.upsert(LeaseRow, [(connection, token + 1, myself(), expires)])
    return Lease(connection, token + 1)


def renew(store: Store, lease: Lease) -> None:
    """
    Keep a lease through a long wait between two commits.

    Raises:
        LockedError: It is lost.
    """
    with store.write(durable=False) as tx:
        lease.check(tx)


def release(store: Store, lease: Lease) -> None:
    """Give it back; also what revokes it: whoever still holds the token cannot commit any more."""
    with store.write() as tx:
        mine = sa.update(LeaseRow).where(AT.connection == lease.connection, AT.token == lease.token)
        tx.connection.execute(mine.values(token=lease.token + 1, owner=None, expires_at=0))


def myself() -> str:
    """This process, told from all others of all machines."""
    return _named(os.getpid())


@cache
def _named(pid: int) -> str:
    return f"{socket.gethostname()}:{pid}:{_started(pid)}"


def is_dead(owner: str) -> bool:
    """True when the owner ran on this machine and does not any more."""
    host, pid, started = owner.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    """What tells this process from a later one of its number; empty when dead, or the system won't say."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
