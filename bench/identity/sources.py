"""One record of a person, as one of five systems has it."""

from collections.abc import Mapping
from itertools import repeat
from random import Random

import writing
from letters import cased, half, katakana, old, slip, spelled, wide
from person import Home, Person
from rates import Rates
from tables import Family

KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
FIELDS = (
    "record_id,source,source_id,family,given,family_kana,given_kana,display_name,email,phone,"
    "postal_code,address,birth_date,member_card,line_user_id,updated_at"
).split(",")
SHARES = {"shopify": 30, "pos": 28, "line": 16, "points": 14, "email": 12}
KEPT: Mapping[str, Mapping[str, float]] = {
    name: {field: float(share) for field, share in map(str.split, fields.split(","), repeat("="))}
    for name, fields in {
        "shopify": "kanji=1,kana=.2,email=.97,phone=.75,postal=.86,address=.84,birth=.022,card=.12",
        "pos": "kanji=.25,kana=1,email=.12,phone=.81,postal=.41,address=.25,birth=.2,card=.66",
        "points": "kanji=1,kana=1,email=.61,phone=.89,postal=.79,address=.81,birth=.8,card=1",
        "line": "display=1,email=.34,phone=.48,postal=.12,address=.08,birth=.18,card=.45",
        "email": "display=.56,email=1,phone=.065,postal=.155,address=.06,birth=.1,card=.13",
    }.items()
}
TYPED = ("noemail@example.com", "none@none.co.jp", "test@test.com", "x@x.jp")
SHOP_MAIL = "info@store.example.jp"
NO_PHONES = ("0000000000", "00000000000", "09000000000", "09012345678")
SHOP_PHONES = tuple(
    f"03{number}" for number in range(48736202, 48736202 + 12 * 1_273_919, 1_273_919)
)
NO_DAY = "1900-01-01"
DECORATIONS = ("☆", "🌸", "♪", "@仕事")
MISTYPED = {".com": (".co", ".cmo"), ".jp": (".jo",), "gmail": ("gmial",), ".co.jp": (".ne.jp",)}


