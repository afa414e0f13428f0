"""Tables of an older version, with what is in them, become those of today."""

import json
import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlmodel import SQLModel
from tokui.model import Consent, moment
from tokui.store import consents, decisions, dirty, schema
from tokui.store.engine import Store
from tokui_contracts.stores import DATABASES

OLD_LINK = {"11": None}
OLD_MERGE = {"12": 8, "13": 8}


@pytest.fixture(params=DATABASES)
def bare(request, tmp_path):
    """A database without tables."""
    if request.param == "sqlite":
        store = Store.open(f"sqlite:///{tmp_path}/old.sqlite3")
        yield store
        store.close()
        return
    server = request.getfixturevalue("postgres_server")
    name = f"tokui_upgrade_{os.getpid()}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    url = server.url.set(database=name).render_as_string(hide_password=False)
    store = Store.open(url)
    yield store
    store.close()
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def upgrade(store, version):
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    with store.write() as tx:
        config.attributes["connection"] = tx.connection
        command.upgrade(config, version)


@pytest.fixture
def old(bare):
    """A ledger of version 0001 with four customers, a link and a merge."""
    upgrade(bare, "0001")
    with bare.write() as tx:
        for row_id, profile in ((10, 7), (11, 7), (12, 7), (13, 7)):
            tx.connection.exec_driver_sql(
                "INSERT INTO customer (id, connection, external_id, hash, record, profile_id, stub)"
                f" VALUES ({row_id}, 'shop', '{row_id}', 0, '{{}}', {profile}, false)"
            )
        for number, kind, actor, before in (
            (20, "link", "exact-identifiers/1", OLD_LINK),
            (21, "merge", "source", OLD_MERGE),
        ):
            tx.connection.exec_driver_sql(
                "INSERT INTO decision (id, kind, actor, profile_id, evidence, before, at) VALUES"
                f" ({number}, '{kind}', '{actor}', 7, '[\"same email\"]', '{json.dumps(before)}', 5)"
            )
    return bare


def test_what_old_decisions_moved_is_kept(old):
    schema.upgrade(old)

    with old.read() as tx:
        link, merge = decisions.some(tx, [20, 21])
        assert decisions.misplaced(tx) == []
    assert (link.actor, link.rule, link.evidence) == ("rule", "exact-identifiers/1", ["same email"])
    assert (merge.actor, merge.rule) == ("source", None)
    assert link.moves == ((11, None, 7),)
    assert merge.moves == ((12, 8, 7), (13, 8, 7))


def test_customers_of_an_older_version_are_looked_at_by_the_next_batch_pass(old):
    schema.upgrade(old)

    with old.read() as tx:
        rows = tx.all(sa.text("SELECT id, features FROM customer ORDER BY id"))
        assert dirty.ids(tx) == [number for number, _ in rows]
    assert [text for _, text in rows] == [None] * 4


def test_upgraded_tables_are_those_of_the_model(bare):
    schema.upgrade(bare)

    with bare.read() as tx:
        found = sa.inspect(tx.connection)
        for table in SQLModel.metadata.sorted_tables:
            stored = {each["name"]: each["nullable"] for each in found.get_columns(table.name)}
            assert stored == {each.name: bool(each.nullable) for each in table.columns}
            indexes = {each["name"] for each in found.get_indexes(table.name)}
            assert {str(each.name) for each in table.indexes} <= indexes


def test_a_yes_of_an_older_version_counts_once_it_is_read_again(old):
    with old.write() as tx:
        tx.connection.exec_driver_sql(
            "INSERT INTO consent (customer_id, contact, value, purpose, topic, state, occurred_at,"
            " external_id, at) VALUES (10, 'email', '', 'marketing', '', 'granted', 5, '10/e', 9)"
        )
    schema.upgrade(old)
    said = Consent(
        external_id="10/e", customer="10", contact="email", state="granted", occurred_at=moment(5)
    )

    with old.read() as tx:
        [kept] = consents.of_customers(tx, [10])
        news, known = consents.unheard(tx, [said], {"10": (10, 7)}, ())

    assert (kept.points, kept.evidence, len(news), known) == (None, "", 1, 0)
