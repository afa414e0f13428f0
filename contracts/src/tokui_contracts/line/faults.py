"""How a call that sends can go wrong."""

from typing import Final, Literal, get_args

Fault = Literal[
    "rate",
    "quota",
    "error",
    "error_after",
    "silent",
    "silent_after",
    "reset",
    "reset_after",
    "garbage",
    "garbage_after",
    "revoked",
]
"""
`rate`, `quota`: 429, of either sort. `error`: 500. `silent`: no answer. `reset`: the connection breaks.
`garbage`: 200 with a page of HTML. `revoked`: 401. Nothing was sent; with `_after`, it was.
"""
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)
