"""Finds out whether code looks at the clock, at chance, at files or at the network."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from types import FrameType
from typing import Any

_MODULES = {
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "sleep"},
    "posix": {"urandom", "getrandom", "open", "listdir", "scandir", "stat"},
    "nt": {"urandom", "open", "listdir", "scandir", "stat"},
    "_socket": {"getaddrinfo", "socket"},
    "io": {"open"},  # as Python 3.11 calls it
    "_io": {"open"},
}
_CLOCK = {"now", "utcnow", "today"}


@contextmanager
def watched() -> Iterator[list[str]]:
    """The names of impure functions that are called inside."""
    found: list[str] = []
    previous, collects = sys.getprofile(), gc.isenabled()
    gc.disable()  # whoever follows its collections may look at the clock
    sys.setprofile(lambda frame, event, arg: _look(frame, event, arg, found.append))
    try:
        yield found
    finally:
        sys.setprofile(previous)
        if collects:
            gc.enable()


def _look(frame: FrameType, event: str, arg: Any, tell: Callable[[str], None]) -> None:
    if event == "c_call" and (name := _impure(arg)):
        tell(name)
    elif event == "call" and frame.f_globals.get("__name__") in ("random", "secrets", "socket"):
        tell(f"{frame.f_globals['__name__']}.{frame.f_code.co_name}")


def _impure(function: Any) -> str | None:
    owner, name = getattr(function, "__self__", None), function.__name__
    if isinstance(owner, type) and issubclass(owner, date) and name in _CLOCK:
        return f"{owner.__name__}.{name}"
    module = str(getattr(function, "__module__", None) or getattr(owner, "__name__", ""))
    if name in _MODULES.get(module, ()):
        return f"{module}.{name}"
    return f"random.{name}" if type(owner).__module__ in ("random", "_random") else None
