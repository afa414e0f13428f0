"""However customers arrive, one batch pass makes the same of them."""

import pytest
from batch_worlds import afresh, answer, arrive, looked_at, orders, partition, verdicts, worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from link_worlds import check
from tokui.identity.weigh import Policy

SOME = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ANYHOW = Policy()


@given(st.data())
@SOME
def test_the_order_of_arrival_leaves_no_trace(store, data):
    world = data.draw(worlds())
    afresh(store, data.draw(orders(world)), ANYHOW)
    first = looked_at(store, ANYHOW)

    afresh(store, data.draw(orders(world)), ANYHOW)

    assert looked_at(store, ANYHOW) == first


@given(st.data())
@SOME
def test_a_pass_over_what_changed_is_worth_one_over_everything(store, data):
    world = data.draw(worlds())
    pages = data.draw(orders(world))
    half = len(pages) // 2
    afresh(store, pages[:half], ANYHOW)
    looked_at(store, ANYHOW)
    arrive(store, pages[half:], ANYHOW)

    bit_by_bit = looked_at(store, ANYHOW)

    assert looked_at(store, ANYHOW, everything=True) == bit_by_bit


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


@given(st.data())
@SOME
def test_a_second_pass_changes_nothing(store, data):
    afresh(store, data.draw(orders(data.draw(worlds()))), ANYHOW)
    first = looked_at(store, ANYHOW)

    assert looked_at(store, ANYHOW, everything=True) == first == partition(store)


pytestmark = pytest.mark.timeout(240)
