"""What a channel must keep in bad weather: every check catches one that was broken on purpose."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tokui.connector import Outcome, Parcel
from tokui.errors import AuthError, FatalError, QuotaExceeded, RateLimited, Unanswered, Unavailable
from tokui_contracts.example import Postcards, PostOffice
from tokui_contracts.suite.proof import Mutants
from tokui_contracts.suite.weather import WeatherChecks

MUTANTS = Mutants[Postcards](WeatherChecks, PostOffice)


def each(parcel: Parcel, state: Any, reason: str | None = None) -> list[Outcome]:
    return [Outcome(address, state, reason) for address in parcel.addresses]


@MUTANTS.caught_by("test_a_lost_answer_is_not_a_refusal")
class TakesALostAnswerForNothingSent(Postcards):
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        try:
            return super().send(parcel)
        except Unanswered:
            return each(parcel, "deferred")


@MUTANTS.caught_by("test_it_never_tries_again_by_itself")
class TriesAgain(Postcards):
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        try:
            return super().send(parcel)
        except Unavailable:
            return super().send(parcel)


@MUTANTS.caught_by("test_silence_is_not_a_refusal")
class TakesSilenceForANo(Postcards):
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        try:
            return super().send(parcel)
        except Unanswered:
            return each(parcel, "refused", "no answer")


@MUTANTS.caught_by("test_rate_limits_say_when")
class ForgetsWhen(Postcards):
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        try:
            return super().send(parcel)
        except RateLimited as error:
            raise RateLimited(error.what, who=self.name) from None


@MUTANTS.caught_by("test_a_refusal_is_final")
class HopesForBetterDays(Postcards):
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        try:
            return super().send(parcel)
        except FatalError:
            return each(parcel, "deferred")


@MUTANTS.caught_by("test_refused_credentials_send_nothing")
class BlamesTheAddress(Postcards):
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        try:
            return super().send(parcel)
        except AuthError:
            return each(parcel, "refused", "not allowed")


@MUTANTS.caught_by("test_an_allowance_that_is_used_up_is_said")
class WaitsForStamps(Postcards):
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        try:
            return super().send(parcel)
        except QuotaExceeded:
            raise RateLimited("no stamps", who=self.name, retry_after_s=60) from None


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Postcards], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)
