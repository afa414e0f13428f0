"""The core's HTTP client, as it is lent."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tokui.http import Http, HttpSettings
from tokui_contracts.context import Waits, context


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
