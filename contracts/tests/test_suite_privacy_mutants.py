"""What must not get out: every check catches a connector that was broken on purpose."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from tokui.connector import Item, Page, Pull
from tokui.errors import FatalError, SkipItem
from tokui.http import Response
from tokui.model import Record
from tokui_contracts.example import Stamp, StampSandbox
from tokui_contracts.suite.privacy import PrivacyChecks
from tokui_contracts.suite.proof import Mutants
from tokui_contracts.suite.watch import Watch

MUTANTS = Mutants[Stamp](PrivacyChecks, StampSandbox)


@MUTANTS.caught_by("test_no_secret_gets_out")
class LogsItsToken(Stamp):
    def _get(self, path: str, params: Mapping[str, str | int], **how: Any) -> Response:
        self.ctx.log.debug("token %s", self.settings.token.get_secret_value())
        return super()._get(path, params, **how)


@MUTANTS.caught_by("test_no_secret_gets_out")
class PrintsItsToken(Stamp):
    def __repr__(self) -> str:
        return f"Stamp({self.settings.token.get_secret_value()})"


@MUTANTS.caught_by("test_no_secret_gets_out")
class QuotesTheAnswer(Stamp):
    def _get(self, path: str, params: Mapping[str, str | int], **how: Any) -> Response:
        answer = super()._get(path, params, allow=(400, *how.get("allow", ())))
        if answer.status == 400:
            raise FatalError(f"Stamp says {answer.content.decode()}")
        return answer


@MUTANTS.caught_by("test_nothing_personal_gets_out")
class LogsNames(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        for page in super().pull(ask):
            self.ctx.log.info("read", extra={"names": [item["name"] for item in page.items]})
            yield page


@MUTANTS.caught_by("test_nothing_personal_gets_out")
class QuotesWhatItCannotRead(Stamp):
    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        try:
            return [*super().parse(stream, item)]
        except ValidationError:
            raise SkipItem(f"cannot read {item}") from None


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Stamp], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


def test_a_log_that_was_made_quiet_before_hides_no_mutant(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("ERROR", "tokui")

    assert MUTANTS.fails("test_no_secret_gets_out", LogsItsToken, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)


def test_where_an_object_lies_in_memory_is_no_leak() -> None:
    watch = Watch()

    watch.note("a repr", "<Stamp object at 0x7f31c1a0>")
    watch.note("a log", "card c1 was read")

    assert watch.leaks(["c1"]) == ["a log"]
