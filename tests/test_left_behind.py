"""Whoever stays behind when others leave a profile is looked at again by the next pass."""

import pytest
from batch_worlds import STAFF, looked_at, row_ids
from street_acts import arrive
from tokui.identity import undo
from tokui.identity.weigh import DEFAULT
from tokui.model import Customer, Gone, Identifier, PersonName

MEGU = Customer(
    external_id="1",
    source_version=1,
    name=PersonName(family="小鳥遊", given="芽久"),
    identifiers=(Identifier(kind="email", value="megu@example.jp"),),
)
KEN = Customer(
    external_id="1",
    source_version=1,
    name=PersonName(family="佐藤", given="健介"),
    identifiers=(Identifier(kind="email", value="ken@example.jp"),),
)
TOGETHER = [("line", "1"), ("shop", "1")]


@pytest.fixture
def merged(store):
    """A mistake of staff, which kept another record of the same person away."""
    arrive(store, [("shop", [MEGU]), ("till", [KEN])], DEFAULT)
    with store.write() as tx:
        done = undo.merge(tx, *sorted(row_ids(store).values()), STAFF)
    arrive(store, [("line", [MEGU])], DEFAULT)
    assert [("line", "1")] in looked_at(store, DEFAULT)
    return done.decision_id


def taken_back(store, merged):
    with store.write() as tx:
        undo.revert(tx, merged, STAFF)


def parted(store, merged):
    with store.write() as tx:
        undo.extract(tx, [row_ids(store)["till", "1"]], STAFF)


def gone(store, merged):
    arrive(store, [("till", [Gone(external_id="1", kind="customer", source_version=2)])], DEFAULT)


@pytest.mark.parametrize("leaves", [taken_back, parted, gone], ids=lambda each: each.__name__)
def test_who_was_kept_away_comes_together_at_last(store, merged, leaves):
    leaves(store, merged)

    groups = looked_at(store, DEFAULT)

    assert any(set(TOGETHER) <= set(group) for group in groups)
    assert looked_at(store, DEFAULT, everything=True) == groups
