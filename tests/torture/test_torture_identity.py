"""Kill -9 while it is decided who is who: all that is kept agrees, and the next run ends the work."""

import pytest
from identity_child import later, rules
from identity_harness import Look

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]

SYNC = ["sync.begin", "sync.customers", "sync.written", "sync.commit", "sync.committed"]
PASS = [f"identity.{at}" for at in ("shared", "apply", "applied", "house", "settle")]
POINTS = [
    *(("sync", each) for each in [*SYNC, "feed.before_hook", "feed.heard"]),
    *(("run", each) for each in PASS),
    ("crew", "identity.apply"),
    ("crew", "identity.applied"),
    *(("rebuild", each) for each in [*PASS, "identity.rebuild"]),
    ("merge", "identity.amend"),
    ("revert", "identity.amend"),
]


@pytest.fixture
def look(store, store_url, folder):
    return Look(store_url, store, folder / "heard")


@pytest.mark.parametrize(("work", "point"), POINTS)
def test_death_in_the_middle_leaves_a_true_store(look, work, point):
    groups, log = look.undisturbed(work)
    assert work in ("merge", "revert") or groups[1]

    for nth in (1, 2, 3):
        look.prepare(work)
        if not look.dies(work, f"{point}:{nth}"):
            assert nth > 1
            break
        look.true(work)
        again, written = look.finish(work)
        assert again == groups
        if work == "sync":  # two connections side by side come in an order of their own
            assert set(written.values()) == {1}
        else:
            assert written == log
    look.derived(later if work == "rebuild" else rules)


@pytest.mark.parametrize("mutant", ["links_first", "forgets_aliases"])
def test_the_harness_catches_its_mutants(look, mutant):
    look.prepare("run")

    assert look.dies("run", "identity.apply:3", mutant)

    with pytest.raises(AssertionError):
        look.true("run")
