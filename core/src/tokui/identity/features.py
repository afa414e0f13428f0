"""
What matching compares of one customer. Pure; kept as JSON beside the record, so that a batch pass
need not read the record again. Made anew by `identity rebuild` when the rules change.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from pydantic_core import from_json, to_json

from tokui.identity.normalise.birth import is_placeholder_date
from tokui.identity.normalise.contact import email_parts
from tokui.identity.normalise.names import Names, Part, read
from tokui.identity.normalise.place import Place, place
from tokui.identity.normalise.sounds import sound
from tokui.model import Customer
from tokui.store.shared import PERHAPS

MAX_PLACES = 3
"""Addresses of one customer that are compared; the preferred ones come first."""

Numbers: TypeAlias = Mapping[str, Mapping[str, str]]
"""`kind:issuer` → match key → strength."""


NAMELESS = Names()
_WORD = re.compile(r"[^\W\d_]+")


class Features(NamedTuple):
    """
    One customer, as matching sees it.

    Attributes:
        names: Written forms, readings and sounds of the name.
        birthday: As `PartialDate` is written; empty when unknown or a placeholder.
        places: Home addresses.
        numbers: Identifiers that pass the rules.
        mailbox: The letters of the e-mail addresses' local parts, as sounds: people put their name there.
        guest: No registered account stands behind it.
    """

    names: Names = NAMELESS
    birthday: str = ""
    places: tuple[Place, ...] = ()
    numbers: Numbers = {}  # noqa: RUF012 - nobody writes to it
    mailbox: str = ""
    guest: bool = False

    @classmethod
    def of(cls, customer: Customer, numbers: Numbers) -> "Features":
        """Read a customer; `numbers` are its identifiers as the connection's rules see them."""
        places = [place(address) for address in customer.addresses[:MAX_PLACES]]
        return cls(
            names=read(customer.name),
            birthday=_birthday(customer),
            places=tuple(dict.fromkeys([each for each in places if each.postal or each.town])),
            numbers=numbers,
            mailbox=_mailbox(numbers.get("email:*", ())),
            guest=customer.guest,
        )

    @classmethod
    def from_json(cls, text: str) -> "Features":
        """Read what `to_json` wrote."""
        family, given, nick, birthday, places, numbers, mailbox, guest = from_json(
            text, cache_strings="keys"
        )
        return cls(
            Names(part(family), part(given), nick),
            birthday,
            tuple(Place(*each) for each in places),
            numbers,
            mailbox,
            guest,
        )

    def to_json(self) -> str:
        """
        Compact: a list without names, in the order of the attributes.

        The parts of the name are texts within it, so that reading a name that was read before is a
        look-up.
        """
        family, given, nick = self.names
        names = (_written(family), _written(given), nick)
        rest = (self.birthday, self.places, self.numbers, self.mailbox, self.guest)
        return to_json((*names, *rest)).decode()

    @property
    def tokens(self) -> dict[str, str]:
        """The identifiers as in the table of identifiers: token → strength."""
        return {
            f"{series}:{key}": strength
            for series, keys in self.numbers.items()
            for key, strength in keys.items()
        }

    @property
    def reading(self) -> str | None:
        """
        The sound of the given name: what tells bearers of a value apart.

        `PERHAPS` stands before the likeliest one where there are several.
        """
        sounds = self.names.given.sound
        if not sounds:
            return None
        return sounds[0] if len(sounds) == 1 else PERHAPS + sounds[0]


NONE = Features()
"""A customer of whom nothing is known, such as one that is only named by a fact."""


def _birthday(customer: Customer) -> str:
    birthday = customer.birthday
    return "" if birthday is None or is_placeholder_date(birthday) else str(birthday)


def _mailbox(emails: Any) -> str:
    local = " ".join([email_parts(key)[0] for key in emails])
    if not local.isascii():
        local = "".join(sign if sign.isalpha() else " " for sign in local)
    return " ".join([sound(word) for word in _WORD.findall(local) if word.isascii()])


@lru_cache(8192)
def _written(part: Part) -> str:
    return to_json(part).decode()


@lru_cache(8192)
def part(text: str) -> Part:
    """Read a part of a name as it stands within the features' JSON."""
    written, kana, sounds, stated = from_json(text)
    return Part(written, tuple(kana), tuple(sounds), stated)
