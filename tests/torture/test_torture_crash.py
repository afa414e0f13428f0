"""Kill -9 anywhere: nothing lost, nothing doubled, one commit's pages read again at most."""

import pytest
from crash_harness import Harness

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]

KILLS = 60
FAILPOINTS = [
    "sync.pulled",
    "sync.begin",
    "sync.customers",
    "sync.written",
    "sync.commit",
    "sync.committed",
    "feed.before_hook",
    "feed.heard",
]


@pytest.fixture
def harness(store_url, folder, tally):
    harness = Harness(store_url, folder, tally)
    yield harness
    harness.close()


@pytest.mark.parametrize(
    ("mutant", "found"), [("CursorFirst", "lost"), ("KeylessDataFirst", "doubled")]
)
def test_the_harness_catches_its_mutants(harness, mutant, found):
    harness.mutant = mutant

    harness.kill_at_random(10 * KILLS, until_caught=True)

    assert getattr(harness.tally, found) > 0


def test_kills_at_random_moments(harness):
    harness.kill_at_random(KILLS)

    assert harness.tally.is_clean, harness.tally
    assert harness.tally.kills == KILLS


def test_kills_at_random_moments_of_commits_of_several_pages(harness):
    harness.tally.together = 3

    harness.kill_at_random(KILLS)

    assert harness.tally.is_clean, harness.tally


@pytest.mark.parametrize("name", FAILPOINTS)
def test_death_at(harness, name):
    died = [harness.die_at(f"{name}:{nth}") for nth in (1, 2, 3, 8)]

    assert died[0]
    assert harness.tally.is_clean, harness.tally
    assert harness.tally.kills == sum(died)
