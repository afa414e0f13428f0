"""The core's HTTP client, as it is lent; and the books, on a clock of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from tokui.http import Http, HttpSettings
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui_contracts.context import NOON, Waits, context


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def http(waits: Waits) -> Iterator[Http]:
    lent = context(stop=waits).http
    yield lent
    lent.close()


@pytest.fixture
def lent():
    """A client with other limits, and what it waited for."""

    @contextmanager
    def lend(**changes: object) -> Iterator[tuple[Http, Waits]]:
        waits = Waits()
        limits = {"allow_private": True, "timeout_s": 5, **changes}
        http = context(http_limits=HttpSettings.model_validate(limits), stop=waits).http
        try:
            yield http, waits
        finally:
            http.close()

    return lend


@dataclass
class Clock:
    """Stands still, until a test lets time pass."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def books(store_url: str, clock: Clock) -> Iterator[Books]:
    """Empty books; whatever a test does to them, they add up at its end."""
    store = Store.open(store_url, clock)
    opened = Books(store)
    yield opened
    faults = opened.check()
    store.close()
    assert faults == []
