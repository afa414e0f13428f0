import inspect
import subprocess
import sys
from importlib import import_module

import pytest
import tokui

HOMES = ("errors", "model", "connector", "hooks", "http")
APART = {"hookspec"}


def test_public_names_are_sorted_and_each_leads_somewhere() -> None:
    kinds = sorted(tokui.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name))

    assert tokui.__all__ == kinds
    assert all(getattr(tokui, name) is not None for name in tokui.__all__)


@pytest.mark.parametrize("home", HOMES)
def test_every_class_and_function_of_the_seams_is_a_public_name(home: str) -> None:
    module = import_module(f"tokui.{home}")
    own = {
        name
        for name, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module.__name__
    }
    public = {name for name in own | set(getattr(module, "__all__", ())) if name[0] != "_"}

    assert public - APART <= set(tokui.__all__)
    assert all(getattr(tokui, name) is getattr(module, name) for name in public - APART)


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'tokui' has no attribute 'Any'"):
        _ = tokui.Any  # type: ignore[attr-defined]


def test_importing_tokui_and_its_errors_imports_no_pydantic() -> None:
    code = "import sys, tokui; tokui.ConfigError; print('pydantic' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
