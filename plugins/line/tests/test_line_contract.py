"""The connector keeps the contract of a source."""

from tokui_contracts import SourceContract
from tokui_contracts.line.vendor import LineVendor
from tokui_line.connector import Line


class TestLine(SourceContract):
    connector = Line
    sandbox = LineVendor
