"""A pass on columns makes of everybody what a pass from one customer to the next does."""

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from street_acts import afresh, say
from street_worlds import CROWDED, arrivals, worlds
from tokui.identity import batch
from tokui.identity.edges import load
from tokui.identity.hands import Alone
from tokui.identity.match import judge
from tokui.identity.weigh import Scales
from tokui.store import sweep

np = pytest.importorskip("numpy")
columns = pytest.importorskip("tokui.identity.bulk.columns")
weights = pytest.importorskip("tokui.identity.bulk.weights")

STREETS = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def asked_in_vain(_, __, judgement):
    """A hook that has no opinion; where one is asked, there are no columns."""
    return judgement


@given(st.data())
@STREETS
def test_columns_change_nothing_but_the_time(store, data):
    world = data.draw(worlds())
    afresh(store, data.draw(arrivals(world)), CROWDED)
    say(store, world)

    on_columns = batch.run(store, CROWDED, everything=True, dry_run=True)

    assert on_columns == batch.run(
        store, CROWDED, everything=True, dry_run=True, votes=asked_in_vain
    )


@given(st.data())
@STREETS
def test_every_pair_weighs_on_columns_what_it_weighs_alone(store, data):
    afresh(store, data.draw(arrivals(data.draw(worlds()))), CROWDED)
    with store.read() as tx:
        known, people = columns.Columns(sweep.every(tx)), load(tx, range(100))
    scales = Scales(CROWDED, 10, {"email:*:takanashi@example.jp"})
    places = list(combinations(range(len(known.ids)), 2))
    low, high = np.array(places, np.int32).reshape(-1, 2).T

    scale = weights.Weights(known, scales, Alone(store, scales))
    found = scale.weigh(low, high)

    for one, other, *weight in zip(*(each.tolist() for each in found), strict=True):
        ends = (people[int(known.ids[place])] for place in (one, other))
        assert (*weight,) == scales.weigh(*ends)[:3]
    likely = scale.likely(low, high, lambda _: None)
    assert set(likely.keys) == set(found.only(found.score >= CROWDED.floor).keys)
    for key, terms in scale.terms.items():
        one, other = (people[int(known.ids[place])] for place in (key >> 32, key & 0xFFFF_FFFF))
        assert terms == scales.weigh(one, other).terms == alone(scales, other, one).terms


def alone(scales, one, other):
    """The judgement of a pair, weighed in this order."""
    return judge(one.features, other.features, scales.shared, scales.prior, scales.policy.alone)


def test_nobody_is_no_problem(store):
    assert batch.run(store, CROWDED, everything=True).customers == 0


pytestmark = pytest.mark.timeout(240)
