"""Saying whether a connection is set up well."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tokui.connector.connection import Capability


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One result of a check.

    Attributes:
        level: `ok`, `warning` (works, but not fully) or `problem` (does not work).
        what: What was found, one sentence.
        todo: What to do about it; None when ok.
    """

    level: Literal["ok", "warning", "problem"]
    what: str
    todo: str | None = None


class Checkable(Capability):
    """Can say whether it is set up well."""

    @abstractmethod
    def check(self) -> Sequence[Finding]:
        """Look at credentials, permissions, quota and clock, for `tokui doctor`."""
