"""Bad weather: every check catches a connector that was broken on purpose."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tokui.connector import Page, Pull
from tokui.errors import RateLimited, Unavailable
from tokui.http import Response
from tokui_contracts.example import Stamp, StampSandbox
from tokui_contracts.suite.proof import Mutants
from tokui_contracts.suite.trouble import TroubleChecks

MUTANTS = Mutants[Stamp](TroubleChecks, StampSandbox)
EMPTY = Response(200, {}, b'{"items": [], "next": null}')


class EndsOn(Stamp):
    """Takes an error that says `words` for the end of the stream."""

    words = ""

    def _get(self, path: str, params: Mapping[str, str | int], **how: Any) -> Response:
        try:
            answer = super()._get(path, params, **how)
            answer.json()
        except (RateLimited, Unavailable) as error:
            if self.words in str(error):
                return EMPTY
            raise
        return answer


@MUTANTS.caught_by("test_rate_limits_are_obeyed")
class EndsOnRateLimits(EndsOn):
    words = "rate limited"


@MUTANTS.caught_by("test_rate_limits_are_obeyed")
class Hammers(Stamp):
    def _get(self, path: str, params: Mapping[str, str | int], **how: Any) -> Response:
        allow = (*how.get("allow", ()), 429)
        for _ in range(5):
            answer = super()._get(path, params, allow=allow)
            if answer.status != 429:
                return answer
        raise RateLimited("it still says no")


@MUTANTS.caught_by("test_server_errors")
class EndsOnServerErrors(EndsOn):
    words = "answered 503"


@MUTANTS.caught_by("test_silence")
class EndsOnSilence(EndsOn):
    words = "no answer within"


@MUTANTS.caught_by("test_broken_connections")
class EndsOnBrokenConnections(EndsOn):
    words = "(ReadError)"


@MUTANTS.caught_by("test_truncated_answers")
class EndsOnTruncatedAnswers(EndsOn):
    words = "(RemoteProtocolError)"


@MUTANTS.caught_by("test_garbage_answers")
class EndsOnGarbage(EndsOn):
    words = "not JSON"


@MUTANTS.caught_by("test_a_repeated_page_ends")
class CountsIntoTheCursor(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        count = int(str((ask.cursor or {}).get("count", 0)))
        for page in super().pull(ask):
            count += 1
            yield Page(page.items, {**page.cursor, "count": count})


@MUTANTS.caught_by("test_a_repeated_page_ends")
class WaitsForSomethingNew(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        seen = None
        for page in super().pull(ask):
            if page.items != seen or not page.items:
                yield page
            seen = page.items


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Stamp], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)
