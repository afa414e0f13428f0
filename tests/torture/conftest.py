"""A place for fast databases, and what the tests found and met, shown at the end of the run."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from crash_harness import Tally
from outbox_harness import Tally as OutboxTally

MEMORY = Path("/dev/shm")
SECTIONS = {
    "crashes": "kills   lost  doubled  pages re-read  unheard",
    "what was delivered": "",
    "what the worlds had": "",
}
"""What is shown at the end, each with its head."""


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In memory where there is such a disk: a killed process is not a power cut."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def met(request: pytest.FixtureRequest) -> Iterator[dict[str, Counter[str]]]:
    """By test, what it met on its way."""
    found: dict[str, Counter[str]] = {}
    yield found
    for name, counts in found.items():
        show(request, "what the worlds had", f"{name}: {listed(counts)}")


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """What this test finds."""
    found = Tally(request.node.name.removeprefix("test_"))
    yield found
    if found.kills:
        line = (
            f"{found.kills:5} {found.lost:6} {found.doubled:8} {found.reread:14} "
            f"{found.unheard:8}  {found.what}"
        )
        show(request, "crashes", line)


@pytest.fixture
def outbox_tallies(request: pytest.FixtureRequest) -> Iterator[list[OutboxTally]]:
    """What was found of messages."""
    found: list[OutboxTally] = []
    yield found
    for each in found:
        last = f" (last call {each.latest_s:.2f} s after a no)" if each.latest_s else ""
        line = (
            f"{each.what}: {each.runs} runs, {each.kills} kills, delivered {each.delivered}, doubled "
            f"{each.doubled}, lost {each.lost}, unknown {each.unknown}, spared {each.spared}{last}; "
        )
        show(request, "what was delivered", line + listed(each.met))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "crash"
    folder.mkdir()
    return folder


def listed(counts: Counter[str]) -> str:
    return ", ".join(f"{what} {count}" for what, count in sorted(counts.items()))


def show(request: pytest.FixtureRequest, section: str, line: str) -> None:
    """Show a line at the end; it goes with the test's report, whichever process ran it."""
    request.node.user_properties.append((section, line))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [each for some in terminalreporter.stats.values() for each in some]
    shown = [
        pair
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for pair in report.user_properties
    ]
    for section, head in SECTIONS.items():
        if lines := [line for name, line in shown if name == section]:
            terminalreporter.section(section)
            for line in [head, *lines] if head else lines:
                terminalreporter.line(line)
