"""The example connector keeps the contract."""

from tokui_contracts import SourceContract
from tokui_contracts.example import Stamp, StampSandbox


class TestStamp(SourceContract):
    connector = Stamp
    sandbox = StampSandbox
