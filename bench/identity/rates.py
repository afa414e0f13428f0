"""How often things happen to the people and to what is written down of them."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Rates:
    """
    Shares of 1, each of what its comment names.

    Attributes:
        family_phone: Later members of a household who give a relative's mobile.
        family_mail: Later members who use a relative's mailbox at times.
        borrowed: Cards shown that are a relative's.
        recycled: Mobiles that belonged to a stranger before.
        landline: Phone values that are the household's landline.
        moved: Persons who moved away from the household.
        new_phone: Persons whose mobile changed.
        renamed: Persons whose family name changed.
        second_mail: Persons with another address, and how often they give it.
        relay: Addresses given to an online shop that a relay stands before.
        placeholder: Values typed where a field could not stay empty.
        shop_phone: Phones at a till that are the shop's own.
        swapped: Names in each other's field.
        latin: Names in Latin letters.
        homophone: Given names in other characters of the same sound.
        old_forms: Characters that have an old form, written in it.
        long_vowel: おお written おう, づ written ず.
        kana_slip: Kana with a letter wrong, turned round or left out.
        digit_slip: Phones and cards with a digit wrong or two turned round.
        mail_slip: Addresses mistyped.
        mail_case: Addresses in capitals, capitalised, wide or with a blank.
        address_slip: Addresses with a character left out.
        date_slip: Birth dates a day off.
        tail: Cards of which only the last eight digits were written.
        no_prefecture: Addresses that begin with the city.
        no_room: Addresses without the building that is there.
    """

    family_phone: float = 0.15
    family_mail: float = 0.10
    borrowed: float = 0.03
    recycled: float = 0.01
    landline: float = 0.21
    moved: float = 0.12
    new_phone: float = 0.10
    renamed: float = 0.012
    second_mail: float = 0.33
    relay: float = 0.068
    placeholder: float = 0.012
    shop_phone: float = 0.005
    swapped: float = 0.02
    latin: float = 0.07
    homophone: float = 0.013
    old_forms: float = 0.15
    long_vowel: float = 0.03
    kana_slip: float = 0.03
    digit_slip: float = 0.025
    mail_slip: float = 0.03
    mail_case: float = 0.13
    address_slip: float = 0.02
    date_slip: float = 0.006
    tail: float = 0.03
    no_prefecture: float = 0.145
    no_room: float = 0.20

    def scaled(self, factor: float, *names: str) -> "Rates":
        """The same with some rates multiplied."""
        return replace(self, **{name: min(0.9, getattr(self, name) * factor) for name in names})


SHARED = ("family_phone", "family_mail", "borrowed", "recycled", "placeholder", "shop_phone")
SLIPS = (
    "swapped",
    "latin",
    "homophone",
    "old_forms",
    "long_vowel",
    "kana_slip",
    "digit_slip",
    "mail_slip",
    "address_slip",
    "date_slip",
    "tail",
)
CHANGES = ("moved", "new_phone", "renamed", "second_mail", "relay")

PUBLIC = Rates()
RATES = {
    "clean": PUBLIC.scaled(0.65, *SHARED, *SLIPS, *CHANGES),
    "public": PUBLIC,
    "harsh": PUBLIC.scaled(1.8, *SHARED, *SLIPS).scaled(1.5, *CHANGES),
}
