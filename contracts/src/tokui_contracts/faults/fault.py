"""How an answer goes wrong, and how often."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Literal

from tokui_contracts.town.dice import Dice

Kind = Literal[
    "answer",
    "broken",
    "denied",
    "edited",
    "garbage",
    "limited",
    "midway",
    "refused",
    "repeat",
    "reset",
    "silent",
    "slow",
    "truncated",
]


@dataclass(frozen=True)
class Fault:
    """
    A way in which an answer goes wrong.

    Attributes:
        kind: `limited`: 429. `broken`: 503. `denied`: 401. `silent`: no answer. `slow`: the answer
            after `seconds`. `reset`: the connection breaks before the answer, `midway`: within it (of an
            answer without a body, before it).
            `truncated`: half an answer, then the end. `garbage`: 200 with a page of HTML. `answer`:
            200 with the JSON `says`. `edited`: the JSON that `edit` makes of the answer's. `repeat`:
            the first answer again and again; for ever, that is a listing without an end. `refused`:
            400 with a body that quotes `says` and the request.
        retry_after_s: What a 429 says, in seconds.
        as_date: It says so as a date.
        says: Text in the body of `refused` and `answer`.
        status: Another status than the kind's own, such as 500 or 502 for `broken`.
        seconds: How slow.
        edit: Changes the decoded body and returns it.
    """

    kind: Kind
    retry_after_s: int | None = None
    as_date: bool = False
    says: str = ""
    status: int | None = None
    seconds: float = 0.0
    edit: Callable[[Any], Any] | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Headers of its answer."""
        if self.retry_after_s is None:
            return {}
        if not self.as_date:
            return {"Retry-After": str(self.retry_after_s)}
        then = datetime.now(UTC) + timedelta(seconds=self.retry_after_s)
        return {"Retry-After": format_datetime(then, usegmt=True)}


def lost(name: str) -> Fault:
    """Every object lacks a field of this name."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without(inner) for key, inner in value.items() if key != name}
        return [without(inner) for inner in value] if isinstance(value, list) else value

    return Fault("edited", edit=without)


def unknown(name: str) -> Fault:
    """Every object has one more field, of this name."""

    def more(value: Any) -> Any:
        if isinstance(value, dict):
            return {**{key: more(inner) for key, inner in value.items()}, name: "new"}
        return [more(inner) for inner in value] if isinstance(value, list) else value

    return Fault("edited", edit=more)


def at_random(seed: int, share: float, faults: Sequence[Fault]) -> Iterator[Fault | None]:
    """For each request one of the faults in `share` of all cases, the same each time for a seed."""
    dice = Dice(seed, "faults")
    while True:
        yield dice.pick(faults) if dice.chance(share) else None
