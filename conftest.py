"""Fixtures for the tests of every distribution; where CI=true, a skipped test is a failed one."""

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest

pytest_plugins = ["tokui_contracts.stores"]

SUITE = Path(__file__).parent / "contracts" / "src" / "tokui_contracts" / "suite"


def pytest_collection_finish() -> None:
    """Keep what lives as long as the tests out of every collection of garbage: a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure, but for a check that the contract has no use for, as it says why."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        where = report.longrepr[0] if isinstance(report.longrepr, tuple) else ""
        if Path(where).parent != SUITE:
            report.outcome = "failed"
            report.longrepr = f"skipped, and nothing may be skipped here: {report.longrepr}"
    return report
