"""
Named places where a test may kill the process: `TOKUI_FAILPOINT=name:n` dies at the n-th passing.

The death is SIGKILL, as a power cut or the out-of-memory killer would do it. Without the variable a
failpoint costs one comparison.
"""

import os
import signal
from collections import Counter

_name, _, _nth = os.environ.get("TOKUI_FAILPOINT", "").partition(":")
_passed: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Die here if the environment says so."""
    if name == _name:
        _passed[name] += 1
        if _passed[name] == int(_nth or 1):
            os.kill(os.getpid(), signal.SIGKILL)
