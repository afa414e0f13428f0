"""What a type checker must refuse, and its twin that it must accept. The files are never run."""

import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).parent / "typing"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All that mypy says of all of them."""
    how = [f"--cache-dir={tmp_path_factory.mktemp('mypy')}", "--follow-imports=silent"]
    words = [sys.executable, "-m", "mypy", *how, *map(str, sorted(CASES.glob("*.py")))]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "checked 6 source files" in ran.stdout, ran.stdout + ran.stderr
    return [line for line in ran.stdout.splitlines() if ": error: " in line]


@pytest.mark.parametrize("name", ["settings", "ask", "follower"])
def test_the_right_twin_passes(name: str, errors: list[str]) -> None:
    assert [line for line in errors if f"{name}_right.py:" in line] == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("settings", 'expression has type "type[OtherSettings]"'),
        ("ask", 'Argument "right" to "ask" of "Hub" has incompatible type "str"'),
        ("follower", 'Unexpected keyword argument "views"'),
    ],
)
def test_the_wrong_twin_is_refused_for_its_one_mistake(
    name: str, says: str, errors: list[str]
) -> None:
    (error,) = (line for line in errors if f"{name}_wrong.py:" in line)

    assert says in error
