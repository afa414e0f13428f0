"""Points under fire: against a model, by many hands at once, and through kill -9."""

import pytest
from books_machine import Till, World
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from tokui.model import Customer
from tokui.store import profiles
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui_contracts.scripted import page, script, told

pytestmark = [pytest.mark.torture, pytest.mark.timeout(600)]

EXAMPLES = 200
STEPS = 50
MET = ["Earn", "Redeem", "Hold", "Capture", "Void", "Reverse", "Redeem refused", "Reverse refused"]
MET += ["Move", "Move refused", "moved back"]


@pytest.fixture
def world(store_url):
    """Two persons whom the shop may take for one."""
    World.store = Store.open(store_url, lambda: World.now)
    World.books = Books(World.store)
    told(World.store, script("shop", page(*(Customer(external_id=key) for key in "12"))))
    with World.store.read() as tx:
        World.people = tuple(profiles.place_of(tx, "shop", key)[1] for key in "12")
    World.seen.clear()
    yield World
    World.store.close()


def test_the_books_do_what_the_model_does(world, met, request):
    limits = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(Till, settings=limits)

    met[f"books {request.node.callspec.id}"] = world.seen.copy()
    assert [each for each in MET if not world.seen[each]] == []
