"""From a page of items to a batch of records: all of an item's records, or none."""

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, TypeAlias

from pydantic import ValidationError

from tokui.connector import Connector, Item, Source, Stream
from tokui.errors import FatalError, SkipItem, Stopped, TokuiError
from tokui.hub.offers import trace
from tokui.model import Consent, Customer, Delivery, Gone, Joined, Record, Suppression
from tokui.outreach.points import is_point
from tokui.store import consents
from tokui.store.entry import Entry, check_texts, entry
from tokui.store.quarantine import Refused
from tokui.store.records import KINDS, TABLES

Ready: TypeAlias = Entry | Consent | Suppression | Delivery
"""A record on its way into a batch."""


class SourceConnector(Connector[Any], Source):
    """A connector that can be read. For type annotations; `isinstance(connector, Source)` decides."""


@dataclass(slots=True)
class Batch:
    """
    What a page, or several, turned out to be.

    Attributes:
        pages: How many it is of.
        read: Items.
        customers: Whole records of persons.
        consents: Statements of consent.
        suppressions: Contact points that cannot or must not be reached.
        deliveries: What became of messages.
        others: Records of other kinds, by class.
        joined: The source's merges.
        gone: What the source no longer has.
        refused: Items for quarantine.
    """

    pages: int = 1
    read: int = 0
    customers: list[Entry] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    others: dict[type[Record], list[Entry]] = field(default_factory=dict)
    joined: list[Joined] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        """Is it of whole records only?"""
        apart = (self.joined, self.gone, self.refused, self.suppressions, self.deliveries)
        return not any(apart)

    def goes_with(self, later: "Batch") -> bool:
        """Are both plain, no record in both? Then what becomes of one does not hang on the other."""
        if not (self.is_plain and later.is_plain):
            return False
        kinds = [(self.customers, later.customers)]
        kinds += [(self.others.get(kind, []), entries) for kind, entries in later.others.items()]
        return not any(_common(*both) for both in kinds)

    def extend(self, later: "Batch") -> None:
        """Take the page that came next, which it goes with."""
        self.pages += later.pages
        self.read += later.read
        self.customers += later.customers
        self.consents += later.consents
        for kind, entries in later.others.items():
            self.others.setdefault(kind, []).extend(entries)

    def named(self) -> set[str]:
        """External ids of customers that facts and merges speak of."""
        found = {each.into for each in self.joined} | {each.external_id for each in self.joined}
        found.update(consent.customer for consent in self.consents)
        for kind, entries in self.others.items():
            customer = KINDS[kind].customer
            if customer:
                found.update(key for each in entries if (key := customer(each.record)))
        return found

    def keys(self) -> set[tuple[str, str]]:
        """Kind and key of every record."""
        lists = [self.customers, *self.others.values()]
        return {(each.record.kind_name, each.key) for entries in lists for each in entries}


def _common(before: list[Entry], after: list[Entry]) -> bool:
    return not {each.key for each in before}.isdisjoint([each.key for each in after])


def parse(connector: SourceConnector, stream: Stream, items: Sequence[Item]) -> Batch:
    """
    Map every item by itself; what cannot be understood is set aside with its reason.

    Raises:
        FatalError: The connector says that the stream cannot go on.
    """
    batch = Batch(read=len(items))
    for item in items:
        try:
            ready = [_ready(record, stream) for record in connector.parse(stream.name, item)]
        except (FatalError, Stopped):
            raise
        except Exception as error:  # whatever a mapping raises, the item is kept
            batch.refused.append(Refused(item, type(error).__name__, reason(error)))
        else:
            for each in ready:
                _sort(batch, each)
    return batch


def add(batch: Batch, records: Iterable[Record], stream: Stream) -> None:
    """
    Take records, or none of them.

    Raises:
        SkipItem: One cannot be stored.
    """
    for each in [_ready(record, stream) for record in records]:
        _sort(batch, each)


_TOLD = frozenset(
    "missing extra_forbidden literal_error string_type string_too_short string_too_long int_type "
    "int_parsing bool_type decimal_type date_type datetime_type timezone_aware list_type tuple_type "
    "dict_type model_type greater_than_equal less_than_equal".split()
)
"""Mistakes whose words never hold what was given; of any other, only its kind is told."""


def reason(error: BaseException) -> str:
    """What was wrong, without any of the item's values; an author who debugs sees all of it."""
    trace(error)
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return "; ".join(
            f"{'.'.join(map(str, each['loc']))}: "
            + (each["msg"] if each["type"] in _TOLD else each["type"])
            for each in found[:5]
        )
    if isinstance(error, TokuiError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def _stranger(record: object, stream: Stream) -> SkipItem:
    found = f"parse gave {type(record).__name__}"
    if not isinstance(record, Record):
        todo = "let it yield records, or return a list of them"
        return SkipItem(f"{found} where a record is due", todo=todo)
    what = f"{found}, which the stream `{stream.name}` does not declare"
    return SkipItem(what, todo="add it to the stream's kinds")


def _ready(record: Record, stream: Stream) -> Ready:
    """Whatever cannot be stored is refused here, before any transaction."""
    if type(record) not in stream.kinds:
        raise _stranger(record, stream)
    if isinstance(record, Consent):
        return consents.checked(record)
    if isinstance(record, (Suppression, Delivery)):
        return _of_reaching(record)
    if type(record) in (Joined, Gone):
        _check_word(record)
    return entry(record)


def _check_word(record: Record) -> None:
    if isinstance(record, Joined) and record.into == record.external_id:
        raise SkipItem("parse joined a customer to itself", todo="name two customers")
    if isinstance(record, Gone) and record.kind not in TABLES:
        raise SkipItem("parse returned a Gone of an unknown kind", todo="name a record's kind")


def _of_reaching(record: Suppression | Delivery) -> Suppression | Delivery:
    if isinstance(record, Suppression):
        check_texts(record.value, record.detail)
        if not is_point(record.contact, record.value):
            raise SkipItem(
                f"a suppression's value cannot be a contact point of the kind {record.contact}",
                todo="correct it at the source",
            )
    else:
        check_texts(record.parcel, record.value, record.reason)
    return record


def _sort(batch: Batch, each: Ready) -> None:
    if isinstance(each, Consent):
        batch.consents.append(each)
    elif isinstance(each, Suppression):
        batch.suppressions.append(each)
    elif isinstance(each, Delivery):
        batch.deliveries.append(each)
    elif isinstance(each.record, Customer):
        batch.customers.append(each)
    elif isinstance(each.record, Joined):
        batch.joined.append(each.record)
    elif isinstance(each.record, Gone):
        batch.gone.append(each.record)
    else:
        batch.others.setdefault(type(each.record), []).append(each)
