"""A row of a customer export → Customer, Consent. Pure."""

from collections.abc import Iterator
from functools import partial
from typing import Literal

from tokui.connector import Item
from tokui.model import Address, Consent, Customer, Identifier, PersonName, Record

from tokui_pos.amounts import excel_float, lost_phone_zero
from tokui_pos.cells import BadCell, Clock, check_widths, kana, read, row_key, text, word
from tokui_pos.dates import to_birthday
from tokui_pos.encoding import GETA
from tokui_pos.layout import CustomerLayout, Layout
from tokui_pos.settings import ConsentColumn, PosCsvSettings

Gender = Literal["female", "male", "other", ""]

GENDERS: dict[str, Gender] = {
    **dict.fromkeys(("女", "女性", "F", "f", "Female", "female"), "female"),
    **dict.fromkeys(("男", "男性", "M", "m", "Male", "male"), "male"),
    **dict.fromkeys(("その他", "他", "Other", "other"), "other"),
    **dict.fromkeys(("", "不明", "未回答", "回答しない", "未設定", "-", "unknown"), ""),
}
"""Words that every export may use; a layout's own come first."""


class ToCustomer:
    """Maps rows of one layout."""

    def __init__(self, layout: Layout, part: CustomerLayout, settings: PosCsvSettings) -> None:
        self._key = part.id
        self._columns = part.columns
        self._genders = GENDERS | part.genders
        self._settings = settings
        self._clock = Clock(settings.timezone, layout.date_order)
        self._to_birthday = partial(to_birthday, order=layout.date_order)

    def __call__(self, row: Item) -> Iterator[Record]:
        """
        The customer, then what they said about being contacted.

        Raises:
            ValueError: A cell cannot be understood.
        """
        columns = self._columns
        check_widths(row, self._settings.widths)
        key = row_key(row, self._key)
        version = self._clock.version(row, columns.updated_at, row["@modified"])
        yield Customer(
            external_id=key,
            source_version=version,
            name=self._name(row),
            identifiers=tuple(self._identifiers(row)),
            birthday=read(row, columns.birthday, self._to_birthday),
            gender=word(row, columns.gender, self._genders) or None,
            addresses=self._addresses(row),
            tags=tuple(tag for name in columns.tags if (tag := text(row, name))),
            note=text(row, columns.note) or None,
            created_at=self._clock.instant(row, columns.created_at),
        )
        for column in self._settings.consents:
            yield from self._consent(row, key, column)

    def _name(self, row: Item) -> PersonName | None:
        columns = self._columns
        family, given = text(row, columns.family), text(row, columns.given)
        family_kana, given_kana = kana(row, columns.family_kana), kana(row, columns.given_kana)
        display = text(row, columns.name)
        if not (family or given or family_kana or given_kana or display):
            return None
        return PersonName(
            family=family or None,
            given=given or None,
            family_kana=family_kana,
            given_kana=given_kana,
            display=display or None,
        )

    def _identifiers(self, row: Item) -> Iterator[Identifier]:
        columns = self._columns
        if member_no := _identifier(row, columns.member_no):
            yield Identifier(kind="member_no", value=member_no, issuer=self._settings.member_issuer)
        for column in columns.phone:
            if phone := self._phone(row, column):
                yield Identifier(kind="phone", value=phone)
        for column in columns.email:
            if (email := _identifier(row, column)) and "@" in email:
                yield Identifier(kind="email", value=email)

    def _phone(self, row: Item, column: str) -> str | None:
        phone = _identifier(row, column)
        if phone and self._settings.country == "JP" and lost_phone_zero(phone):
            raise BadCell(column, "lacks its leading zero: a spreadsheet has damaged it")
        return phone if phone and any(char.isdigit() for char in phone) else None

    def _addresses(self, row: Item) -> tuple[Address, ...]:
        columns = self._columns
        postal_code = text(row, columns.postal_code).removeprefix("〒").strip()
        region, city = text(row, columns.region), text(row, columns.city)
        line1, line2 = text(row, columns.line1), text(row, columns.line2)
        if not (postal_code or region or city or line1 or line2):
            return ()
        address = Address(
            postal_code=postal_code or None,
            region=region or None,
            city=city or None,
            line1=line1 or None,
            line2=line2 or None,
            country=self._settings.country,
        )
        return (address,)

    def _consent(self, row: Item, customer: str, column: ConsentColumn) -> Iterator[Consent]:
        words = dict.fromkeys(column.granted, "granted") | dict.fromkeys(column.denied, "denied")
        state = word(row, column.column, words)
        if state:
            yield Consent(
                external_id=f"{customer}:{column.contact}",
                customer=customer,
                contact=column.contact,
                purpose=column.purpose,
                topic=column.topic,
                state=state,
                occurred_at=self._clock.instant(row, column.said_at),
                evidence=column.evidence,
            )


def _identifier(row: Item, column: str | None) -> str | None:
    """
    The cell as an identifier; None where a character of it is lost.

    Raises:
        BadCell: A spreadsheet has made a float of it.
    """
    value = text(row, column)
    if excel_float(value):
        raise BadCell(column, "was a long number: a spreadsheet has lost its digits")
    return value if value and GETA not in value else None
