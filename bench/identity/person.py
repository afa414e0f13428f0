"""People, the households they live in, and what they are reached by."""

import bisect
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from rates import Rates
from tables import Family, Given, Tables, Town

AREAS = ("03", "06", "045", "052", "092")
BUILDINGS = ("メゾン", "コーポ", "パーク", "グランド", "サンライズ", "ライオンズ")
OF = ("桜", "緑", "富士", "青葉", "さくら", "中央", "本町", "田中")
SIZES = (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4)
DOMAINS = {
    "gmail.com": 33,
    "yahoo.co.jp": 22,
    "icloud.com": 15,
    "docomo.ne.jp": 11,
    "softbank.ne.jp": 5,
    "ezweb.ne.jp": 4,
    "au.com": 3,
    "i.softbank.jp": 2,
    "outlook.jp": 2,
}


@dataclass(frozen=True, slots=True)
class Home:
    """A dwelling; `blocks` are 丁目, 番, 号 or 番, 号."""

    town: Town
    blocks: tuple[int, ...]
    building: str
    room: str


@dataclass(slots=True)
class Person:
    """One person, over the years: of what changed, the later value counts from `changed` on."""

    number: int
    household: int
    family: Family
    given: Given
    spelling: str
    born: date
    home: Home
    mobile: str
    landline: str
    mails: tuple[str, ...]
    card: str
    line: str
    changed: str
    later_home: Home
    later_mobile: str
    later_family: Family
    relatives: Sequence["Person"] = field(default=(), repr=False)
    relative_phone: bool = False
    relative_mail: bool = False


class People:
    """All people of a set, household after household."""

    def __init__(self, rng: Random, tables: Tables, rates: Rates) -> None:
        self.rng = rng
        self.tables = tables
        self.rates = rates
        self._taken = bytearray(1 << 23)
        self._numbers = 0
        self._households = 0
        self._last_mobile = ""

    def households(self) -> Iterator[list[Person]]:
        """One household after the other, for ever."""
        while True:
            self._households += 1
            family, home = self._family(), self._home()
            landline = self._landline()
            born = self.rng.randint(1946, 1988)
            members = [
                self._person(family, home, landline, place, born)
                for place in range(self.rng.choice(SIZES))
            ]
            for place, each in enumerate(members):
                each.relatives = [other for other in members if other is not each]
                each.relative_phone = place > 0 and self._chance(self.rates.family_phone)
                each.relative_mail = place > 0 and self._chance(self.rates.family_mail)
            yield members

    def _person(self, family: Family, home: Home, landline: str, place: int, born: int) -> Person:
        self._numbers += 1
        sex = self._sex(place)
        given = self.rng.choice(self.tables.given[sex])
        mobile = self._mobile()
        moved, renewed = self._chance(self.rates.moved), self._chance(self.rates.new_phone)
        renamed = self._chance(self.rates.renamed * 2 if sex == "f" else 0)
        return Person(
            number=self._numbers,
            household=self._households,
            family=family,
            given=given,
            spelling=self.rng.choice(given.spellings),
            born=self._born(born, place),
            home=home,
            mobile=mobile,
            landline=landline,
            mails=self._mails(family, given),
            card=self._card() if self._chance(0.62) else "",
            line=f"U{self.rng.getrandbits(128):032x}",
            changed=f"{self.rng.randint(2021, 2024)}-{self.rng.randint(1, 12):02}-01",
            later_home=self._home() if moved else home,
            later_mobile=self._mobile() if renewed else mobile,
            later_family=self._family() if renamed else family,
        )

    def _sex(self, place: int) -> str:
        """Of the head by turns; the next one mostly the other, and the children as they come."""
        if place == 1 and self._chance(0.9):
            return "fm"[(self._numbers - 1) % 2]
        return "mf"[self._numbers % 2] if place == 0 else self.rng.choice("mf")

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _family(self) -> Family:
        weights = self.tables.weights
        at = bisect.bisect(weights, self.rng.random() * weights[-1])
        return self.tables.families[min(at, len(weights) - 1)]

    def _home(self) -> Home:
        town = self.rng.choice(self.tables.towns)
        ends = self.rng.randint(1, 40), self.rng.randint(1, 30)
        blocks = (self.rng.randint(1, 6), *ends) if town.blocks else ends
        if not self._chance(0.45):
            return Home(town, blocks, "", "")
        building = self.rng.choice(BUILDINGS) + self.rng.choice(OF)
        return Home(
            town, blocks, building, f"{self.rng.randint(1, 12)}{self.rng.randint(1, 12):02}"
        )

    def _landline(self) -> str:
        area = self.rng.choice(AREAS)
        return area + f"{self.rng.randrange(10**8):08}"[: 10 - len(area)]

    def _mobile(self) -> str:
        """A mobile of one's own, or one that was a stranger's some households ago."""
        if self._last_mobile and self._chance(self.rates.recycled):
            return self._last_mobile
        mobile = self.rng.choice(("070", "080", "090")) + f"{self.rng.randrange(10**8):08}"
        if self._chance(0.02):
            self._last_mobile = mobile
        return mobile

    def _born(self, head: int, place: int) -> date:
        year = (
            head + (0, self.rng.randint(-6, 6))[place]
            if place < 2
            else head + self.rng.randint(22, 38)
        )
        return date(min(year, 2010), self.rng.randint(1, 12), self.rng.randint(1, 28))

    def _mails(self, family: Family, given: Given) -> tuple[str, ...]:
        number = 2 if self._chance(self.rates.second_mail) else 1
        return tuple(self._mail(family.latin, given.latin) for _ in range(number))

    def _mail(self, family: str, given: str) -> str:
        """An address nobody else has, as people build them from their names."""
        domain = self.rng.choices(list(DOMAINS), list(DOMAINS.values()))[0]
        local = self._local(family, given)
        if domain in ("docomo.ne.jp", "ezweb.ne.jp") and self._chance(0.07):
            local = local.replace(".", "..") + "."
        while not self._free(f"{local}@{domain}"):
            local += str(self.rng.randint(1000, 9999))
        return f"{local}@{domain}"

    def _local(self, family: str, given: str) -> str:
        rng = self.rng
        kinds = (
            lambda: f"{given[0]}{family}{rng.randint(1, 999)}",
            lambda: f"{family}.{given}",
            lambda: f"{given}.{family}",
            lambda: family + given,
            lambda: f"{given}-{family}{rng.randint(1, 99)}",
            lambda: f"{family}_{rng.randint(1000, 9999)}",
            lambda: f"{given}{rng.randint(1, 99):02}",
        )
        return rng.choice(kinds)()

    def _free(self, mail: str) -> bool:
        """True once for each address; a few that are free are taken for used."""
        bit = zlib.crc32(mail.encode()) & 0x3FFFFFF
        at, mask = bit >> 3, 1 << (bit & 7)
        if self._taken[at] & mask:
            return False
        self._taken[at] |= mask
        return True

    def _card(self) -> str:
        """A JAN of the club's own range, never the same twice."""
        digits = f"2900{self._numbers * 60_013 % 100_000_000:08}"
        weighted = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
        return f"{digits}{-weighted % 10}"
