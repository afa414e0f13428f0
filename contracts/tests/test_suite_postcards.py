from tokui_contracts import ChannelContract, ReceiverContract
from tokui_contracts.example import Postcards, PostNews, PostOffice


class TestPostcards(ChannelContract):
    connector = Postcards
    sandbox = PostOffice


class TestPostNews(ReceiverContract):
    connector = Postcards
    sandbox = PostNews
