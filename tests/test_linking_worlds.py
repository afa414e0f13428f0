"""However customers arrive: what must hold of profiles, identifiers and decisions."""

import pytest
from hypothesis import HealthCheck, given, settings
from link_worlds import WORLDS, arrive, check
from tokui.identity.weigh import Scales
from tokui.model import Customer, Identifier


@given(world=WORLDS)
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_ledger_holds_together(store, world):
    arrive(store, world)

    check(store)


def test_a_linker_that_looks_at_pairs_only_is_caught(store, monkeypatch):
    monkeypatch.setattr(Scales, "objection", lambda *_: None)
    email = (Identifier(kind="email", value="p@example.jp"),)
    one, other = (Customer(external_id=key, identifiers=email) for key in "12")

    arrive(store, [("shop", [one]), ("till", [one]), ("shop", [other])])

    with pytest.raises(AssertionError):
        check(store)
