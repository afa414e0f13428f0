"""The connector keeps the contracts of a source, a channel and a receiver."""

from tokui_contracts import ChannelContract, ReceiverContract, SourceContract
from tokui_contracts.line.vendor import LineNews, LinePost, LineVendor
from tokui_line.connector import Line


class TestLineFollowers(SourceContract):
    connector = Line
    sandbox = LineVendor


class TestLineMessages(ChannelContract):
    connector = Line
    sandbox = LinePost


class TestLineWebhooks(ReceiverContract):
    connector = Line
    sandbox = LineNews
