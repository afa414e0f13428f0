"""The demo town, read by the real connectors into a real store."""

from datetime import UTC, datetime
from functools import partial

import pytest
import sqlalchemy as sa
from tokui import config
from tokui.hub import Hub
from tokui.store.engine import Store
from tokui.store.schema import upgrade
from tokui.sync.run import sync
from tokui.sync.stream import Options
from tokui.sync.worker import Plan
from tokui_contracts.context import context
from tokui_contracts.demo import set_up

SYSTEM = {"online": "shopify", "tills": "pos"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with set_up(tmp_path_factory.mktemp("demo"), size=150, seed=3) as demo:
        yield demo


@pytest.fixture(scope="module")
def store(demo):
    store = Store.open(f"sqlite:///{demo.config.parent}/tokui.sqlite3")
    upgrade(store)
    report = run(demo, store)
    assert {connection.state for connection in report.connections} == {"done"}
    yield store
    store.close()


def run(demo, store):
    hub = Hub.load(config.read(demo.config))
    assert not hub.failures
    return sync(store, [Plan(name, partial(connector, hub, name)) for name in SYSTEM], Options())


def connector(hub, name, stop):
    return hub.connector(
        name, lambda name, core: context(name, now=lambda: datetime.now(UTC), stop=stop)
    )


def rows(store, query):
    with store.read() as tx:
        return tx.all(sa.text(query))


def counts(report):
    return [stream for connection in report.connections for stream in connection.streams.values()]


def test_every_record_of_every_system_is_there_and_no_other(demo, store):
    found = rows(store, "select connection, external_id from customer")

    truth = {(each.system, each.external_id) for each in demo.town.truth()}
    assert {(SYSTEM[connection], id_) for connection, id_ in found} == truth


def test_some_people_are_found_in_both_systems_and_no_two_of_other_names_are_one(demo, store):
    found = rows(store, "select connection, external_id, profile_id from customer")

    who = {(e.system, e.external_id): demo.town.person(e.person).display for e in demo.town.truth()}
    people, systems = {}, {}
    for connection, id_, profile in found:
        people.setdefault(profile, set()).add(who[SYSTEM[connection], id_])
        systems.setdefault(profile, set()).add(connection)
    assert all(len(names) == 1 for names in people.values())
    assert sum(len(both) == 2 for both in systems.values()) >= 10


@pytest.mark.parametrize("connection", ["online", "tills"])
def test_what_was_spent_is_right_to_the_yen(demo, store, connection):
    found = rows(store, 'select connection, sum(spent_minor) from "order" group by connection')

    kept = [p for p in demo.town.purchases(SYSTEM[connection]) if not p.cancelled]
    spent = sum(
        line.total - purchase.refund(line)
        for purchase in kept
        for line in purchase.lines
        if not line.variant.is_gift_card
    )
    assert dict(map(tuple, found))[connection] == spent


def test_nothing_is_in_quarantine(store):
    assert rows(store, "select count(*) from quarantine")[0][0] == 0


def test_a_second_run_changes_nothing_and_a_third_what_was_changed(demo, store):
    again = run(demo, store)
    demo.sandbox.change(demo.regular.external_id, lastName="改姓")
    third = run(demo, store)

    assert sum(count.stored for count in counts(again)) == 0
    assert sum(count.stored for count in counts(third)) == 1
