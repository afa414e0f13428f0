"""A shop with a points programme, and the facts that its people make."""

from datetime import UTC, datetime

from tokui.connector import IdentifierRule
from tokui.identity.rules import Rules
from tokui.model import Customer, Gone, Identifier, LineRef, Order, OrderLine
from tokui.store import schema
from tokui.store.engine import Store
from tokui.store.entry import entry
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch

CLUB = """
[store]
url = "sqlite:///tokui.sqlite3"

[connections.shop]
use = "notebook"
file = "book.json"

[connections.till]
use = "notebook"
file = "till.json"

[plugins.points.programmes.club]
earns_from = ["shop", "till"]
issuer = "card"
expiry = { kind = "never" }

[[plugins.points.programmes.club.tiers]]
name = "regular"

[[plugins.points.programmes.club.tiers]]
name = "gold"
spend = 100_000
rate = 3
"""
CARD = IdentifierRule("member_no", "unique", "card")
EMAIL = IdentifierRule("email", "strong")
RULES = {"member_no": CARD, "email": EMAIL}


class Club:
    """A ledger into which customers and orders are written as a sync does."""

    def __init__(self, shop):
        self.shop = shop
        self.rules = RULES
        self.store = Store.open(f"sqlite:///{shop.folder}/tokui.sqlite3")
        schema.ready(self.store)

    def write(self, connection, *records):
        batch = Batch(customers=[entry(each) for each in records if isinstance(each, Customer)])
        batch.gone = [each for each in records if isinstance(each, Gone)]
        batch.others[Order] = [entry(each) for each in records if isinstance(each, Order)]
        with self.store.write() as tx:
            write_batch(tx, Rules(connection, self.rules), batch)

    def points(self, who="0001"):
        (one,) = self.shop.json("points", "show", who)["standings"]
        return one["points"]


def member(number="0001", email="megu@example.com", version=1, **more):
    cards = [number] if isinstance(number, str) else number
    named = [Identifier(kind="member_no", value=each, issuer="card") for each in cards if each]
    named.append(Identifier(kind="email", value=email))
    return Customer(
        **{
            "external_id": f"c{cards[0]}",
            "source_version": version,
            "identifiers": tuple(named),
            **more,
        }
    )


def order(number, amount, buyer="c0001", **more):
    lines = more.pop("lines", None) or (
        OrderLine(line_id="1", quantity=1, unit_price_minor=amount),
    )
    at = datetime(2026, 5, number, tzinfo=UTC)
    return Order(
        **{
            "external_id": f"o{number}",
            "state": "paid",
            "placed_at": at,
            "currency": "JPY",
            "buyer": buyer,
            "lines": lines,
            **more,
        }
    )


def back(number, of, amount, shop="shop", **more):
    ref = LineRef(connection=shop, order=of, line="1")
    line = OrderLine(line_id="r", quantity=-1, unit_price_minor=amount, returns_line=ref)
    return order(number, 0, kind="return", lines=(line,), **more)
