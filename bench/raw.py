"""
The floor: what one script needs for the same job without a framework.

httpx downloads, pydantic validates, sqlite3 upserts; the cursor is in the page's transaction.

    python bench/raw.py URL DATABASE
"""

import re
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime

import httpx
from pydantic import BaseModel, TypeAdapter
from pydantic_core import to_json

NEXT = re.compile(r'<([^>]+)>; rel="next"')

SCHEMA = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
CREATE TABLE IF NOT EXISTS customer(id INTEGER PRIMARY KEY, email, phone, first_name, last_name,
  tags, orders_count, total_spent, created_at, updated_at, addresses, email_consent, sms_consent);
CREATE TABLE IF NOT EXISTS cursor(stream PRIMARY KEY, value);
"""

UPSERT = """
INSERT INTO customer VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET
  email=excluded.email, phone=excluded.phone, first_name=excluded.first_name,
  last_name=excluded.last_name, tags=excluded.tags, orders_count=excluded.orders_count,
  total_spent=excluded.total_spent, created_at=excluded.created_at, updated_at=excluded.updated_at,
  addresses=excluded.addresses, email_consent=excluded.email_consent, sms_consent=excluded.sms_consent
"""


class Address(BaseModel):
    """As the shop sends it."""

    id: int
    address1: str | None
    address2: str | None
    city: str | None
    province: str | None
    country_code: str | None
    zip: str | None
    phone: str | None
    default: bool


class Consent(BaseModel):
    """As the shop sends it."""

    state: str
    opt_in_level: str | None
    consent_updated_at: datetime | None


class Customer(BaseModel):
    """As the shop sends it."""

    id: int
    email: str | None
    phone: str | None
    first_name: str | None
    last_name: str | None
    tags: str
    orders_count: int
    total_spent: str
    created_at: datetime
    updated_at: datetime
    addresses: list[Address]
    email_marketing_consent: Consent | None
    sms_marketing_consent: Consent | None


class Page(BaseModel):
    """As the shop sends it."""

    customers: list[Customer]


def pages(url: str, since: str | None) -> Iterator[bytes]:
    """Every page's body."""
    params = {"updated_at_min": since} if since else None
    with httpx.Client(base_url=url, timeout=30) as client:
        path: str | None = "/admin/api/customers.json"
        while path:
            answer = client.get(path, params=params).raise_for_status()
            yield answer.content
            found = NEXT.search(answer.headers.get("link", ""))
            path, params = (found[1] if found else None), None


def row(one: Customer) -> tuple[object, ...]:
    """One customer, ready for sqlite3."""
    return (
        one.id,
        one.email,
        one.phone,
        one.first_name,
        one.last_name,
        one.tags,
        one.orders_count,
        one.total_spent,
        one.created_at.isoformat(),
        one.updated_at.isoformat(),
        to_json([each.__dict__ for each in one.addresses]),
        to_json(one.email_marketing_consent.__dict__ if one.email_marketing_consent else None),
        to_json(one.sms_marketing_consent.__dict__ if one.sms_marketing_consent else None),
    )


def main(url: str, path: str) -> None:
    """Copy the shop's customers into the database."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(SCHEMA)
    known = database.execute("SELECT value FROM cursor").fetchone()
    latest, total, adapter = known[0] if known else "", 0, TypeAdapter(Page)
    for body in pages(url, latest):
        rows = [row(one) for one in adapter.validate_json(body).customers]
        latest = max([latest, *(str(each[9]) for each in rows)])
        database.execute("BEGIN")
        database.executemany(UPSERT, rows)
        database.execute("INSERT OR REPLACE INTO cursor VALUES ('customers', ?)", (latest,))
        database.execute("COMMIT")
        total += len(rows)
    print(total)


if __name__ == "__main__":
    main(*sys.argv[1:])
