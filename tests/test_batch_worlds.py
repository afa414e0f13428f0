"""However customers arrive, one batch pass makes the same of them; `make torture` looks longer."""

import pytest
from batch_worlds import afresh, answer, arrive, looked_at, orders, partition, verdicts, worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from link_worlds import check
from tokui.identity.weigh import Policy

SOME = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ANYHOW = Policy()


@given(st.data())
@SOME
def test_arrival_and_passes_in_between_leave_no_trace(store, data):
    world = data.draw(worlds())
    afresh(store, data.draw(orders(world)), ANYHOW)
    first = looked_at(store, ANYHOW)
    pages = data.draw(orders(world))
    half = data.draw(st.integers(0, len(pages)))

    afresh(store, pages[:half], ANYHOW)
    looked_at(store, ANYHOW, margin=data.draw(st.sampled_from([0, 1000])))
    arrive(store, pages[half:], ANYHOW)

    assert looked_at(store, ANYHOW) == first
    assert looked_at(store, ANYHOW, everything=True) == first == partition(store)


@given(st.data())
@SOME
def test_an_answer_holds_whatever_the_evidence_says(store, data):
    world = data.draw(worlds())
    afresh(store, data.draw(orders(world)), ANYHOW)
    if said := data.draw(verdicts(world)):
        answer(store, *said)

    groups = looked_at(store, ANYHOW, margin=data.draw(st.sampled_from([0, 2000, 10**6])))

    if said:
        one, other, verdict = said
        assert any(one in each and other in each for each in groups) == (verdict == "same")


@given(st.data())
@SOME
def test_a_pass_leaves_a_true_ledger(store, data):
    afresh(store, data.draw(orders(data.draw(worlds()))), ANYHOW)

    looked_at(store, margin=data.draw(st.sampled_from([0, 1000])))

    check(store)


pytestmark = pytest.mark.timeout(240)
