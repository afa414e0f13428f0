"""However customers arrive: what must hold of profiles, identifiers and decisions."""

from hypothesis import HealthCheck, given, settings
from link_worlds import WORLDS, arrive, check


@given(world=WORLDS)
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_ledger_holds_together(store, world):
    arrive(store, world)

    check(store)
