"""What each system of the shop knows of a person, which is seldom all and not always right."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from tokui_contracts.town.dice import Dice
from tokui_contracts.town.goods import jan
from tokui_contracts.town.people import Person, mobile
from tokui_contracts.town.places import Address
from tokui_contracts.town.rates import Rates

System = Literal["shopify", "pos"]
Agreement = Literal["both", "email", "phone", "neither"]
Consent = Literal["SUBSCRIBED", "NOT_SUBSCRIBED", "UNSUBSCRIBED"]
FIRST_SHOPIFY = 7_000_000_000_000
FIRST_POS = 100
SLOTS = 4
"""Accounts that a person may have in one system; the last slot is of those who have none."""
PLACEHOLDER_PHONE = "00000000000"
SHOP_PHONE = "0355001001"


@dataclass(frozen=True, slots=True)
class Account:
    """
    A record of one person in one system.

    Attributes:
        number: As Shopify's id or the till's member code.
        person: Ground truth.
        phone: National digits.
        birthday: None when it was not asked for.
        member_no: The barcode on the card, 13 digits.
        latin: The name is written in Latin letters.
        mail, sms: Consent to marketing.
    """

    system: System
    number: int
    person: Person
    family: str
    given: str
    family_kana: str
    given_kana: str
    email: str | None
    phone: str | None
    birthday: date | None
    address: Address | None
    member_no: str | None
    line_user_id: str | None
    mail: Consent
    sms: Consent
    tags: tuple[str, ...]
    note: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def external_id(self) -> str:
        """As the system's API or export writes it; a member code keeps its leading zeros."""
        return (
            f"gid://shopify/Customer/{self.number}"
            if self.system == "shopify"
            else f"{self.number:08d}"
        )


def place(system: System, number: int) -> tuple[int, int]:
    """The person and slot that an account's number stands for."""
    return divmod(number - (FIRST_SHOPIFY if system == "shopify" else FIRST_POS), SLOTS)


@dataclass(frozen=True, slots=True)
class Presence:
    """In which systems a person is, and on what they agree there."""

    shopify: int
    pos: int
    same: Agreement


def presence(seed: int, number: int, rates: Rates) -> Presence:
    """How many accounts a person has in each system."""
    dice = Dice(seed, "presence", number)
    roll = dice.random()
    online = roll < rates.shopify_only + rates.both
    store = rates.shopify_only <= roll < rates.shopify_only + rates.both + rates.pos_only
    twice = [1 + dice.chance(rates.second_account) for _ in range(2)]
    return Presence(online * twice[0], store * twice[1], _agreement(dice.random(), rates))


def _agreement(roll: float, rates: Rates) -> Agreement:
    if roll < rates.same_both:
        return "both"
    if roll < rates.same_both + rates.same_email:
        return "email"
    return "phone" if roll < rates.same_both + rates.same_email + rates.same_phone else "neither"


def _consent(dice: Dice) -> Consent:
    if dice.chance(0.45):
        return "SUBSCRIBED"
    return "UNSUBSCRIBED" if dice.chance(0.1) else "NOT_SUBSCRIBED"


def _times(dice: Dice, today: datetime) -> tuple[datetime, datetime]:
    age = dice.between(40 * 86400, 900 * 86400)
    created = today - timedelta(seconds=age)
    return created, created + timedelta(seconds=dice.between(0, age - 1))


def card(number: int) -> str:
    """The barcode on the member card of a person."""
    return jan(f"29{number:010d}")


def shopify_account(
    person: Person, at: int, known: Presence, seed: int, rates: Rates, today: datetime
) -> Account:
    """The online shop's record of a person; `at` counts a person's accounts from 0."""
    dice = Dice(seed, "shopify", person.number, at)
    alone = not known.pos
    email = person.email if at == 0 else f"old.{person.second_email}"
    if alone and dice.chance(rates.family_email):
        email = person.household.email
    has_phone = dice.chance(0.8) or (at == 0 and not alone)
    latin = dice.chance(0.06)
    created, updated = _times(dice, today)
    if dice.chance(rates.bulk_edit):
        updated = today - timedelta(days=20, minutes=person.number // 4000)
        created = min(created, updated)
    return Account(
        system="shopify",
        number=FIRST_SHOPIFY + person.number * SLOTS + at,
        person=person,
        family=person.family.latin if latin else person.family.kanji,
        given=person.given.latin if latin else person.given.kanji,
        family_kana=person.family.kana,
        given_kana=person.given.kana,
        email=email,
        phone=person.mobile if has_phone else None,
        birthday=person.birthday if dice.chance(0.3) else None,
        address=person.household.address if dice.chance(0.9) else None,
        member_no=card(person.number) if known.pos and dice.chance(rates.card_online) else None,
        line_user_id=person.line_user_id if dice.chance(0.7) else None,
        mail=_consent(dice),
        sms="SUBSCRIBED" if has_phone and dice.chance(0.15) else "NOT_SUBSCRIBED",
        tags=("VIP",) if dice.chance(0.05) else (),
        note="ギフト包装希望" if dice.chance(0.03) else None,
        created_at=created,
        updated_at=updated,
    )


def _store_phone(dice: Dice, person: Person, rates: Rates) -> str | None:
    """What a member of the stores alone gave as phone."""
    roll = dice.random()
    if roll < rates.landline:
        return person.household.landline
    roll -= rates.landline
    if roll < rates.placeholder_phone:
        return dice.pick((PLACEHOLDER_PHONE, SHOP_PHONE))
    head = person.household.first
    if head != person.number and dice.chance(rates.family_phone):
        return mobile(head)
    return person.mobile if dice.chance(0.85) else None


def pos_contact(
    dice: Dice, person: Person, at: int, known: Presence, rates: Rates
) -> tuple[str | None, str | None]:
    """E-mail and phone as the stores know them."""
    if at:
        return None, person.mobile
    if not known.shopify:
        email = person.email if dice.chance(0.55) else None
        return email, _store_phone(dice, person, rates)
    email = person.email if known.same in ("both", "email") else None
    phone = person.mobile if known.same in ("both", "phone") else None
    return (
        email or (person.second_email if dice.chance(0.4) else None),
        phone or (person.household.landline if dice.chance(0.6) else None),
    )


def pos_account(
    person: Person, at: int, known: Presence, seed: int, rates: Rates, today: datetime
) -> Account:
    """The till's record of a person; `at` counts a person's accounts from 0."""
    dice = Dice(seed, "pos", person.number, at)
    email, phone = pos_contact(dice, person, at, known, rates)
    created, updated = _times(dice, today)
    family = person.born_as or person.family
    old = dice.chance(rates.old_forms)
    moved = person.earlier if dice.chance(0.5) else None
    return Account(
        system="pos",
        number=FIRST_POS + person.number * SLOTS + at,
        person=person,
        family=family.variant if old else family.kanji,
        given=person.given.kanji,
        family_kana=family.kana,
        given_kana=person.given.kana,
        email=email,
        phone=phone,
        birthday=person.birthday if dice.chance(0.8) else None,
        address=(moved or person.household.address) if dice.chance(0.6) else None,
        member_no=card(person.number) if at == 0 else card(5_000_000_000 + person.number),
        line_user_id=None,
        mail=_consent(dice),
        sms="NOT_SUBSCRIBED",
        tags=(),
        note="お直し多め" if dice.chance(0.03) else None,
        created_at=created,
        updated_at=updated,
    )
