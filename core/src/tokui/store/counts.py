"""Figures of a run."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """
    What became of records, items and pages. Added up over a run.

    Attributes:
        pages: Pages committed.
        read: Items read.
        stored: Records written, new or changed.
        unchanged: Records that were there already, the same.
        stale: Records older than what is stored; left alone.
        gone: Records marked as gone.
        linked: Customers that joined another one's profile.
        quarantined: Items put into quarantine.
    """

    pages: int = 0
    read: int = 0
    stored: int = 0
    unchanged: int = 0
    stale: int = 0
    gone: int = 0
    linked: int = 0
    quarantined: int = 0

    def count(self, outcome: str) -> None:
        """One more of that outcome."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def add(self, other: "Counts") -> None:
        """Add another's figures to these."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_dict(self) -> dict[str, int]:
        """By name, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}
