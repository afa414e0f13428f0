"""What a connector says about itself: every check catches a connector that was broken on purpose."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from tokui.connector import Finding, Page, Pull, Stream
from tokui.errors import AuthError, Stopped
from tokui.model import Customer, Record
from tokui_contracts.example import Stamp, StampSandbox
from tokui_contracts.suite.proof import Mutants
from tokui_contracts.suite.shape import ShapeChecks

MUTANTS = Mutants[Stamp](ShapeChecks, StampSandbox)


@MUTANTS.caught_by("test_streams_reads_the_settings_only")
class AsksForItsStreams(Stamp):
    def streams(self) -> Sequence[Stream]:
        self._get("shops", {"limit": 1})
        return super().streams()


@MUTANTS.caught_by("test_streams_reads_the_settings_only")
class GrowsItsStreams(Stamp):
    grown: ClassVar[list[Stream]] = []

    def streams(self) -> Sequence[Stream]:
        known = [*super().streams(), *self.grown[:1]]
        self.grown.append(Stream("more", (Customer,)))
        return known


class Card(Record):
    """No record of the model."""


@MUTANTS.caught_by("test_streams_name_kinds_of_the_model")
class InventsAKind(Stamp):
    def streams(self) -> Sequence[Stream]:
        cards, shops = super().streams()
        return [replace(cards, kinds=(Customer, Card)), shops]


@MUTANTS.caught_by("test_refused_credentials_are_an_auth_error")
class TakesARefusalForTheEnd(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        try:
            yield from super().pull(ask)
        except AuthError:
            return


@MUTANTS.caught_by("test_check_reports_refused_credentials")
class RaisesInCheck(Stamp):
    def check(self) -> Sequence[Finding]:
        self._get("shops", {"limit": 1})
        return []


@MUTANTS.caught_by("test_check_reports_refused_credentials")
class FindsNoProblem(Stamp):
    def check(self) -> Sequence[Finding]:
        return [Finding("ok", "It is installed.")]


@MUTANTS.caught_by("test_stop_ends_the_pull")
class EndsQuietlyWhenStopped(Stamp):
    def pull(self, ask: Pull) -> Iterator[Page]:
        try:
            yield from super().pull(ask)
        except Stopped:
            return


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Stamp], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)
