"""A thousand histories of merging, parting and taking back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from link_worlds import WORLDS
from undo_worlds import ACTS, live, merge_and_undo, undo_and_redo

pytestmark = [pytest.mark.torture, pytest.mark.timeout(600)]

NUMBER = st.integers(0, 30)


@given(world=WORLDS, acts=ACTS, one=NUMBER, other=NUMBER)
@settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_was_decided_can_be_taken_back(store, world, acts, one, other):
    live(store, world, acts)

    merge_and_undo(store, one, other)
    undo_and_redo(store, one)
