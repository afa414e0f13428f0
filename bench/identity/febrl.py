"""
FEBRL's four sets as connections: Australian records with typing errors.

`export_febrl.py` writes a set as `records.csv` and `truth.csv`; the fourth has two sources.
"""

from collections.abc import Iterable, Sequence

from shops import Records
from tokui.connector import IdentifierRule, Item, Stream
from tokui.identity.normalise.birth import birth_date
from tokui.model import Address, Customer, Identifier, PersonName, Record

RULES = (IdentifierRule("soc_sec_id", "unique", "state"),)


class Febrl(Records):
    """The rows of one source."""

    def streams(self) -> Sequence[Stream]:
        """Customers."""
        return [Stream("customers", kinds=(Customer,), identifiers=RULES)]

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        """Map a row."""
        number = item["soc_sec_id"]
        yield Customer(
            external_id=item["record_id"],
            name=to_name(item),
            identifiers=(Identifier(kind="soc_sec_id", value=number),) if number else (),
            birthday=birth_date(item["date_of_birth"]),
            addresses=(to_address(item),),
        )


def to_name(item: Item) -> PersonName | None:
    """Map the names that are there."""
    family, given = item["surname"] or None, item["given_name"] or None
    return PersonName(family=family, given=given) if family or given else None


def to_address(item: Item) -> Address:
    """Map the one address."""
    street = f"{item['street_number']} {item['address_1']}".strip()
    return Address(
        line1=street or None,
        line2=item["address_2"] or None,
        city=item["suburb"] or None,
        region=item["state"] or None,
        postal_code=item["postcode"] or None,
        country="AU",
    )
