"""A demo town: people, what each system knows of them, what they bought, and who is who."""

from tokui_contracts.town.accounts import Account, Presence, System
from tokui_contracts.town.goods import SHOPS, Clerk, Product, Shop, Variant, clerks, jan, stock
from tokui_contracts.town.people import Household, Person
from tokui_contracts.town.places import Address
from tokui_contracts.town.purchases import Line, Paid, Purchase
from tokui_contracts.town.rates import Rates
from tokui_contracts.town.town import TODAY, Town, Truth

__all__ = [
    "SHOPS",
    "TODAY",
    "Account",
    "Address",
    "Clerk",
    "Household",
    "Line",
    "Paid",
    "Person",
    "Presence",
    "Product",
    "Purchase",
    "Rates",
    "Shop",
    "System",
    "Town",
    "Truth",
    "Variant",
    "clerks",
    "jan",
    "stock",
]
