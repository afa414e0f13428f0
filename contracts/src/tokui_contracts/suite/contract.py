"""The contract of a source: all checks, none of which can be left out in silence."""

from collections.abc import Iterator
from typing import Any

from tokui_contracts.suite.mapping import MappingChecks
from tokui_contracts.suite.privacy import PrivacyChecks
from tokui_contracts.suite.reading import ReadingChecks
from tokui_contracts.suite.shape import ShapeChecks
from tokui_contracts.suite.trouble import TroubleChecks


class SourceContract(ShapeChecks, ReadingChecks, MappingChecks, TroubleChecks, PrivacyChecks):
    """
    What every connector that is a `Source` must keep.

        class TestStamp(SourceContract):
            connector = Stamp
            sandbox = StampSandbox

    A check may be overridden only with `@pytest.mark.xfail(reason="…")`, so that what a connector
    does not keep is shown in every test report. Skipping one, or switching the class off, is an error
    when the class is made.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in checks():
            if getattr(cls, name, None) is not getattr(SourceContract, name):
                _refuse_silence(cls, name)
        if getattr(cls, "__test__", True) is False or getattr(cls, "pytestmark", None):
            raise TypeError(
                f"{cls.__name__} switches its checks off; xfail single ones, with a reason"
            )


def checks() -> list[str]:
    """The names of all checks, sorted."""
    return sorted(name for name in dir(SourceContract) if name.startswith("test_"))


def _refuse_silence(cls: type, name: str) -> None:
    reasons = [mark.kwargs.get("reason", "") for mark in _marks(getattr(cls, name, None))]
    if not any(str(reason).strip() for reason in reasons):
        raise TypeError(
            f"{cls.__name__} overrides or deletes {name}; a check that cannot be kept is marked "
            f'@pytest.mark.xfail(reason="…")'
        )


def _marks(check: object) -> Iterator[Any]:
    for mark in getattr(check, "pytestmark", ()):
        if mark.name == "xfail":
            yield mark
