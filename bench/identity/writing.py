"""How phones, dates, postal codes and addresses are written down."""

from datetime import date
from random import Random

from letters import half, wide
from person import Home

KANJI = "〇一二三四五六七八九"
ERAS = ((2019, "令和", "R"), (1989, "平成", "H"), (1926, "昭和", "S"))


def phone(rng: Random, digits: str) -> str:
    """A domestic number with or without hyphens, blanks, width and country code."""
    area = 3 if len(digits) == 11 or digits[:2] not in ("03", "06") else 2
    parts = digits[:area], digits[area:-4], digits[-4:]
    abroad = parts[0][1:]
    forms = (
        (0.47, digits),
        (0.25, "-".join(parts)),
        (0.08, " ".join(parts)),
        (0.05, wide("-".join(parts))),
        (0.13, f"+81 {'-'.join((abroad, *parts[1:]))}"),
        (0.12, f"+81{digits[1:]}"),
    )
    return _one(rng, forms)


def card(rng: Random, digits: str) -> str:
    """A member number in a row, in groups, or in full width."""
    groups = digits[:4], digits[4:8], digits[8:]
    forms = (
        (0.69, digits),
        (0.15, "-".join(groups)),
        (0.11, " ".join(groups)),
        (0.05, wide(digits)),
    )
    return _one(rng, forms)


def birth(rng: Random, day: date) -> str:
    """A date in one of the forms of a counter."""
    since, era, letter = next(each for each in ERAS if day.year >= each[0])
    year = day.year - since + 1
    in_kanji = "元" if year == 1 else str(year)
    forms = (
        (0.36, day.isoformat()),
        (0.16, day.strftime("%Y%m%d")),
        (0.18, f"{day.year}年{day.month}月{day.day}日"),
        (0.16, f"{day.year}/{day.month}/{day.day}"),
        (0.09, f"{era}{in_kanji}年{day.month}月{day.day}日"),
        (0.05, f"{letter}{year}.{day.month}.{day.day}"),
    )
    return _one(rng, forms)


def postal(rng: Random, digits: str) -> str:
    """A postal code in one of its four forms."""
    hyphened = f"{digits[:3]}-{digits[3:]}"
    return rng.choice((digits, hyphened, f"〒{hyphened}", wide(hyphened).replace("−", "－")))


def address(rng: Random, home: Home, no_prefecture: float, no_room: float) -> str:
    """A home in one line."""
    place = home.town
    prefecture = "" if rng.random() < no_prefecture else place.prefecture
    line = prefecture + place.city + place.town + _blocks(rng, home.blocks)
    if not home.building or rng.random() < no_room:
        return line
    building = half(home.building) if rng.random() < 0.35 else home.building
    room = f" {home.room}号室" if building == home.building and rng.random() < 0.45 else home.room
    return line + rng.choice((" ", "\u3000", "")) + building + room


def _blocks(rng: Random, blocks: tuple[int, ...]) -> str:
    """With dashes of any kind; where there is a 丁目, also spelled out."""
    digits = [str(each) for each in blocks]
    if len(blocks) < 3 or rng.random() < 0.5:
        text = rng.choice(("-", "-", "‐", "ー", "−", "－", "－")).join(digits)
    else:
        block, lot, house = digits
        forms = (
            f"{block}丁目{lot}-{house}",
            f"{KANJI[blocks[0]]}丁目{lot}番{house}号",
            f"{block}丁目{lot}番地{house}",
        )
        text = rng.choice(forms)
    return wide(text) if rng.random() < 0.38 else text


def _one(rng: Random, forms: tuple[tuple[float, str], ...]) -> str:
    return rng.choices([form for _, form in forms], [share for share, _ in forms])[0]
