"""A customer in the midst of matching."""

from tokui.identity.features import NONE, Features


class Person:
    """
    One customer and where it stands.

    Attributes:
        id: Customer id.
        key: Which system states it, and its key there: this orders customers however they arrived.
        profile_id: The current link; None before the first.
        gone: The source has it no more; it keeps its place and forbids nothing.
    """

    __slots__ = ("_features", "gone", "id", "key", "profile_id")

    def __init__(
        self,
        id: int,  # noqa: A002 - it is one
        connection: str,
        external_id: str,
        profile_id: int | None = None,
        features: Features | str = NONE,
        gone: bool = False,
    ) -> None:
        self.id = id
        self.key = (connection, external_id)
        self.profile_id = profile_id
        self.gone = gone
        self._features = features

    def __reduce__(self) -> tuple[type["Person"], tuple[object, ...]]:
        """Small, as people are sent between processes."""
        return Person, (self.id, *self.key, self.profile_id, self._features, self.gone)

    @property
    def connection(self) -> str:
        """Which system states it."""
        return self.key[0]

    @property
    def external_id(self) -> str:
        """Its key there."""
        return self.key[1]

    @property
    def features(self) -> Features:
        """What matching compares, read from its JSON when somebody asks for it."""
        if isinstance(self._features, str):
            self._features = Features.from_json(self._features)
        return self._features

    @features.setter
    def features(self, known: Features) -> None:
        self._features = known
