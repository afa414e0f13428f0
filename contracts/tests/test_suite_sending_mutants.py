"""What a channel must keep: every check catches one that was broken on purpose."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from tokui.connector import Outcome, Parcel
from tokui.errors import FatalError
from tokui.http import Response
from tokui.model import Purpose
from tokui_contracts.example import Postcards, PostOffice
from tokui_contracts.suite.proof import Mutants
from tokui_contracts.suite.sending import SendingChecks

MUTANTS = Mutants[Postcards](SendingChecks, PostOffice)


@MUTANTS.caught_by("test_it_says_what_it_reaches_and_proves")
class ForgetsItsKeysAtOnce(Postcards):
    key_lifetime = timedelta(minutes=5)


@MUTANTS.caught_by("test_every_address_gets_it_and_an_outcome")
class AnswersForTheFirstOnly(Postcards):
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        return super().send(parcel)[:1]


@MUTANTS.caught_by("test_a_key_is_sent_once")
class SendsNoKey(Postcards):
    def _post(self, body: object, headers: Mapping[str, str], **how: Any) -> Response:
        return super()._post(body, {}, **how)


@MUTANTS.caught_by("test_what_must_not_go_out_makes_no_call")
class TakesAnyLength(Postcards):
    class Content(BaseModel):
        model_config = ConfigDict(extra="forbid")
        text: str

    def objection(self, content: BaseModel, purpose: Purpose, language: str) -> str | None:
        return None


@MUTANTS.caught_by("test_more_persons_than_one_call_takes_make_no_call")
class SendsToTheFirstThree(Postcards):
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        few = parcel.addresses[: self.most_addresses]
        return super().send(Parcel(parcel.key, parcel.content, few))


@MUTANTS.caught_by("test_preview_and_objection_are_pure")
class DatesItsPreview(Postcards):
    def preview(self, content: BaseModel, purpose: Purpose, language: str) -> str:
        return f"{self.ctx.now()} {content}"


@MUTANTS.caught_by("test_preview_and_objection_are_pure")
class ObjectsToAll(Postcards):
    def objection(self, content: BaseModel, purpose: Purpose, language: str) -> str | None:
        return "not today"


@MUTANTS.caught_by("test_nothing_gets_out_but_the_message")
class LogsWhereItGoes(Postcards):
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        self.ctx.log.info("to %s", parcel.addresses)
        return super().send(parcel)


@MUTANTS.caught_by("test_nothing_gets_out_but_the_message")
class QuotesTheRefusal(Postcards):
    def _post(self, body: object, headers: Mapping[str, str], **how: Any) -> Response:
        answer = super()._post(body, headers, allow=(400, 402, 409))
        if answer.status == 400:
            raise FatalError(f"it says {answer.content.decode()}", who=self.name)
        return answer


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Postcards], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)
