"""Where an address is: the town with its numbers, the building, the room."""

import re
from functools import lru_cache
from operator import itemgetter
from typing import Literal, NamedTuple

from tokui.identity.normalise import postal
from tokui.identity.normalise.blocks import chain, folded
from tokui.model import Address

Kind = Literal["home", "company", "dormitory"]

_PREFECTURE = re.compile(
    r"(?:(?:東京都|北海道|(?:京都|大阪)府|(?!.?[市区町村])[^\d\W]{2,3}?県)\s*)+"
)
_COUNTY = re.compile(r"[^市区町村郡\d\s]{1,4}郡(?=[^市区\d\s]{1,6}[町村])")
_POSTAL = re.compile(r"(?:[〒\s]*(?:郵便番号:?)?\s*(\d{3})-?(\d{4})(?=\s|$|[^\d-]))+")
_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_COMPANY = re.compile(
    r"株式会社|有限会社|合同会社|\([株有同]\)|支店|支社|本社|本店|営業所|事業所|事務所|工場|商店|医院|クリニック"
)
_DORMITORY = re.compile(
    r"寮|社宅|宿舎|官舎|学生会館|学生マンション|ドミトリー|シェアハウス|老人ホーム|ケアハウス"
    r"|グループホーム|養護|病院|dormitory"
)
# The room: `1206号室`, `802`, `a-203`, `5f`; a building's own number ends in no 号室.
_ROOM = re.compile(
    r"(?:(?:第?(?P<wing>[a-z\d]{1,2})(?:号?棟|号館)|(?<![a-z])(?P<block>[a-z])-?)?-?(?P<room>\d{2,4}[a-z]?)"
    r"(?:号室?|室)?|(?P<single>\d{1,4}[a-z]?)(?:号室?|室)|(?P<floor>b?\d{1,2})(?:階|f))$"
)
_NOT_IN_BUILDING = re.compile(r"[\s・･,.、。]+")
_NO_CODE = re.compile(r"[^\da-z]")
_BETWEEN_WORDS = re.compile(r"[^\w-]+")
_LEAST_ROOM = 101
_MOST = 300  # characters of one field that are read
_CITY = re.compile(r"[市区町村郡]\D+\d")
_PARTS = itemgetter("postal_code", "region", "city", "line1", "line2", "country")


class Place(NamedTuple):
    """
    An address in parts that can be compared.

    Attributes:
        postal: Seven digits (elsewhere, letters and digits); empty when there is none, or it is
            a placeholder.
        town: City, town and numbers (`千代田区丸の内1-1-1`), without prefecture and building.
            Elsewhere than in Japan, the whole address in lower case.
        building: Its name.
        room: Digits and letters; empty when there is none.
        kind: What the building is. In a company or a dormitory, people are no household.
    """

    postal: str = ""
    town: str = ""
    building: str = ""
    room: str = ""
    kind: Kind = "home"

    @property
    def area(self) -> str | None:
        """Its postal code, if only that says where the town is; None where nothing does."""
        return "" if _CITY.search(self.town) else self.postal or None


def place(address: Address) -> Place:
    """Read an address; what its source does not say stays empty."""
    return _place(*[text and text[:_MOST] for text in _PARTS(vars(address))])


def _place(
    code: str | None,
    region: str | None,
    city: str | None,
    line1: str | None,
    line2: str | None,
    country: str | None,
) -> Place:
    line = _part(region or "") + _part(city or "") + _part(line1 or "")
    below = folded(line2) if line2 else ""
    if country not in (None, "JP") or not _JAPANESE.search(line + below):
        whole = " ".join(part for part in (line1, line2, city, region) if part)
        return _foreign(code, folded(whole), home=country in (None, "JP"))
    begins_with_name = line[:1].isalpha() and line[0] != "郵"
    written = None if begins_with_name else _POSTAL.match(line)
    digits = postal_key(code or "") or postal_key("".join(written.groups()) if written else "")
    line = line[written.end() if written else 0 :].lstrip(" 〒")
    return _japanese(digits, line, below)


_part = lru_cache(maxsize=8192)(folded)


def postal_key(code: str) -> str:
    """Seven digits of a Japanese postal code; empty for anything else, and for placeholders."""
    digits = code if code.isascii() and code.isdigit() else _NO_CODE.sub("", folded(code))
    if len(digits) != 7 or not digits.isdecimal() or digits[:3] == "000":
        return ""
    return "" if digits == "1234567" or digits.count(digits[0]) == 7 else digits


def _japanese(digits: str, line: str, below: str) -> Place:
    town, numbered, rest = _town(line)
    if below and not town[-1:].isdigit() and below[0].isdigit():
        town, numbered, rest = _town(line + below)
        below = ""
    building, inner = _building(f"{rest} {below}".strip())
    kind = _kind(f"{line} {below}")
    return Place(digits, postal.complete(digits, town), building, inner or numbered, kind)


@lru_cache(maxsize=4096)
def _town(line: str) -> tuple[str, str, str]:
    """A folded line as the town with its numbers, a room that follows them, and the rest."""
    front, numbers, rest = chain(_without(_PREFECTURE, line))
    blocks, room = _numbered_room(numbers)
    words = _BETWEEN_WORDS.sub("", front)
    town = _without(_COUNTY, words) + blocks
    if words != front:  # what stood apart may be one word: 三 ヶ 島
        again, more, _ = _town(folded(town))
        return again, more or room, rest
    return town, room, rest


def _without(beginning: re.Pattern[str], text: str) -> str:
    found = beginning.match(text)
    return text[found.end() :] if found else text


def _numbered_room(numbers: str) -> tuple[str, str]:
    """`2-21-15-203` ends in a room: four numbers, or a third one that no house has."""
    parts = numbers.split("-")
    if len(parts) < 3:
        return numbers, ""
    last = int(parts[-1])
    if len(parts) > 3 or (_LEAST_ROOM <= last <= 9999 and last % 100):
        return "-".join(parts[:-1]), parts[-1]
    return numbers, ""


def _building(text: str) -> tuple[str, str]:
    if not text:
        return "", ""
    name = _NOT_IN_BUILDING.sub("", text).strip("-")
    found = _ROOM.search(name)
    if not found:
        return name, ""
    room = (found["wing"] or found["block"] or "") and f"{found['wing'] or found['block']}-"
    room += found["room"] or found["single"] or f"{found['floor']}f"
    return name[: found.start()].rstrip("-"), room


def _kind(text: str) -> Kind:
    if _COMPANY.search(text):
        return "company"
    return "dormitory" if _DORMITORY.search(text) else "home"


def _foreign(code: str | None, line: str, *, home: bool) -> Place:
    town = folded(_BETWEEN_WORDS.sub(" ", line))
    digits = postal_key(code or "") if home else re.sub(r"\W", "", folded(code or ""))
    return Place(digits, town)
