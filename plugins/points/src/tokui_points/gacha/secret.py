"""The secrets of a draw: the seed, published in the end, and the salt of players' ids, which never is."""

import hmac
import json
import os
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tokui.errors import ConfigError

_HEX = re.compile(r"[0-9a-f]{64}\n[0-9a-f]{64}\n")
_TODO = "restore the file, or delete it if the draw was never opened"
LENGTH = 64
"""Bytes of both."""


@dataclass(frozen=True, slots=True)
class Secret:
    """
    Both secrets.

    Attributes:
        seed: 32 bytes that decide every draw.
        salt: 32 bytes without which nobody can tell whom an id stands for.
    """

    seed: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @classmethod
    def of(cls, random: bytes) -> "Secret":
        """Out of `LENGTH` random bytes."""
        return cls(random[: LENGTH // 2], random[LENGTH // 2 :])

    @property
    def commitment(self) -> str:
        """What is published before the first draw: SHA-256 of the seed."""
        return sha256(self.seed).hexdigest()

    def alias(self, *words: str) -> str:
        """Stands for words in what is published; the same for the same words."""
        return hmac.digest(self.salt, json.dumps(words).encode(), "sha256").hex()[:16]


def read(path: Path) -> Secret:
    """
    The secrets kept in a file.

    Raises:
        ConfigError: It cannot be read, or is not such a file.
    """
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        raise ConfigError("the secret cannot be read", who=path.name, todo=_TODO) from None
    if not _HEX.fullmatch(text):
        raise ConfigError("is no secret of a draw", who=path.name, todo=_TODO)
    return Secret.of(bytes.fromhex(text))


def made(path: Path, random: bytes) -> Secret:
    """The secrets kept in a file; a new one, which only its owner may read, where there is none yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read(path)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{random[:32].hex()}\n{random[32:].hex()}\n")
        file.flush()
        os.fsync(handle)
    return Secret.of(random)
