"""What the columns of an export mean: data, not code. Two layouts ship as TOML files."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from tokui.errors import ConfigError

ROW = "@row"
"""Instead of a key column: the content of the row is its key."""

Columns = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)
]
Words = dict[str, str]


class Part(BaseModel):
    """A part of a layout; a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CustomerColumns(Part):
    """Header names of a customer export. All but the key may be missing from a file."""

    family: str | None = None
    given: str | None = None
    family_kana: str | None = None
    given_kana: str | None = None
    name: str | None = None
    member_no: str | None = None
    phone: Columns = ()
    email: Columns = ()
    birthday: str | None = None
    gender: str | None = None
    postal_code: str | None = None
    region: str | None = None
    city: str | None = None
    line1: str | None = None
    line2: str | None = None
    tags: Columns = ()
    note: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


class CustomerLayout(Part):
    """
    A customer export: one row is one customer.

    Attributes:
        files: Patterns of file names (letter case does not count), also inside zips.
        id: Columns that make the key, joined by `|`. `["@row"]` takes the content of the row: then a
            changed row is another customer, so choose it only where nothing else is stable.
        columns: Header names.
        genders: What the export's words mean: female, male, other; "" for not stated.
    """

    files: Columns
    id: Annotated[Columns, Field(min_length=1)]
    columns: CustomerColumns = CustomerColumns()
    genders: dict[str, Literal["female", "male", "other", ""]] = {}


class SalesColumns(Part):
    """
    Header names of a sales export. What belongs to the receipt may stand in each of its rows or in one.

    Attributes:
        placed_at: Date and time in one cell; else `date` and `time`.
        business_date: The shop's day, where it is not the date of the sale.
        division: The word for what the line is: sale or return.
        category: Looked up in `line_kinds` and `gift_cards`.
        line_discount: Discount of the line, in the way `discount_sign` and `discount_per_piece` say.
        discount_share: The line's share of `receipt_discount`, where the export says it.
        receipt_discount: Discount on the receipt, split over its lines where there are no shares.
        tax: Tax of the line. `receipt_tax`: of the receipt, split over its tax-excluded lines.
        receipt_total: What the lines must add up to, to the yen, tax included.
        returns_order: Number of the receipt or web order that comes back (元伝票番号).
    """

    number: str | None = None
    placed_at: str | None = None
    date: str | None = None
    time: str | None = None
    business_date: str | None = None
    customer: str | None = None
    location: str | None = None
    location_name: str | None = None
    staff: str | None = None
    staff_name: str | None = None
    note: str | None = None
    receipt_discount: str | None = None
    receipt_tax: str | None = None
    receipt_total: str | None = None
    line_no: str | None = None
    division: str | None = None
    sku: str | None = None
    barcode: str | None = None
    title: str | None = None
    category: str | None = None
    quantity: str
    unit_price: str
    line_discount: str | None = None
    discount_share: str | None = None
    tax: str | None = None
    tax_rate: str | None = None
    tax_included: str | None = None
    returns_order: str | None = None
    returns_line: str | None = None


class TenderColumn(Part):
    """
    One column of money paid.

    Attributes:
        column: Header name.
        kind: What was given.
        label: Shown to staff; None takes the header name.
        less: Header name of what was given back of it (お釣り).
    """

    column: str
    kind: Literal["cash", "card", "points", "gift_card", "prepaid", "other"]
    label: str | None = None
    less: str | None = None


class SalesLayout(Part):
    """
    A sales export: one row is one line of a receipt.

    Attributes:
        files: Patterns of file names (letter case does not count), also inside zips.
        receipt: Columns that make the key of a receipt, joined by `|`.
        columns: Header names.
        tenders: Columns of money paid.
        states: For each column that says what a receipt is, what its words mean: a state (`paid`,
            `voided`), a kind and a state (`hold open`), `ignored` for what is no sale, or "" for
            nothing: then the next column is asked. Where none says anything it is `paid`.
        line_kinds: Words of `category` that are no goods: shipping, fee, gift_card.
        returned: Words of `division` that mean: this line comes back.
        anonymous: Values of `customer` that mean nobody.
        tax_words: Words of `tax_included`, true for 内税.
        tax_included: Where no column or word says it.
        tax_rates: Words of `tax_rate` that are no number.
        discount_sign: How discounts are written.
        discount_per_piece: `line_discount` is for one piece.
    """

    files: Columns
    receipt: Annotated[Columns, Field(min_length=1)]
    columns: SalesColumns
    tenders: tuple[TenderColumn, ...] = ()
    states: dict[str, Words] = {}
    line_kinds: dict[str, Literal["product", "shipping", "fee", "gift_card"]] = {}
    returned: Columns = ()
    anonymous: Columns = ()
    tax_words: dict[str, bool] = {}
    tax_included: bool = True
    tax_rates: dict[str, Decimal] = {}
    discount_sign: Literal["positive", "negative"] = "positive"
    discount_per_piece: bool = False


class Layout(Part):
    """
    An export's columns. A stream without a table here is not offered.

    Attributes:
        header: Column names of a file without a header line; None: its first line names them.
        skip_lines: Lines above the header (titles).
        date_order: How `04/05/2025` is meant; dates that begin with the year are always read.
        customers: The customer export.
        sales: The sales export.
    """

    header: tuple[str, ...] | None = None
    skip_lines: Annotated[int, Field(ge=0, le=100)] = 0
    date_order: Literal["ymd", "mdy", "dmy"] = "ymd"
    customers: CustomerLayout | None = None
    sales: SalesLayout | None = None


def load(source: str | Path | Mapping[str, Any]) -> Layout:
    """
    Build a layout from the name of a shipped one, a TOML file, or a table.

    A file or table may name a shipped one in `extends`; its own keys win, table by table.

    Raises:
        ConfigError: No such layout, not TOML, or a key is wrong.
    """
    try:
        return Layout.model_validate(_expand(source))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"the layout is wrong at `{where}`: {first['msg']}", todo="correct the setting `layout`"
        ) from None


def _expand(source: str | Path | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(source, str):
        return _shipped(source)
    table = _read(source) if isinstance(source, Path) else dict(source)
    parent = table.pop("extends", None)
    return table if parent is None else _merge(_shipped(parent), table)


def _shipped(name: str) -> dict[str, Any]:
    folder = files("tokui_pos") / "layouts"
    if name not in ("plain", "smaregi"):
        raise ConfigError(
            f"there is no layout `{name}`",
            todo="set it to plain or smaregi; a layout of your own is a table, or `layout_file`",
        )
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


def _merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merged[key] = _merge(below, value)
        else:
            merged[key] = value
    return merged


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        what = f"the layout file {path.name} cannot be read ({type(error).__name__})"
    except tomllib.TOMLDecodeError as error:
        what = f"the layout file {path.name} is not TOML: {error}"
    raise ConfigError(what, todo="check `layout_file`; its path starts at the folder of tokui.toml")
