"""What every connector says about itself: every check catches one that was broken on purpose."""

from pathlib import Path

import pytest
from pydantic import Field
from tokui_contracts.example import Stamp, StampSandbox, StampSettings
from tokui_contracts.suite.proof import Mutants
from tokui_contracts.suite.rig import Rig
from tokui_contracts.suite.settings import SettingsChecks


class OfASource(SettingsChecks):
    rigged = Rig


MUTANTS = Mutants[Stamp](OfASource, StampSandbox)


@MUTANTS.caught_by("test_settings_are_described")
class KeepsItsSettingsUnexplained(Stamp):
    class Settings(StampSettings):
        region: str = "jp"


@MUTANTS.caught_by("test_secrets_are_typed_as_secrets")
class ShowsASecretSetting(Stamp):
    class Settings(StampSettings):
        webhook_secret: str = Field("", description="Signs webhooks.")


@MUTANTS.caught_by("test_custody_is_answered")
class SaysNothingOfCustody(Stamp):
    holds_nothing = " "


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Stamp], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)
