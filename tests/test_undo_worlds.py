"""Whatever was merged, parted and taken back: it can be undone exactly, and no fact moves."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from link_worlds import WORLDS
from undo_worlds import ACTS, live, merge_and_undo, stack_and_undo, undo_and_redo

NUMBER = st.integers(0, 30)
SHORT = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(world=WORLDS, acts=ACTS, one=NUMBER, other=NUMBER)
@SHORT
def test_a_merge_that_is_taken_back_leaves_everybody_where_they_were(
    store, world, acts, one, other
):
    live(store, world, acts)

    merge_and_undo(store, one, other)


@given(world=WORLDS, acts=ACTS, one=NUMBER)
@SHORT
def test_taking_back_what_took_back_leaves_everybody_where_they_were(store, world, acts, one):
    live(store, world, acts)

    undo_and_redo(store, one)


@given(
    world=WORLDS,
    acts=ACTS,
    pairs=st.lists(st.tuples(NUMBER, NUMBER), min_size=2, max_size=4),
    order=st.permutations(range(4)),
)
@SHORT
def test_merges_taken_back_in_any_order_leave_everybody_their_number(
    store, world, acts, pairs, order
):
    live(store, world, acts)

    stack_and_undo(store, pairs, order)