class Desk:
    """Whoever writes records down, with the habits and mistakes that `rates` states."""

    def __init__(self, rng: Random, rates: Rates) -> None:
        self.rng = rng
        self.rates = rates

    def record(self, one: Person, source: str) -> dict[str, str]:
        """A record of a person, without a number."""
        day = f"{self.rng.randint(2019, 2026)}-{self.rng.randint(1, 12):02}-{self.rng.randint(1, 28):02}"
        kept = {name for name, share in KEPT[source].items() if self.rng.random() < share}
        later = day >= one.changed
        home = one.later_home if later else one.home
        row = dict.fromkeys(FIELDS, "")
        row["source"], row["updated_at"] = source, day
        row["source_id"] = f"{source[0]}{self.rng.getrandbits(48):012x}"
        row |= self._names(one, one.later_family if later else one.family, source, kept)
        row["email"] = self._mail(one, source) if "email" in kept else ""
        row["phone"] = self._phone(one, source, later) if "phone" in kept else ""
        row["postal_code"] = writing.postal(self.rng, home.town.postal) if "postal" in kept else ""
        row["address"] = self._address(home) if "address" in kept else ""
        row["birth_date"] = self._birth(one) if "birth" in kept else ""
        row["member_card"] = self._card(one) if "card" in kept else ""
        row["line_user_id"] = one.line if source == "line" else ""
        return row

    def _often(self, share: float) -> bool:
        return self.rng.random() < share

    # --- names ---------------------------------------------------------------------------------

    def _names(self, one: Person, family: Family, source: str, kept: set[str]) -> dict[str, str]:
        row = {}
        if "display" in kept:
            row["display_name"] = (
                self._nick(one, family)
                if source == "line"
                else self._full(one, family, self.rates.latin)
            )
        if "kanji" in kept:
            row["family"], row["given"] = self._pair(one, family, self.rates.latin)
        if "kana" in kept:
            row |= self._kana(one, family, source)
        return row

    def _pair(self, one: Person, family: Family, latin: float) -> tuple[str, str]:
        """Family and given name in Latin letters or as written; at times the wrong way round."""
        if self._often(latin):
            pair = self._latin(family.latin), self._latin(one.given.latin)
        else:
            pair = self._written(family.written), self._written(self._spelling(one))
        return pair[::-1] if self._often(self.rates.swapped) else pair

    def _latin(self, hepburn: str) -> str:
        text = cased(self.rng, spelled(self.rng, hepburn))
        text = slip(self.rng, text, "aiueoktsnp") if self._often(self.rates.kana_slip) else text
        return wide(text) if self._often(0.04) else text

    def _written(self, text: str) -> str:
        return old(text) if self._often(self.rates.old_forms) else text

    def _spelling(self, one: Person) -> str:
        wrong = self._often(self.rates.homophone)
        return self.rng.choice(one.given.spellings) if wrong else one.spelling

    def _kana(self, one: Person, family: Family, source: str) -> dict[str, str]:
        parts = [katakana(family.kana), katakana(one.given.kana)]
        if self._often(self.rates.long_vowel):
            parts[0] = parts[0].replace("オオ", "オウ").replace("ヅ", "ズ")
        if self._often(self.rates.kana_slip):
            parts[1] = slip(self.rng, parts[1], KANA)
        if source == "pos":
            parts = self._till(parts)
        return {"family_kana": parts[0], "given_kana": parts[1]}

    def _till(self, parts: list[str]) -> list[str]:
        """As tills have it: half width, or hiragana, or the family name alone."""
        parts = parts if self._often(0.925) else [parts[0], ""]
        way = self.rng.random()
        if way < 0.5:
            return [half(part) for part in parts]
        return [_hiragana(part) for part in parts] if way < 0.6 else parts

    def _full(self, one: Person, family: Family, latin: float) -> str:
        family_name, given = self._pair(one, family, latin)
        return family_name + self.rng.choice(("", " ", "\u3000")) + given

    def _nick(self, one: Person, family: Family) -> str:
        """What people call themselves in a messenger."""
        way = self.rng.random()
        if way < 0.30:
            return one.given.latin[:3] if way < 0.15 else one.given.latin
        if way < 0.47:
            return katakana(one.given.kana)
        if way < 0.53:
            return self._latin(one.given.latin)
        if way < 0.70:
            name = one.spelling if self._often(0.65) else self._latin(one.given.latin)
            return name + self.rng.choice(DECORATIONS)
        if way < 0.82:
            return one.spelling if way < 0.80 else family.written
        return self._full(one, family, latin=0.3)

    # --- contact -------------------------------------------------------------------------------

    def _mail(self, one: Person, source: str) -> str:
        rates = self.rates
        if self._often(rates.placeholder):
            return SHOP_MAIL if self._often(0.2) else self.rng.choice(TYPED)
        if source in ("shopify", "email") and self._often(rates.relay):
            return self._relay()
        mail = one.mails[-1] if self._often(rates.second_mail * 1.6) else one.mails[0]
        if one.relative_mail and self._often(0.5):
            mail = one.relatives[0].mails[0]
        return self._typed(mail)

    def _relay(self) -> str:
        if self._often(0.4):
            return f"{self.rng.getrandbits(40):010x}@privaterelay.appleid.com"
        domain = self.rng.choice(("marketplace.example-amazon.jp", "fw.example-rakuten.jp"))
        return f"{self.rng.getrandbits(60):015x}@{domain}"

    def _typed(self, mail: str) -> str:
        """An address as typed: with a slip, a tag, or in other letters."""
        local, domain = mail.split("@")
        if domain == "gmail.com" and self._often(0.05):
            local += "+" + self.rng.choice(("line", "shop", "2024", "point"))
        if self._often(self.rates.mail_slip / 2):
            local = slip(self.rng, local, "abcdefghijklmnopqrstuvwxyz")
        elif self._often(self.rates.mail_slip / 2):
            right = self.rng.choice([each for each in MISTYPED if each in domain])
            domain = domain.replace(right, self.rng.choice(MISTYPED[right]))
        mail = f"{local}@{domain}"
        if not self._often(self.rates.mail_case):
            return mail
        return self.rng.choices(
            (mail.capitalize(), mail.upper(), wide(mail), mail + " "), (45, 28, 9, 18)
        )[0]

    def _phone(self, one: Person, source: str, later: bool) -> str:
        if source == "pos" and self._often(self.rates.placeholder * 1.4):
            return writing.phone(self.rng, self.rng.choice(NO_PHONES))
        if source == "pos" and self._often(self.rates.shop_phone):
            return writing.phone(self.rng, self.rng.choice(SHOP_PHONES))
        mobile = one.later_mobile if later else one.mobile
        mobile = one.relatives[0].mobile if one.relative_phone else mobile
        digits = one.landline if self._often(self.rates.landline) else mobile
        return writing.phone(self.rng, self._digits(digits))

    def _digits(self, digits: str) -> str:
        """The last digits as typed: one wrong, or two turned round; never one too few."""
        if not self._often(self.rates.digit_slip):
            return digits
        at = self.rng.randrange(3, len(digits) - 1)
        if self._often(0.5):
            return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        return digits[:at] + str(self.rng.randrange(10)) + digits[at + 1 :]

    def _card(self, one: Person) -> str:
        if self._often(self.rates.placeholder / 4):
            return "0" * 13
        cards = [each.card for each in one.relatives if each.card]
        number = self.rng.choice(cards) if cards and self._often(self.rates.borrowed) else one.card
        if not number:
            return ""
        if self._often(self.rates.tail):
            return number[-8:]
        return writing.card(self.rng, self._digits(number))

    # --- the rest ------------------------------------------------------------------------------

    def _address(self, home: Home) -> str:
        line = writing.address(self.rng, home, self.rates.no_prefecture, self.rates.no_room)
        if not self._often(self.rates.address_slip):
            return line
        at = self.rng.randrange(len(line) // 2, len(line))
        return line[:at] + line[at + 1 :]

    def _birth(self, one: Person) -> str:
        if self._often(self.rates.placeholder * 0.8):
            return NO_DAY
        day = one.born
        if self._often(self.rates.date_slip):
            day = day.replace(day=day.day % 28 + 1)
        return writing.birth(self.rng, day)


def _hiragana(katakana_text: str) -> str:
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in katakana_text)
