"""Giving out and erasing what a system holds about a person. Provisional until its first user lands."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from tokui.connector.connection import Capability


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an erasure: how many objects of which kind, when (UTC)."""

    erased: Mapping[str, int]
    at: datetime


class Custodian(Capability):
    """Holds personal data of its own. A connector without it says why in `holds_nothing`."""

    @abstractmethod
    def export(self, external_ids: Sequence[str]) -> Mapping[str, JsonValue]:
        """All that the system holds about these customers."""

    @abstractmethod
    def erase(self, external_ids: Sequence[str]) -> Receipt:
        """Erase it there."""
