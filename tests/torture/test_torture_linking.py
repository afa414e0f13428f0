"""Long runs of the properties of linking."""

import pytest
from hypothesis import HealthCheck, given, settings
from link_worlds import WORLDS, arrive, check

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]


@given(world=WORLDS)
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_ledger_holds_together(store, world):
    arrive(store, world)

    check(store)
