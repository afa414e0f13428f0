"""What a shop knows: one frozen, documented record for each kind of thing."""

from tokui.model.customer import Customer, Gone, Joined
from tokui.model.event import Consent, Event
from tokui.model.money import Money, exponent, to_minor
from tokui.model.order import LineRef, Order, OrderLine, Tender
from tokui.model.outreach import Delivery, Sender, Suppression
from tokui.model.person import (
    Address,
    ContactKind,
    Identifier,
    PartialDate,
    PersonName,
    Purpose,
    Reach,
)
from tokui.model.product import Product, Stock, Variant, is_gtin
from tokui.model.record import Instant, Record, SourceVersion, Value, microseconds, moment
from tokui.model.shop import Assignment, Location, Staff

RECORDS: tuple[type[Record], ...] = (
    Consent,
    Customer,
    Delivery,
    Event,
    Gone,
    Joined,
    Location,
    Order,
    Product,
    Staff,
    Stock,
    Suppression,
    Variant,
)
"""Every kind of record that `parse` may return."""

__all__ = [
    "RECORDS",
    "Address",
    "Assignment",
    "Consent",
    "ContactKind",
    "Customer",
    "Delivery",
    "Event",
    "Gone",
    "Identifier",
    "Instant",
    "Joined",
    "LineRef",
    "Location",
    "Money",
    "Order",
    "OrderLine",
    "PartialDate",
    "PersonName",
    "Product",
    "Purpose",
    "Reach",
    "Record",
    "Sender",
    "SourceVersion",
    "Staff",
    "Stock",
    "Suppression",
    "Tender",
    "Value",
    "Variant",
    "exponent",
    "is_gtin",
    "microseconds",
    "moment",
    "to_minor",
]
