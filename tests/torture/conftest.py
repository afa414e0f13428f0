"""A place for fast databases, and what the tests found and met, shown at the end of the run."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from crash_harness import Tally
from outbox_harness import Tally as OutboxTally

TALLIES = pytest.StashKey[list[Tally]]()
OUTBOX = pytest.StashKey[list["OutboxTally"]]()
MET = pytest.StashKey[dict[str, Counter[str]]]()

MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In memory where there is such a disk: a killed process is not a power cut."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def met(request: pytest.FixtureRequest) -> dict[str, Counter[str]]:
    """By test, what it met on its way; it is shown at the end."""
    return request.config.stash.setdefault(MET, {})


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """What this test finds; it is shown at the end."""
    found = Tally(request.node.name.removeprefix("test_"))
    request.config.stash.setdefault(TALLIES, []).append(found)
    return found


@pytest.fixture
def outbox_tallies(request: pytest.FixtureRequest) -> list[OutboxTally]:
    """What was found of messages; it is shown at the end."""
    return request.config.stash.setdefault(OUTBOX, [])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "crash"
    folder.mkdir()
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    _crashes(terminalreporter)
    _letters(terminalreporter)
    if met := terminalreporter.config.stash.get(MET, {}):
        terminalreporter.section("what the worlds had")
    for name, counts in met.items():
        shown = ", ".join(f"{what} {count}" for what, count in sorted(counts.items()))
        terminalreporter.line(f"{name}: {shown}")


def _letters(terminalreporter: pytest.TerminalReporter) -> None:
    if found := terminalreporter.config.stash.get(OUTBOX, []):
        terminalreporter.section("what was delivered")
    for each in found:
        met = ", ".join(f"{what} {count}" for what, count in sorted(each.met.items()))
        last = f" (last call {each.latest_s:.2f} s after a no)" if each.latest_s else ""
        terminalreporter.line(
            f"{each.what}: {each.runs} runs, {each.kills} kills, delivered {each.delivered}, "
            f"doubled {each.doubled}, lost {each.lost}, unknown {each.unknown}, spared {each.spared}"
            f"{last}; {met}"
        )


def _crashes(terminalreporter: pytest.TerminalReporter) -> None:
    found = [each for each in terminalreporter.config.stash.get(TALLIES, []) if each.kills]
    if not found:
        return
    terminalreporter.section("crashes")
    terminalreporter.line("kills   lost  doubled  pages re-read  unheard  ")
    for each in found:
        terminalreporter.line(
            f"{each.kills:5} {each.lost:6} {each.doubled:8} {each.reread:14} {each.unheard:8}  {each.what}"
        )
