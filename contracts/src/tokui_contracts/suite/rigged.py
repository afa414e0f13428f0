"""What all checks work with: one connector on a vendor in small, and contexts that take no time."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, NoReturn, Self, TypeVar

from pydantic import JsonValue
from tokui.connector import Connector, Context
from tokui.http import HttpSettings

from tokui_contracts.context import Waits, context
from tokui_contracts.suite.vendor import Vendor

V = TypeVar("V", bound=Vendor)

CONNECTION = "under-test"
PATIENT = HttpSettings(allow_private=True, timeout_s=10)
HASTY = HttpSettings(allow_private=True, timeout_s=10, tries=2)
IMPATIENT = HttpSettings(allow_private=True, timeout_s=0.1, tries=2)


class _Forbidden:
    """Stands where `http`, `rng`, `log` and `stop` are, and must not be looked at."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"the context's `{name}` was used where nothing but the input counts")

    def __call__(self) -> NoReturn:
        raise AssertionError("the clock was asked where nothing but the input counts")


def sealed() -> Context:
    """A context whose every member raises when it is used."""
    seal: Any = _Forbidden()
    return Context(http=seal, now=seal, rng=seal, log=seal, stop=seal)


class Rigged(Generic[V]):
    """
    One connector on a vendor in small.

    Attributes:
        sandbox: Started and prepared.
        waits: Every wait of the connectors made here; none of them took any time.
    """

    def __init__(self, connector: type[Connector[Any]], sandbox: V) -> None:
        self._class = connector
        self._contexts: dict[HttpSettings, Context] = {}
        self._now = sandbox.now
        self.sandbox = sandbox
        self.waits = Waits()

    @classmethod
    @contextmanager
    def on(cls, connector: type[Connector[Any]], sandbox: type[V], folder: Path) -> Iterator[Self]:
        """Start and prepare a sandbox; stop it at the end."""
        rig = cls(connector, sandbox(folder))
        rig.sandbox.start()
        try:
            rig.sandbox.prepare()
            yield rig
        finally:
            for lent in rig._contexts.values():
                lent.http.close()
            rig.sandbox.stop()

    def connect(
        self,
        *,
        settings: Mapping[str, JsonValue] | None = None,
        lent: Context | None = None,
        now: datetime | None = None,
        seed: int = 0,
        limits: HttpSettings = PATIENT,
    ) -> Any:
        """A new connector, with nothing in its memory."""
        chosen = self.sandbox.settings() if settings is None else settings
        if lent is None:
            lent = self._lend(now or self.sandbox.now, seed, limits)
        lent = replace(lent, sender=self.sandbox.sender)
        return self._class(CONNECTION, self._class.Settings.model_validate(dict(chosen)), lent)

    def _lend(self, now: datetime, seed: int, limits: HttpSettings) -> Context:
        """HTTP clients are slow to make and remember nothing of a connector's, so they are shared."""
        self._now = now
        if limits not in self._contexts:
            self._contexts[limits] = context(
                CONNECTION, now=lambda: self._now, http_limits=limits, stop=self.waits
            )
        return replace(self._contexts[limits], now=lambda: now, rng=random.Random(seed))
