"""A thousand histories of merging, parting and taking back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from link_worlds import WORLDS
from undo_worlds import ACTS, live, merge_and_undo, undo_and_redo

pytestmark = [pytest.mark.torture, pytest.mark.timeout(600)]

NUMBER = st.integers(0, 30)


HISTORIES = {"sqlite": 1000, "postgresql": 200}


def test_whatever_was_decided_can_be_taken_back(store):
    @settings(
        max_examples=HISTORIES[store.engine.dialect.name],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(world=WORLDS, acts=ACTS, one=NUMBER, other=NUMBER)
    def can_be_taken_back(world, acts, one, other):
        live(store, world, acts)

        merge_and_undo(store, one, other)
        undo_and_redo(store, one)

    can_be_taken_back()
