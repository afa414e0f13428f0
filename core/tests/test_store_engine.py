"""The database under the ledger: transactions, and what its errors become."""

import sqlite3

import pytest
import sqlalchemy as sa
from tokui.errors import StoreBusy, StoreError, StoreFull
from tokui.model import Customer
from tokui.store import cursors, driver, schema
from tokui.store.engine import Store
from tokui.sync.stream import Options
from tokui_contracts.scripted import page, script, told


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(driver, "BUSY_TIMEOUT_S", 0.2)


def test_a_transaction_is_written_whole_or_not_at_all(store):
    def fail():
        with store.write() as tx:
            cursors.put(tx, "shop", "orders", {"at": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with store.read() as tx:
        assert cursors.every(tx) == []


def test_a_reader_never_sees_half_a_transaction(store):
    with store.read() as reading:
        cursors.every(reading)
        with store.write() as tx:
            cursors.put(tx, "shop", "orders", {"at": 1})
        assert cursors.every(reading) == []

    with store.read() as tx:
        assert len(cursors.every(tx)) == 1


def test_keys_that_were_given_out_never_come_again(store):
    with store.write() as tx:
        first = list(tx.allocate("row", 3))
    with store.write() as tx:
        second = list(tx.allocate("row", 2))

    assert (len(first), len(second), len({*first, *second})) == (3, 2, 5)


def test_a_store_that_another_process_holds_is_busy(store_url, impatient):
    mine, theirs = Store.open(store_url), Store.open(store_url)

    with theirs.write() as tx:
        cursors.put(tx, "shop", "orders", {"at": 1})
        with pytest.raises(StoreBusy, match="another process held the database"), mine.write():
            pass
    with mine.write() as tx:
        assert len(cursors.every(tx)) == 1

    mine.close()
    theirs.close()


def test_a_full_disk_is_a_clean_error_and_the_run_resumes_when_there_is_space(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/small.sqlite3")
    schema.upgrade(store)
    pages = [
        page(*(Customer(external_id=f"{n}-{k}", note="x" * 500) for k in range(50)))
        for n in range(20)
    ]

    with store.engine.connect() as connection:
        (used,) = connection.exec_driver_sql("PRAGMA page_count").one()

    @sa.event.listens_for(store.engine, "checkout")
    def _no_more_space(driver: sqlite3.Connection, *_: object) -> None:
        driver.execute(f"PRAGMA max_page_count={used + 60}")

    full = told(store, script("shop", *pages), options=Options(together=50))
    sa.event.remove(store.engine, "checkout", _no_more_space)
    store.engine.dispose()
    resumed = told(store, script("shop", *pages))

    assert isinstance(full.connections[0].errors["everything"], StoreFull)
    assert 0 < full.total.pages < 20
    assert full.total.pages + resumed.total.pages == 20
    assert full.total.stored + resumed.total.stored == 1000
    store.close()


def test_a_database_that_is_not_there_says_so(tmp_path):
    gone = Store.open(f"postgresql+psycopg://tokui@/tokui?host={tmp_path}")

    with pytest.raises(StoreError, match="cannot be reached"), gone.read():
        pass


def test_an_unknown_kind_of_database_is_refused():
    with pytest.raises(StoreError, match="cannot keep data in mysql"):
        Store.open("mysql://localhost/tokui")


def test_a_store_without_tables_on_a_server_asks_for_the_upgrade(store):
    if store.engine.dialect.name == "postgresql":
        with store.write() as tx:
            tx.connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
        with pytest.raises(StoreError, match="tokui db upgrade"):
            schema.ready(store)
        with store.write() as tx:
            tx.connection.execute(
                sa.text(f"UPDATE alembic_version SET version_num = '{schema.HEAD}'")
            )
    schema.ready(store)
    assert schema.current(store) == schema.HEAD


def test_a_database_newer_than_the_program_is_left_alone(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/new.sqlite3")
    schema.ready(store)
    with store.write() as tx:
        tx.connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    for step in (schema.ready, schema.upgrade):
        with pytest.raises(StoreError, match="newer than this program"):
            step(store)
    store.close()


def test_upgrading_twice_changes_nothing(store):
    schema.upgrade(store)

    assert schema.current(store) == schema.HEAD


def test_what_a_thread_left_behind_still_uses_is_closed_when_it_is_given_back(store_url):
    store = Store.open(store_url)
    with store.read() as tx:
        mine = tx.connection.connection.driver_connection
        store.close()

    with pytest.raises(Exception, match="closed"):
        mine.cursor()
