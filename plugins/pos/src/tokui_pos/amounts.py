"""Numbers as a POS prints them, what Excel does to them, and shares that add up to the yen."""

import re
from collections.abc import Sequence
from decimal import Decimal
from unicodedata import normalize

from tokui.model import to_minor

_NUMBER = re.compile(r"([-△▲]?)\s*[¥\\$]?\s*(-?)((?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,4})?)円?")
_WHOLE = re.compile(r"[-△▲]?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})")
_RATE = re.compile(
    r"(?:軽減|軽|標準|[*※])?\s*(\d{1,2}(?:\.\d{1,3})?)\s*(%?)\s*(?:軽減|軽|標準|[*※])?"
)
_FLOAT = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")


def to_amount(text: str, currency: str) -> int:
    """
    Read an amount in minor units: `1,280`, `¥1,280`, `△500`, `１２８０円`. Blank is nothing: 0.

    Raises:
        ValueError: Not a number, or finer than the currency's minor unit. Never rounds.
    """
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return to_minor(text, currency) if currency != "JPY" else int(text)
    plain = normalize("NFKC", text).strip()
    if not plain:
        return 0
    found = _NUMBER.fullmatch(plain)
    if not found or (found[1] and found[2]):
        raise ValueError("is not an amount")
    amount = to_minor(found[3].replace(",", ""), currency)
    return -amount if found[1] or found[2] else amount


def to_quantity(text: str) -> int:
    """
    Read a count of whole pieces; negative for goods that come back.

    Raises:
        ValueError: Not a whole number.
    """
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    plain = normalize("NFKC", text).strip()
    found = _WHOLE.fullmatch(plain)
    if not found:
        raise ValueError("is not a whole number")
    count = int(found[1].replace(",", ""))
    return count if plain[0].isdigit() else -count


def to_rate(text: str) -> Decimal:
    """
    Read a tax rate as a fraction: `8%`, `軽減8%`, `10`, `0.08`.

    Raises:
        ValueError: Not a rate.
    """
    found = _RATE.fullmatch(normalize("NFKC", text).strip())
    if not found:
        raise ValueError("is not a tax rate")
    rate = Decimal(found[1])
    return rate / 100 if found[2] or rate >= 1 else rate


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """
    Split `amount` in proportion to `weights` (none negative) so that the parts add up exactly.

    Largest remainder; between equal remainders the earlier line comes first.

    Raises:
        ValueError: There is something to split and all weights are zero.
    """
    whole = sum(weights)
    if not amount:
        return [0] * len(weights)
    if not whole:
        raise ValueError("there is nothing to split it over")
    sign = 1 if amount > 0 else -1
    parts = [divmod(abs(amount) * weight, whole) for weight in weights]
    left = abs(amount) - sum(part for part, _ in parts)
    for index in sorted(range(len(parts)), key=lambda i: -parts[i][1])[:left]:
        parts[index] = (parts[index][0] + 1, 0)
    return [sign * part for part, _ in parts]


def excel_float(text: str) -> bool:
    """True for what a spreadsheet makes of a long number: `4.90123E+12`. The digits are lost."""
    return bool(_FLOAT.fullmatch(text))


def lost_zeros(text: str, width: int) -> bool:
    """True for a number with fewer digits than it must have: a spreadsheet dropped the zeros."""
    return text.isascii() and text.isdigit() and len(text) < width


def lost_phone_zero(text: str) -> bool:
    """True for a Japanese number without its leading 0: nine or ten digits that begin with 1-9."""
    digits = text.replace("-", "").replace(" ", "")
    return digits.isascii() and digits.isdigit() and len(digits) in (9, 10) and digits[0] != "0"
