"""POS exports in a folder: customers and sales."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from pydantic import JsonValue, ValidationError
from tokui.connector import (
    Checkable,
    Connector,
    Custodian,
    Finding,
    IdentifierRule,
    Item,
    Page,
    Pull,
    Receipt,
    Source,
    Stream,
)
from tokui.errors import PolicyRefusal, SkipItem
from tokui.model import Consent, Customer, Location, Order, Record, Staff

from tokui_pos.cells import row_key, text
from tokui_pos.checking import findings
from tokui_pos.customers import ToCustomer
from tokui_pos.folder import Folder
from tokui_pos.layout import CustomerLayout, Layout, load
from tokui_pos.sales import ToOrder
from tokui_pos.settings import PosCsvSettings


class PosCsv(Connector[PosCsvSettings], Source, Custodian, Checkable):
    """
    Customers and sales that a POS writes into a folder as CSV files.

    The files are the shop's: they are read and never changed.
    """

    Settings = PosCsvSettings

    @cached_property
    def layout(self) -> Layout:
        """
        What the columns mean.

        Raises:
            ConfigError: No such layout, or a key of it is wrong.
        """
        return load(self.settings.layout_file or self.settings.layout)

    @cached_property
    def _folder(self) -> Folder:
        return Folder(self.settings, self.layout, self.ctx)

    @cached_property
    def _to_customer(self) -> ToCustomer:
        assert self.layout.customers  # noqa: S101 - the stream is offered only then
        return ToCustomer(self.layout, self.layout.customers, self.settings)

    @cached_property
    def _to_order(self) -> ToOrder:
        assert self.layout.sales  # noqa: S101 - the stream is offered only then
        return ToOrder(self.layout, self.layout.sales, self.settings)

    # --- Source ----------------------------------------------------------------------------------

    def streams(self) -> Sequence[Stream]:
        """Those that the layout has a table for."""
        rules = (
            IdentifierRule("member_no", "strong", self.settings.member_issuer),
            IdentifierRule("phone", "shareable"),
            IdentifierRule("email", "shareable"),
        )
        known = {
            "customers": Stream("customers", kinds=(Customer, Consent), identifiers=rules),
            "sales": Stream("sales", kinds=(Order, Location, Staff)),
        }
        return [known[name] for name in self._folder.parts]

    def pull(self, ask: Pull) -> Iterator[Page]:
        """What files say that they did not say before; see `progress` for what the cursor means."""
        return self._folder.pages(ask)

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        """
        Map a row (customers) or all rows of a receipt (sales).

        Raises:
            SkipItem: It cannot be understood; the message names file and line.
        """
        for row in item.get("@rows", (item,)):
            if "@error" in row:
                raise _skip(item, row["@line"], row["@error"])
        try:
            return tuple((self._to_customer if stream == "customers" else self._to_order)(item))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise _skip(item, _line(item), f"`{where}`: {first['msg']}") from None
        except ValueError as error:
            raise _skip(item, _line(item), str(error)) from None

    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        """Look through the files that are there now; of several the one changed last."""
        wanted = set(ids)
        found = {key: item for key, item in self._keyed(stream) if key in wanted}
        return found.values()

    def _keyed(self, stream: str) -> Iterator[tuple[str, Item]]:
        part = self._folder.parts[stream]
        columns = part.id if isinstance(part, CustomerLayout) else part.receipt
        for item in self._folder.scan(stream):
            row = item.get("@rows", (item,))[0]
            if "@error" not in row:
                try:
                    yield row_key(row, columns), item
                except ValueError:
                    continue

    # --- Custodian -------------------------------------------------------------------------------

    def export(self, external_ids: Sequence[str]) -> Mapping[str, JsonValue]:
        """The rows and receipts of these customers in the files that are there now."""
        wanted = set(external_ids)
        return {
            stream: [
                dict(item) for key, item in self._keyed(stream) if wanted & self._whose(key, item)
            ]
            for stream in self._folder.parts
        }

    def _whose(self, key: str, item: Item) -> set[str]:
        sales = self.layout.sales
        if "@rows" not in item or not sales:
            return {key}
        return {text(row, sales.columns.customer) for row in item["@rows"]}

    def erase(self, external_ids: Sequence[str]) -> Receipt:
        """
        Attest that no file holds these customers any more. Files are the shop's, and are not changed.

        Raises:
            PolicyRefusal: Files still hold them; it names the files.
        """
        exported = self.export(external_ids)
        held = [item for items in exported.values() if isinstance(items, list) for item in items]
        names = sorted({str(item["@file"]) for item in held if isinstance(item, dict)})
        if names:
            raise PolicyRefusal(
                f"exported files still hold {len(held)} rows or receipts: {', '.join(names)}",
                who=self.name,
                todo="erase the customer in the POS, and remove these files or export them anew",
            )
        return Receipt({}, self.ctx.now())

    # --- Checkable -------------------------------------------------------------------------------

    def check(self) -> Sequence[Finding]:
        """Look at the folder and at the newest file of each stream."""
        return tuple(findings(self._folder, self.settings))


def _line(item: Item) -> int:
    return int(item.get("@rows", (item,))[0]["@line"])


def _skip(item: Item, line: int, why: str) -> SkipItem:
    if line:
        what = f"{item['@file']} line {line}: {why}"
        return SkipItem(what, todo="correct it in the POS and export it again")
    return SkipItem(
        f"{item['@file']}: {why}", todo="replace the file, or take it out of the folder"
    )
