"""What a type checker must refuse, and its twin that it must accept. The files are never run."""

from pathlib import Path

import pytest
from mypy import api

CASES = Path(__file__).parent / "typing"
ROOT = Path(__file__).parents[2]


def check(case: str, cache: Path) -> tuple[str, int]:
    config = f"--config-file={ROOT / 'pyproject.toml'}"
    out, err, code = api.run([config, f"--cache-dir={cache}", "--follow-imports=silent", case])
    return out + err, code


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy")


@pytest.mark.parametrize("name", ["settings", "ask", "follower"])
def test_the_right_twin_passes(name: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert check(str(CASES / f"{name}_right.py"), cache)[1] == 0


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("settings", 'expression has type "type[OtherSettings]"'),
        ("ask", 'Argument "right" to "ask" of "Hub" has incompatible type "str"'),
        ("follower", 'Unexpected keyword argument "views"'),
    ],
)
def test_the_wrong_twin_is_refused_for_its_one_mistake(
    name: str, says: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)

    out, code = check(str(CASES / f"{name}_wrong.py"), cache)

    assert code == 1
    assert says in out
    assert "Found 1 error" in out
