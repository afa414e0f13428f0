"""The town itself: every door to its people, accounts and purchases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from tokui_contracts.town import accounts, people, purchases
from tokui_contracts.town.accounts import Account, Presence, System
from tokui_contracts.town.dice import Dice
from tokui_contracts.town.goods import Product, Variant, catalogue
from tokui_contracts.town.people import Person
from tokui_contracts.town.purchases import Purchase
from tokui_contracts.town.rates import Rates

TODAY = datetime(2026, 9, 30, 3, tzinfo=UTC)
"""When nothing has happened yet that comes later. Never the wall clock's."""

GUEST_SLOT = accounts.SLOTS - 1


@dataclass(frozen=True, slots=True)
class Truth:
    """
    Who a record of a system really is.

    Attributes:
        kind: `guest`: the system has no customer record; `external_id` is `guest:<order id>`.
        person: Number of the person.
    """

    system: System
    kind: Literal["account", "guest"]
    external_id: str
    person: int


@dataclass(frozen=True, slots=True)
class Town:
    """
    People, what each system knows of them, what they bought, and who is who.

    Nothing is kept in memory: any person, account or purchase is made from its number alone, the
    same each time, so that a town of a million is walked in constant space.

    Attributes:
        size: Persons, numbered from 0.
        seed: Another seed is another town.
        today: The end of its history. UTC.
    """

    size: int
    seed: int = 1
    today: datetime = TODAY
    rates: Rates = field(default_factory=Rates)

    def person(self, number: int) -> Person:
        """The person of this number."""
        return people.person(self.seed, self.size, number, self.today.date())

    def people(self) -> Iterator[Person]:
        """Everybody, by number."""
        return map(self.person, range(self.size))

    def presence(self, number: int) -> Presence:
        """Where a person is known."""
        return accounts.presence(self.seed, number, self.rates)

    def accounts_of(self, number: int, system: System) -> list[Account]:
        """The records of one person in a system; mostly one or none."""
        known = self.presence(number)
        slots = known.shopify if system == "shopify" else known.pos
        return [self._account(system, number, slot, known) for slot in range(slots)]

    def _account(self, system: System, number: int, slot: int, known: Presence) -> Account:
        make = accounts.shopify_account if system == "shopify" else accounts.pos_account
        return make(self.person(number), slot, known, self.seed, self.rates, self.today)

    def accounts(self, system: System, whose: range | None = None) -> Iterator[Account]:
        """Every record of a system, by number; `whose` takes a part of the people."""
        for number in range(self.size) if whose is None else whose:
            yield from self.accounts_of(number, system)

    def account(self, system: System, number: int) -> Account | None:
        """The record of this number, if there is one."""
        person, slot = accounts.place(system, number)
        if not 0 <= person < self.size:
            return None
        known = self.presence(person)
        held = known.shopify if system == "shopify" else known.pos
        return self._account(system, person, slot, known) if slot < held else None

    def purchases_of(self, account: Account) -> Iterator[Purchase]:
        """What was bought with an account."""
        person, slot = accounts.place(account.system, account.number)
        for at in range(purchases.count(self.seed, account.system, person, slot)):
            yield self._purchase(account.system, person, slot, at, account)

    def purchases(self, system: System, whose: range | None = None) -> Iterator[Purchase]:
        """Everything bought in a system, guests and walk-ins included; `whose` takes a part."""
        for number in range(self.size) if whose is None else whose:
            for account in self.accounts_of(number, system):
                yield from self.purchases_of(account)
            for at in range(self._without_account(system, number)):
                yield self._purchase(system, number, GUEST_SLOT, at, None)

    def purchase(self, system: System, number: int) -> Purchase | None:
        """The purchase of this number, if there is one."""
        person, slot, at = purchases.place(system, number)
        if not 0 <= person < self.size:
            return None
        if slot == GUEST_SLOT:
            there = at < self._without_account(system, person)
            return self._purchase(system, person, slot, at, None) if there else None
        accounts_ = self.accounts_of(person, system)
        if slot >= len(accounts_) or at >= purchases.count(self.seed, system, person, slot):
            return None
        return self._purchase(system, person, slot, at, accounts_[slot])

    def _without_account(self, system: System, number: int) -> int:
        """Guest orders of a person, or walk-in sales that nobody can name."""
        dice = Dice(self.seed, system, "without", number)
        if system == "pos":
            return dice.between(0, 2) if dice.chance(0.5) else 0
        known = self.presence(number)
        if not known.shopify and not known.pos:
            return dice.between(1, 2)
        return int(dice.chance(self.rates.guest))

    def _purchase(
        self, system: System, person: int, slot: int, at: int, buyer: Account | None
    ) -> Purchase:
        number = purchases.number(system, person, slot, at)
        online = system == "shopify"
        return purchases.purchase(
            self.seed,
            system,
            number,
            buyer=buyer,
            guest=self.person(person) if online and buyer is None else None,
            recipient=self._recipient(person, number) if online else None,
            today=self.today,
            rates=self.rates,
        )

    def _recipient(self, giver: int, order: int) -> Person | None:
        """A customer of the online shop under another roof, for a few orders."""
        dice = Dice(self.seed, "gift", order)
        if not dice.chance(self.rates.gift):
            return None
        for _ in range(20):
            number = dice.between(0, self.size - 1)
            if number // people.BLOCK != giver // people.BLOCK and self.presence(number).shopify:
                return self.person(number)
        return None

    def catalogue(self) -> tuple[tuple[Product, tuple[Variant, ...]], ...]:
        """Every product with its variants."""
        return catalogue()

    def truth(self) -> Iterator[Truth]:
        """Ground truth: each record of each system, and each guest order, with its person."""
        for number in range(self.size):
            for system in ("shopify", "pos"):
                for account in self.accounts_of(number, system):
                    yield Truth(system, "account", account.external_id, number)
            for at in range(self._without_account("shopify", number)):
                order = purchases.number("shopify", number, GUEST_SLOT, at)
                yield Truth("shopify", "guest", f"guest:gid://shopify/Order/{order}", number)
