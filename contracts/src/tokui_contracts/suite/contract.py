"""The contracts: all checks of a capability, none of which can be left out in silence."""

from collections.abc import Iterator
from typing import Any

from tokui_contracts.suite.answering import AnsweringChecks
from tokui_contracts.suite.keeping import KeepingChecks
from tokui_contracts.suite.mapping import MappingChecks
from tokui_contracts.suite.privacy import PrivacyChecks
from tokui_contracts.suite.reading import ReadingChecks
from tokui_contracts.suite.receiving import ReceivingChecks
from tokui_contracts.suite.sending import SendingChecks
from tokui_contracts.suite.settings import SettingsChecks
from tokui_contracts.suite.shape import ShapeChecks
from tokui_contracts.suite.trouble import TroubleChecks
from tokui_contracts.suite.weather import WeatherChecks


class Contract:
    """
    Checks that are kept whole.

    A check may be overridden only with `@pytest.mark.xfail(reason="…")`, so that what a connector
    does not keep is shown in every test report. Skipping one, or switching the class off, is an error
    when the class is made.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if Contract in cls.__bases__:
            return  # a contract itself, not a connector's
        for contract in (base for base in cls.__mro__ if Contract in base.__bases__):
            for name in checks(contract):
                if getattr(cls, name, None) is not getattr(contract, name):
                    _refuse_silence(cls, name)
        if getattr(cls, "__test__", True) is False or getattr(cls, "pytestmark", None):
            raise TypeError(
                f"{cls.__name__} switches its checks off; xfail single ones, with a reason"
            )


class SourceContract(
    Contract,
    SettingsChecks,
    ShapeChecks,
    ReadingChecks,
    MappingChecks,
    TroubleChecks,
    PrivacyChecks,
):
    """
    What every connector that is a `Source` must keep.

        class TestStamp(SourceContract):
            connector = Stamp
            sandbox = StampSandbox
    """


class ChannelContract(Contract, SettingsChecks, SendingChecks, WeatherChecks):
    """
    What every connector that is a `Channel` must keep.

        class TestPostcards(ChannelContract):
            connector = Postcards
            sandbox = PostOffice
    """


class ReceiverContract(Contract, SettingsChecks, ReceivingChecks):
    """
    What every connector that is a `Receiver` must keep.

        class TestPostcardNews(ReceiverContract):
            connector = Postcards
            sandbox = PostOfficeNews
    """


class LedgerContract(Contract, SettingsChecks, KeepingChecks, AnsweringChecks):
    """
    What every connector that is a `Ledger` must keep.

        class TestPassbook(LedgerContract):
            connector = Passbook
            sandbox = Branch
    """


def checks(contract: type = SourceContract) -> list[str]:
    """The names of all checks of a contract, sorted."""
    return sorted(name for name in dir(contract) if name.startswith("test_"))


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
