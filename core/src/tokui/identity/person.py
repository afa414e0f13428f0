"""A customer in the midst of matching."""

from dataclasses import dataclass, field

from tokui.identity.features import NONE, Features


@dataclass(eq=False, slots=True)
class Person:
    """
    One customer and where it stands.

    Attributes:
        id: Customer id.
        connection: Which system states it.
        external_id: Its key there; with the connection it orders customers, whatever their ids are.
        profile_id: The current link; None before the first.
        features: What matching compares.
        gone: The source has it no more; it keeps its place and forbids nothing.
    """

    id: int
    connection: str
    external_id: str
    profile_id: int | None = None
    features: Features = field(default=NONE)
    gone: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What orders customers the same way however they arrived."""
        return self.connection, self.external_id
