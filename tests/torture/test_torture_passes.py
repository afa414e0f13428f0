"""Passes and syncs in several processes at one store: all is true, and nobody waits for too long."""

import time

import pytest
from children import CHILDREN
from identity_child import POLICY, Job, main, rules
from identity_harness import Look
from tokui.identity import batch
from tokui.store import lease as leases
from tokui.store.trouble import BUSY_TIMEOUT_S

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]

ROUNDS = 3
REFUSED = 9


@pytest.fixture
def look(store, store_url, folder):
    return Look(store_url, store, folder / "heard")


def side_by_side(look, *works):
    """Their exit codes, and the longest that a third one waited to write meanwhile."""
    jobs = [Job(look.url, work, look.heard) for work in works]
    children = [CHILDREN.Process(target=main, args=(job,)) for job in jobs]
    for child in children:
        child.start()
    waits = []
    while any(child.is_alive() for child in children):
        began = time.monotonic()
        with look.store.write():
            waits.append(time.monotonic() - began)
        time.sleep(0.005)
    return [child.exitcode for child in children], max(waits)


def test_passes_go_on_beside_a_sync(look):
    groups, _ = look.undisturbed("sync")
    for _ in range(ROUNDS):
        look.prepare("sync")

        codes, waited = side_by_side(look, "sync", "passes")

        assert codes == [0, 0]
        assert waited < BUSY_TIMEOUT_S
        look.true("sync")
        assert look.finish("sync")[0] == groups
    look.derived(rules)


def test_a_pass_beside_people_who_merge_and_part(look):
    groups, _ = look.undisturbed("run")
    for _ in range(ROUNDS):
        look.prepare("run")

        codes, waited = side_by_side(look, "passes", "desk")

        assert codes == [0, 0]
        assert waited < BUSY_TIMEOUT_S
        look.true("run")
        batch.run(look.store, POLICY, everything=True)
        assert look.finish("run")[0] == groups


def test_of_two_passes_at_once_the_second_is_refused(look):
    for _ in range(ROUNDS):
        look.prepare("run")

        codes, _ = side_by_side(look, "run", "run", "run")

        assert set(codes) <= {0, REFUSED}
        assert 0 in codes
        look.true("run")


@pytest.mark.parametrize("work", ["run", "rebuild"])
def test_the_command_says_that_another_pass_is_at_work(shop, store, store_url, work):
    shop.configure(f'[store]\nurl = "{store_url}"\n')
    lease = leases.acquire(store, batch.LEASE)

    refused = shop.run("identity", work, code=REFUSED)

    leases.release(store, lease)
    assert "running" in refused.stderr
    shop.run("identity", work)
