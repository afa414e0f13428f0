"""The table of what the crash tests found, shown at the end of the run."""

from pathlib import Path

import pytest
from crash_harness import Tally

TALLIES = pytest.StashKey[list[Tally]]()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """What this test finds; it is shown at the end."""
    found = Tally(request.node.name.removeprefix("test_"))
    request.config.stash.setdefault(TALLIES, []).append(found)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "crash"
    folder.mkdir()
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found = [each for each in terminalreporter.config.stash.get(TALLIES, []) if each.kills]
    if not found:
        return
    terminalreporter.section("crashes")
    terminalreporter.line("kills   lost  doubled  pages re-read  unheard  ")
    for each in found:
        terminalreporter.line(
            f"{each.kills:5} {each.lost:6} {each.doubled:8} {each.reread:14} {each.unheard:8}  {each.what}"
        )
