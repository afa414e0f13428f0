"""What a ledger must keep: every check catches one that was broken on purpose."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tokui.connector import Balance, Capture, Member, Movement, Posted, Redeem, Reverse, Transfer
from tokui.errors import NotEnough, PolicyRefusal
from tokui.http import Response
from tokui_contracts.example import Branch, Passbook
from tokui_contracts.suite.keeping import KeepingChecks
from tokui_contracts.suite.proof import Mutants

MUTANTS = Mutants[Passbook](KeepingChecks, Branch)


@MUTANTS.caught_by("test_one_who_never_earned_has_nothing")
class WelcomesEverybody(Passbook):
    def balance(self, member: Member) -> Balance:
        told = super().balance(member)
        return replace(told, points=told.points or 10)


@MUTANTS.caught_by("test_what_is_earned_is_there_and_can_be_spent")
class ForgetsTheSign(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        done = super().post(transfer)
        return replace(done, points=abs(done.points))


@MUTANTS.caught_by("test_members_do_not_meet")
class OneCardForAll(Passbook):
    def _post(self, body: Any) -> Response:
        return super()._post({**body, "card": "774140000"})

    def balance(self, member: Member) -> Balance:
        return super().balance(replace(member, member_no="774140000"))


@MUTANTS.caught_by("test_a_key_moves_points_once")
class NewReferenceForEachCall(Passbook):
    calls: ClassVar = count()

    def _post(self, body: Any) -> Response:
        return super()._post({**body, "ref": f"{body['ref']}:{next(self.calls)}"})


@MUTANTS.caught_by("test_a_key_for_something_else_is_refused")
class KnowsTheKeyOnly(Passbook):
    def _answer(self, transfer: Transfer, answer: Response) -> Posted:
        return (
            Posted(transfer.key, 0, 0)
            if answer.status == 409
            else super()._answer(transfer, answer)
        )


@MUTANTS.caught_by("test_a_key_of_another_member_is_refused")
class KeysOfEachCard(Passbook):
    def _post(self, body: Any) -> Response:
        return super()._post({**body, "ref": f"{body['card']}:{body['ref']}"})


@MUTANTS.caught_by("test_points_are_whole_and_above_nothing")
class Rounds(Passbook):
    def post(self, transfer: Any) -> Posted:
        points = getattr(transfer, "points", None)
        return super().post(transfer if points is None else replace(transfer, points=int(points)))


@MUTANTS.caught_by("test_nobody_spends_what_is_not_there")
class SpendsWhatThereIs(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        if isinstance(transfer, Redeem):
            there = self.balance(transfer.member).points
            transfer = replace(transfer, points=min(transfer.points, there or 1))
        return super().post(transfer)


@MUTANTS.caught_by("test_many_at_once_get_no_more_than_there_is")
class LooksFirst(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        if not isinstance(transfer, Redeem):
            return super().post(transfer)
        there = self.balance(transfer.member).points
        if there < transfer.points:
            raise NotEnough("so many points are not there", who=self.name)
        try:
            return super().post(transfer)
        except NotEnough:
            return Posted(transfer.key, -transfer.points, there - transfer.points)


@MUTANTS.caught_by("test_a_partial_return_is_exact")
class TakesAllBack(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        if isinstance(transfer, Reverse):
            transfer = replace(transfer, points=None)
        return super().post(transfer)


@MUTANTS.caught_by("test_nobody_is_refunded_and_keeps_the_points")
class ForgivesWhatIsSpent(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        try:
            return super().post(transfer)
        except NotEnough:
            if isinstance(transfer, Reverse):
                return Posted(transfer.key, 0, 0)
            raise


@MUTANTS.caught_by("test_any_order_of_delivery_ends_at_the_same_balance")
class NeverForgetsARefusal(Passbook):
    refused: ClassVar[set[str]] = set()

    def post(self, transfer: Transfer) -> Posted:
        if transfer.key in self.refused:
            raise PolicyRefusal("refused before", who=self.name)
        try:
            return super().post(transfer)
        except PolicyRefusal:
            self.refused.add(transfer.key)
            raise


@MUTANTS.caught_by("test_the_history_explains_the_balance")
class TellsWhatWasEarned(Passbook):
    def history(self, member: Member, limit: int = 100) -> Sequence[Movement]:
        return [each for each in super().history(member, limit) if each.points > 0]


@MUTANTS.caught_by("test_a_hold_sets_points_aside_and_ends_once")
class CapturesAgain(Passbook):
    def post(self, transfer: Transfer) -> Posted:
        try:
            return super().post(transfer)
        except PolicyRefusal:
            if isinstance(transfer, Capture):
                return Posted(transfer.key, 0, 0)
            raise


@MUTANTS.caught_by("test_all_that_a_member_has_goes_to_another_and_back")
class SaysThatItMoves(Passbook):
    moves = True


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Passbook], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)
