"""What tokui made of a set: whose each record is."""

import csv
from pathlib import Path

import sqlalchemy as sa
from tokui.store.engine import Store, Transaction
from tokui.store.tables import CustomerRow, columns

AT = columns(CustomerRow)


def partition(url: str, records: Path) -> dict[str, int]:
    """Profile by the record's number in the set."""
    store = Store.open(url)
    try:
        with store.read() as tx:
            return {names[key]: profile for names in [_names(records)] for key, profile in _all(tx)}
    finally:
        store.close()


def _all(tx: Transaction) -> list[tuple[tuple[str, str], int]]:
    query = sa.select(AT.connection, AT.external_id, AT.profile_id)
    return [((connection, key), profile) for connection, key, profile in tx.all(query)]


def _names(records: Path) -> dict[tuple[str, str], str]:
    with (records / "records.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["source"], row.get("source_id") or row["record_id"]): row["record_id"]
            for row in csv.DictReader(file)
        }
