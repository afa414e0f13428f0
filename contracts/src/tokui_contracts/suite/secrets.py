"""Finds the secrets of a connection's settings, so that everything heard can be searched for them."""

from collections.abc import Iterator

from pydantic import BaseModel, SecretBytes, SecretStr


def secrets_of(settings: BaseModel) -> Iterator[str]:
    """Every secret in the settings, in plain text."""
    for _, value in settings:
        for part in value if isinstance(value, list | tuple) else [value]:
            if isinstance(part, BaseModel):
                yield from secrets_of(part)
            elif isinstance(part, SecretBytes):
                yield part.get_secret_value().decode()
            elif isinstance(part, SecretStr):
                yield part.get_secret_value()
