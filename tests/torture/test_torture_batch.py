"""Long runs of the batch pass's properties."""

import pytest
from batch_worlds import (
    afresh,
    answer,
    arrive,
    looked_at,
    orders,
    verdicts,
    worlds,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokui.identity import check
from tokui.identity.rules import Rules
from tokui.identity.weigh import Policy

pytestmark = [pytest.mark.torture, pytest.mark.timeout(900)]

EXAMPLES = {"sqlite": 60, "postgresql": 20}
ANYHOW = Policy()


def test_arrival_answers_and_passes_in_between_leave_no_trace(store):
    @settings(
        max_examples=EXAMPLES[store.engine.dialect.name],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.data())
    def leave_no_trace(data):
        _leave_no_trace(store, data)

    leave_no_trace()


def _leave_no_trace(store, data):
    world = data.draw(worlds())
    said = data.draw(verdicts(world))
    afresh(store, data.draw(orders(world)), ANYHOW)
    if said:
        answer(store, *said)
    first = looked_at(store, ANYHOW)
    pages = data.draw(orders(world))
    half = data.draw(st.integers(0, len(pages)))

    afresh(store, pages[:half], ANYHOW)
    looked_at(store, ANYHOW, margin=data.draw(st.sampled_from([0, 3000])))
    arrive(store, pages[half:], ANYHOW)
    if said:
        answer(store, *said)

    assert looked_at(store, ANYHOW) == first
    with store.read() as tx:
        assert check.check(tx, Rules) == []
