"""Several processes at one store: one sync per connection, and each page is committed once."""

import os
import signal
from dataclasses import replace

import pytest
from crash_harness import Harness, wait_until_it_sleeps

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]

REFUSED = 9


@pytest.fixture
def harness(store_url, folder, tally):
    harness = Harness(store_url, folder, tally)
    yield harness
    harness.close()


def test_eight_syncs_of_one_connection_at_once(harness):
    for _ in range(4):
        job = harness.next_round()
        children = [harness.start(job) for _ in range(8)]
        for child in children:
            child.join()

        codes = {child.exitcode for child in children}
        assert codes <= {0, REFUSED}
        assert 0 in codes
        assert harness.served(job) == [str(n) for n in range(job.pages)]
        assert harness.pages_committed(job) == job.pages
        harness.finish()
    assert harness.tally.is_clean, harness.tally


def test_connections_side_by_side_in_processes_of_their_own(harness):
    jobs = [harness.next_round() for _ in range(4)]
    children = [harness.start(job) for job in jobs]
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0, 0, 0, 0]
    assert [harness.pages_committed(job) for job in jobs] == [job.pages for job in jobs]
    harness.finish()
    assert harness.tally.is_clean, harness.tally


@pytest.mark.parametrize("sleeps_at", [0, 3, 7])
def test_a_holder_that_slept_past_its_lease_commits_no_more(harness, sleeps_at):
    job = harness.next_round()
    sleeper = harness.start(replace(job, sleeps_at=sleeps_at))
    wait_until_it_sleeps(sleeper)

    too_early = harness.start(job)
    too_early.join()
    successor = harness.start(replace(job, ahead_s=3600))
    successor.join()
    os.kill(sleeper.pid, signal.SIGCONT)
    sleeper.join()

    assert (too_early.exitcode, successor.exitcode) == (REFUSED, 0)
    assert sleeper.exitcode in {5, REFUSED}
    assert harness.pages_committed(job) == job.pages
    harness.finish()
    assert harness.tally.is_clean, harness.tally
