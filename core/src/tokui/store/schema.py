"""The tables' versions: which one a database has, and how it gets the newest."""

from pathlib import Path

import sqlalchemy as sa

from tokui.errors import StoreError
from tokui.store.engine import Store

HEAD = "0009"
"""The newest migration. Kept here so that a start needs no Alembic when nothing is to do."""


def current(store: Store) -> str | None:
    """The database's version; None when it has no tables yet."""
    with store.read() as tx:
        if not sa.inspect(tx.connection).has_table("alembic_version"):
            return None
        return tx.connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(store: Store) -> None:
    """
    Bring the tables to `HEAD`, all steps in one transaction.

    Raises:
        StoreError: The database is newer than this program.
    """
    from alembic import command
    from alembic.config import Config

    version = current(store)
    if version is not None and version > HEAD:
        raise _newer(version)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with store.write() as tx:
        config.attributes["connection"] = tx.connection
        command.upgrade(config, "head")


def ready(store: Store) -> None:
    """
    Make sure that the tables are there, in this program's version.

    A new SQLite file gets them; any other database must be upgraded on purpose.

    Raises:
        StoreError: The database needs `tokui db upgrade`, or is newer than this program.
    """
    version = current(store)
    if version == HEAD:
        return
    if version is None and store.engine.dialect.name == "sqlite":
        upgrade(store)
        return
    if version is not None and version > HEAD:
        raise _newer(version)
    what = (
        f"the tables are of version {version}, this program needs {HEAD}"
        if version
        else "no tables yet"
    )
    raise StoreError(what, who="store", todo="run `tokui db upgrade`")


def _newer(version: str) -> StoreError:
    return StoreError(
        f"the tables are of version {version}, newer than this program's {HEAD}",
        who="store",
        todo="upgrade tokui",
    )
