"""What all checks share: the attributes of a contract, and the rig on which they run."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import pytest
from tokui.connector import Connector

from tokui_contracts.suite.rigged import Rigged
from tokui_contracts.suite.vendor import Vendor

R = TypeVar("R", bound=Rigged[Any])


class Frame(Generic[R]):
    """
    A contract: what is checked, and against what.

    Attributes:
        rigged: The kind of rig that the checks work with.
        connector: The class under test.
        sandbox: The vendor in small.
        not_secret: Settings that look like secrets and are none, each with the reason.
    """

    rigged: ClassVar[type[Rigged[Any]]]
    connector: ClassVar[type[Connector[Any]]]
    sandbox: ClassVar[type[Vendor]]
    not_secret: ClassVar[Mapping[str, str]] = {}

    @pytest.fixture
    def rig(self, tmp_path: Path) -> Iterator[Rigged[Any]]:
        """The connector on a fresh vendor in small."""
        with self.rigged.on(self.connector, self.sandbox, tmp_path) as rig:
            yield rig
