"""Fixtures for the tests of every distribution; where CI=true, a skipped test is a failed one."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

pytest_plugins = ["tokui_contracts.stores"]

SUITE = Path(__file__).parent / "contracts" / "src" / "tokui_contracts" / "suite"


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
