"""What a ledger must do in bad weather: every check catches one that was broken on purpose."""

from dataclasses import replace
from pathlib import Path

import pytest
from tokui.connector import Posted, Transfer
from tokui.errors import AuthError, NotEnough, PolicyRefusal, RetryableError, Unanswered
from tokui_contracts.example import Branch, Passbook
from tokui_contracts.suite.answering import AnsweringChecks
from tokui_contracts.suite.proof import Mutants

MUTANTS = Mutants[Passbook](AnsweringChecks, Branch)


@MUTANTS.caught_by("test_a_lost_answer_is_found_out_by_asking_again")
class TakesALostAnswerForANo(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        try:
            return super().post(transfer)
        except Unanswered:
            raise NotEnough("so many points are not there", who=self.name) from None


@MUTANTS.caught_by("test_a_lost_answer_is_found_out_by_asking_again")
class AsksAgainUnderAnotherKey(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        try:
            return super().post(transfer)
        except Unanswered:
            return super().post(replace(transfer, key=f"{transfer.key} again"))


@MUTANTS.caught_by("test_bad_weather_is_no_answer")
class HopesForTheBest(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        try:
            return super().post(transfer)
        except RetryableError:
            return Posted(transfer.key, 0, 0)


@MUTANTS.caught_by("test_refused_credentials_move_nothing")
class BlamesTheMember(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        try:
            return super().post(transfer)
        except AuthError:
            raise PolicyRefusal("not allowed", who=self.name) from None


@MUTANTS.caught_by("test_nothing_gets_out_but_the_transfer")
class LogsTheCard(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        self.ctx.log.info("of %s", transfer.member.member_no)
        return super().post(transfer)


@MUTANTS.caught_by("test_nothing_gets_out_but_the_transfer")
class NamesTheCardInItsRefusal(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        try:
            return super().post(transfer)
        except NotEnough:
            raise NotEnough(f"{transfer.member} has too little", who=self.name) from None


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Passbook], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)
