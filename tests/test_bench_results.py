"""What the identity bench makes of what it measured."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[1] / "bench" / "identity"
PRINTED = (
    "set: train 1.0s predict 0.2s pairs>=.2 88370\n"
    "peer @0.9   pairwise 0.6896 0.6229 0.6546 | b3 0.9056 0.7590 0.8259 "
    "| cluster 0.3584 0.4977 0.4167 | over 0.1923 largest 17 seconds=15.4\n"
)


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that writes the section."""
    monkeypatch.syspath_prepend(BENCH)
    return importlib.import_module("results")


def row(engine: str, wall_s: float, *, timed: bool = True) -> dict[str, object]:
    """An engine that ran three times, each time a second slower."""
    score = {"p": 1, "r": 0.5, "f1": 0.667, "b3": 0.8, "cluster": 0.5, "over": 0, "largest": 3}
    costs = [{"cpu_s": wall_s + n, "wall_s": wall_s + n, "peak_mib": 100} for n in range(3)]
    return {"engine": engine, "score": score, "costs": costs, "timed": timed}


def test_the_last_score_that_a_peer_printed_is_read(results: ModuleType) -> None:
    peers = importlib.import_module("peers")

    score = peers.scored(PRINTED)

    assert (score.p, score.r, score.f1) == (0.6896, 0.6229, 0.6546)
    assert (score.b3, score.cluster, score.over, score.largest) == (0.8259, 0.4167, 0.1923, 17)


def test_ratios_are_each_round_s_own(results: ModuleType) -> None:
    own, splink = row("tokui", 2), row("Splink", 4)

    line = results.line(own, splink)

    assert "| 0.60 (0.50 - 0.67) |" in line


def test_what_did_not_run_in_turn_is_not_compared(results: ModuleType) -> None:
    line = results.line(row("tokui, sync alone", 2, timed=False), row("Splink", 4))

    assert line.count("| - |") == 3


def test_other_sections_of_the_results_stay(
    results: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(results, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(results, "MEASURED", tmp_path / "measured.json")
    results.RESULTS.write_text("# Measured\n\nof another bench\n", encoding="utf-8")

    for _ in range(2):
        results.keep("a set", 10, [row("Splink", 4)])

    text = results.RESULTS.read_text(encoding="utf-8")
    assert text.startswith("# Measured\n\nof another bench\n\n<!-- identity -->")
    assert text.count("### a set: 10 records") == 1
