"""Long runs of the properties of linking."""

import pytest
from hypothesis import HealthCheck, given, settings
from link_worlds import WORLDS, arrive, check

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]


EXAMPLES = {"sqlite": 200, "postgresql": 60}


def test_every_ledger_holds_together(store):
    @settings(
        max_examples=EXAMPLES[store.engine.dialect.name],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(world=WORLDS)
    def holds_together(world):
        arrive(store, world)

        check(store)

    holds_together()
