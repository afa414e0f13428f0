"""Proves checks: connectors broken on purpose, each with the check that must catch it."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tokui.errors import TokuiError

from tokui_contracts.example import Stamp, StampSandbox
from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.rig import Rig

M = TypeVar("M", bound=type[Stamp])


class Mutants:
    """
    The mutants of one group of checks; iterates over (check, mutant).

    Attributes:
        checks: The names of the group's checks.
    """

    def __init__(self, group: type[Frame]) -> None:
        self.group = group
        self.checks = sorted(name for name in dir(group) if name.startswith("test_"))
        self._cases: list[tuple[str, type[Stamp]]] = []

    def __iter__(self) -> Iterator[tuple[str, type[Stamp]]]:
        return iter(self._cases)

    def caught_by(self, check: str) -> Callable[[M], M]:
        """Say which check must catch the class."""

        def register(mutant: M) -> M:
            self._cases.append((check, mutant))
            return mutant

        return register

    def fails(self, check: str, connector: type[Stamp], folder: Path) -> bool:
        """Whether the check fails, under any of its parameters; a skip is no failure."""
        frame: Any = type("Contract", (self.group,), {"connector": connector})()
        for arguments in _arguments(getattr(frame, check)):
            own = Path(tempfile.mkdtemp(dir=folder))
            with Rig.on(connector, StampSandbox, own) as rig:
                try:
                    getattr(frame, check)(rig, **arguments)
                except (AssertionError, TokuiError, pytest.fail.Exception):
                    return True
        return False


def _arguments(check: Callable[..., None]) -> list[dict[str, Any]]:
    for mark in getattr(check, "pytestmark", ()):
        name, params = mark.args
        return [{name: param.values[0]} for param in params]
    return [{}]
