"""Proves checks: connectors broken on purpose, each with the check that must catch it."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest
from tokui.connector import Connector
from tokui.errors import TokuiError

from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.vendor import Vendor

C = TypeVar("C", bound=Connector[Any])
M = TypeVar("M", bound=type[Connector[Any]])


class Mutants(Generic[C]):
    """
    The mutants of one group of checks; iterates over (check, mutant).

    Attributes:
        checks: The names of the group's checks.
    """

    def __init__(self, group: type[Frame[Any]], sandbox: type[Vendor]) -> None:
        self.group = group
        self.sandbox = sandbox
        self.checks = sorted(name for name in dir(group) if name.startswith("test_"))
        self._cases: list[tuple[str, type[Connector[Any]]]] = []

    def __iter__(self) -> Iterator[tuple[str, type[Connector[Any]]]]:
        return iter(self._cases)

    def caught_by(self, check: str) -> Callable[[M], M]:
        """Say which check must catch the class."""

        def register(mutant: M) -> M:
            self._cases.append((check, mutant))
            return mutant

        return register

    def fails(self, check: str, connector: type[C], folder: Path) -> bool:
        """Whether the check fails, under any of its parameters; a skip is no failure."""
        frame: Any = type("Contract", (self.group,), {"connector": connector})()
        for arguments in _arguments(getattr(frame, check)):
            own = Path(tempfile.mkdtemp(dir=folder))
            with self.group.rigged.on(connector, self.sandbox, own) as rig:
                try:
                    getattr(frame, check)(rig, **arguments)
                except (AssertionError, TokuiError, pytest.fail.Exception):
                    return True
        return False


def _arguments(check: Callable[..., None]) -> list[dict[str, Any]]:
    for mark in getattr(check, "pytestmark", ()):
        name, params = mark.args
        return [{name: getattr(each, "values", (each,))[0]} for each in params]
    return [{}]
