"""What each stream asks for, and how much of it at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokui_shopify.client import QUERY_LIMIT, TooCostly


@dataclass(frozen=True, slots=True)
class Rest:
    """
    A connection inside an item that may be longer than what is read with the item.

    Attributes:
        field: Its name.
        operation: Reads on in it.
        inside: Field of the item that holds it; None when the item itself does.
    """

    field: str
    operation: str
    inside: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """
    One stream's documents.

    Attributes:
        file: Document, and the root field that lists.
        operation: Lists items.
        by_id: Reads items by id.
        cost: Points of the operation beside its items.
        each: Points of one item (object 1, connection 2 + items, scalar 0).
        nested: Connections inside an item.
    """

    file: str
    operation: str
    by_id: str
    cost: int
    each: int
    nested: tuple[Rest, ...] = ()


LOCATIONS = Listing("locations", "Locations", "LocationsById", cost=2, each=1)
PRODUCTS = Listing(
    "products",
    "Products",
    "ProductsById",
    cost=2,
    each=14,
    nested=(Rest("variants", "ProductVariants"),),
)
CUSTOMERS = Listing(
    "customers",
    "Customers",
    "CustomersById",
    cost=2,
    each=10,  # and one for each metafield, at least one
    nested=(Rest("addressesV2", "CustomerAddresses"),),
)
ORDERS = Listing(
    "orders",
    "Orders",
    "OrdersById",
    cost=2,
    each=73,
    nested=(Rest("lineItems", "OrderLines"), Rest("shippingLines", "OrderShipping")),
)
REFUNDS = Listing(
    "orders",
    "Orders",
    "Refunds",
    cost=1,
    each=61,
    nested=(
        Rest("refundLineItems", "RefundLines"),
        Rest("refundShippingLines", "RefundShipping"),
        Rest("orderAdjustments", "RefundAdjustments"),
        Rest("transactions", "RefundTransactions"),
    ),
)
STOCK = Listing(
    "stock",
    "StockOfLocation",
    "StockById",
    cost=3,
    each=6,
    nested=(Rest("variants", "StockVariants", inside="item"),),
)


class Plan:
    """
    How many items to ask for: as many as one query may cost.

    It starts from the points worked out for the operation and goes on with what Shopify says each
    page did cost.
    """

    def __init__(self, listing: Listing, largest: int, extra: int = 0) -> None:
        self._largest = largest
        self._fixed, self._each = listing.cost, listing.each + extra
        self.size = self._within((QUERY_LIMIT - self._fixed) // self._each)

    @property
    def cost(self) -> int:
        """Points that the next query is expected to cost."""
        return self._fixed + self._each * self.size

    def learn(self, cost: int) -> None:
        """Take in what a query of `size` items did cost, by Shopify's count."""
        if cost > self._fixed:
            self._each = -(-(cost - self._fixed) // self.size)
            self.size = self._within(self.size * QUERY_LIMIT // cost)

    def shrink(self, error: TooCostly) -> None:
        """Ask for fewer; one item that is too costly stays an error."""
        if self.size == 1:
            raise error
        self.size = self._within(int(self.size * error.fits * 0.9))

    def _within(self, size: int) -> int:
        return max(1, min(size, self._largest))


def portions(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Ids, `size` at a time."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
