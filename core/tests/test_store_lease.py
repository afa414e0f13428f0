"""One sync per connection."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from tokui.errors import LockedError
from tokui.store import lease as leases
from tokui.store.engine import Store

DIE_HOLDING = """
import os, signal, sys
from tokui.store import lease
from tokui.store.engine import Store
lease.acquire(Store.open(sys.argv[1]), "shop")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_second_holder_is_refused_until_the_first_gives_it_back(store):
    held = leases.acquire(store, "shop")

    with pytest.raises(LockedError, match="another sync of it is running"):
        leases.acquire(store, "shop")
    leases.release(store, held)

    assert leases.acquire(store, "shop").token > held.token


def test_leases_of_two_connections_do_not_meet(store):
    leases.acquire(store, "shop")
    leases.acquire(store, "till")


def test_whoever_gave_the_lease_back_cannot_commit(store):
    held = leases.acquire(store, "shop")
    leases.release(store, held)

    with pytest.raises(LockedError, match="took over"), store.write() as tx:
        held.check(tx)


def test_a_lease_that_ran_out_is_taken_over_and_its_holder_cannot_commit(store_url):
    now = datetime(2026, 10, 1, tzinfo=UTC)
    slow = Store.open(store_url, now=lambda: now)
    later = Store.open(store_url, now=lambda: now + timedelta(seconds=leases.LEASE_S + 1))
    held = leases.acquire(slow, "shop")

    taken = leases.acquire(later, "shop")

    with pytest.raises(LockedError), slow.write() as tx:
        held.check(tx)
    with pytest.raises(LockedError):
        leases.renew(slow, held)
    leases.renew(later, taken)
    slow.close()
    later.close()


def test_a_lease_that_is_renewed_does_not_run_out(store_url):
    now = datetime(2026, 10, 1, tzinfo=UTC)
    clock = [now]
    store = Store.open(store_url, now=lambda: clock[0])
    held = leases.acquire(store, "shop")
    for _ in range(3):
        clock[0] += timedelta(seconds=leases.LEASE_S - 1)
        leases.renew(store, held)

    with pytest.raises(LockedError):
        leases.acquire(store, "shop")
    store.close()


def test_the_lease_of_a_killed_process_on_this_machine_is_taken_over_at_once(store, store_url):
    holder = subprocess.Popen([sys.executable, "-c", DIE_HOLDING, store_url])
    os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)

    of_a_zombie = leases.acquire(store, "shop")
    holder.wait()

    assert of_a_zombie.token == 2


def test_giving_a_lost_lease_back_takes_nothing_from_its_new_holder(store):
    first = leases.acquire(store, "shop")
    leases.release(store, first)
    second = leases.acquire(store, "shop")

    leases.release(store, first)

    with store.write() as tx:
        second.check(tx)
