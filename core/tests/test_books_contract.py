"""The core's own books keep the contract that a foreign points service keeps."""

from collections.abc import Mapping, Sequence

from pydantic import Field, JsonValue
from tokui.connector import Balance, Connector, Ledger, Member, Movement, Posted, Settings, Transfer
from tokui.store import schema
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui_contracts import LedgerContract, LedgerSandbox


class OurSettings(Settings):
    url: str = Field(description="Where the store is.")


class Ours(Connector[OurSettings], Ledger):
    """The books behind a connection, as a service would be."""

    Settings = OurSettings
    holds = True
    moves = True
    holds_nothing = "the core's own store"

    def __init__(self, *lent):
        super().__init__(*lent)
        self.books = Books(Store.open(self.settings.url, self.ctx.now))

    def balance(self, member: Member) -> Balance:
        return self.books.balance(member)

    def post(self, transfer: Transfer) -> Posted:
        return self.books.post(transfer)

    def history(self, member: Member, limit: int = 100) -> Sequence[Movement]:
        return self.books.history(member, limit)


class OurStore(LedgerSandbox):
    """A file."""

    def prepare(self) -> None:
        store = Store.open(self._url)
        schema.upgrade(store)
        store.close()

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.folder}/tokui.sqlite3"

    def settings(self) -> Mapping[str, JsonValue]:
        return {"url": self._url}

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        self.cannot("a file asks for no credentials")

    def members(self, count: int) -> Sequence[str]:
        return [f"29001234567{number:02}" for number in range(count)]

    def personal(self) -> Sequence[str]:
        return self.members(2)


class TestOurBooks(LedgerContract):
    connector = Ours
    sandbox = OurStore
