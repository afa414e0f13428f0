"""What all checks share: the two attributes of a contract, and the rig on which they run."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tokui.connector import Connector

from tokui_contracts.suite.rig import Rig
from tokui_contracts.suite.sandbox import Sandbox


class Frame:
    """
    A contract: what is checked, and against what.

    Attributes:
        connector: The class under test.
        sandbox: The vendor in small.
        not_secret: Settings that look like secrets and are none, each with the reason.
    """

    connector: ClassVar[type[Connector[Any]]]
    sandbox: ClassVar[type[Sandbox]]
    not_secret: ClassVar[Mapping[str, str]] = {}

    @pytest.fixture
    def rig(self, tmp_path: Path) -> Iterator[Rig]:
        """The connector on a fresh, filled sandbox."""
        with Rig.on(self.connector, self.sandbox, tmp_path) as rig:
            yield rig
