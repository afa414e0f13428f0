"""Long runs of the batch pass's properties, and its death at every failpoint."""

import os
import signal
import subprocess
import sys

import pytest
from batch_worlds import (
    VALUES,
    afresh,
    answer,
    arrive,
    looked_at,
    orders,
    partition,
    verdicts,
    worlds,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokui.identity import check
from tokui.identity.rules import Rules
from tokui.identity.weigh import Policy
from tokui.model import Customer, Identifier, PersonName
from tokui.store.engine import Store

pytestmark = [pytest.mark.torture, pytest.mark.timeout(900)]

LONG = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ANYHOW = Policy()
APART = Policy(merge=100_000, max_records=1000, max_readings=1000)
CHILD = """
import sys
from tokui.identity import batch, rebuild
from tokui.identity.rules import Rules
from tokui.identity.weigh import Policy
from tokui.store.engine import Store
batch.COMMIT, batch.MANY = 6, 8
store = Store.open(sys.argv[1])
if sys.argv[2] == "rebuild":
    rebuild.rebuild(store, lambda name: Rules(name, relays=("example.jp",)), Policy())
else:
    batch.run(store, Policy(), everything=True)
"""


@given(st.data())
@LONG
def test_arrival_answers_and_passes_in_between_leave_no_trace(store, data):
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


def crowd(count=40):
    """Twos of one person each, and one address that all of a house share."""
    for n in range(count):
        email = VALUES["email"][1] if n % 3 == 0 else f"p{n // 2}@example.jp"
        name = PersonName(family="小鳥遊", given=f"{'芽健翔美直'[n // 2 % 5]}{n // 10}")
        found = (Identifier(kind="email", value=email),)
        yield (
            "shop" if n % 2 else "till",
            Customer(external_id=str(n), name=name, identifiers=found),
        )


@pytest.mark.parametrize("work", ["run", "rebuild"])
@pytest.mark.parametrize("nth", [1, 2, 4])
@pytest.mark.parametrize(
    "point",
    [
        "identity.shared",
        "identity.apply",
        "identity.applied",
        "identity.settle",
        "identity.rebuild",
    ],
)
def test_a_pass_that_is_killed_leaves_a_true_ledger(store, store_url, point, nth, work):
    pages = [(name, [each]) for name, each in crowd()]
    afresh(store, pages, APART)

    ended = subprocess.run(
        [sys.executable, "-c", CHILD, store_url, work],
        env={**os.environ, "TOKUI_FAILPOINT": f"{point}:{nth}"},
        check=False,
    )

    elsewhere = {"run": "identity.rebuild", "rebuild": "identity.shared"}
    reached = nth == 1 and point != elsewhere[work]
    assert ended.returncode in ((-signal.SIGKILL,) if reached else (0, -signal.SIGKILL))
    with store.read() as tx:
        assert check.check(tx) == []
    after_all = looked_again(store)
    afresh(store, pages, APART)
    assert after_all == looked_again(store)


def looked_again(store: Store):
    """A pass by the first rules, after whatever was left behind."""
    from tokui.identity import rebuild

    rebuild.rebuild(store, Rules, ANYHOW)
    with store.read() as tx:
        assert check.check(tx, Rules) == []
    return partition(store)
