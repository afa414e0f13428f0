"""Numbers that programmes give out: their check digits, and those that name nobody."""

import re
from collections.abc import Callable
from typing import Literal

Scheme = Literal["luhn", "mod10w3", "mod11", "none"]

_NO_DIGIT = re.compile(r"[\s-]+")
_NO_NUMBER = re.compile(r"\D+")
_LEAST_MEMBER_NO = 4  # shorter ones (`1111`, `000`) are real numbers of small programmes


def valid(scheme: Scheme, number: str) -> bool:
    """
    Whether the check digit, the last one, is right.

    Args:
        scheme: `luhn` (ISO/IEC 7812), `mod10w3` (EAN and JAN: weights 3, 1 from the digit before
            the check digit leftwards), `mod11` (ISBN-10: weights 2, 3, 4 … likewise, X is ten);
            `none` takes any number that is not empty.
        number: With or without blanks and hyphens.
    """
    plain = _NO_DIGIT.sub("", number)
    if scheme == "none":
        return bool(plain)
    if not re.fullmatch(r"[0-9]+[0-9]" if scheme != "mod11" else r"[0-9]+[0-9Xx]", plain):
        return False
    return _CHECKS[scheme](plain)


def _luhn(number: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(doubled) + sum(map(int, number[::-2]))) % 10 == 0


def _mod10w3(number: str) -> bool:
    return (3 * sum(map(int, number[-2::-2])) + sum(map(int, number[::-2]))) % 10 == 0


def _mod11(number: str) -> bool:
    digits = [10 if digit in "Xx" else int(digit) for digit in reversed(number)]
    return sum(weight * digit for weight, digit in enumerate(digits, start=1)) % 11 == 0


_CHECKS: dict[str, Callable[[str], bool]] = {
    "luhn": _luhn,
    "mod10w3": _mod10w3,
    "mod11": _mod11,
}

_RUN = "01234567890123456789"
_WORDS = (
    r"no-?(?:ne|e?-?mail|address|name|data)|nothing|nashi|null|dummy|test\d{0,3}|sample|unknown"
    r"|n/?a|xx+|aa+|abc|zz+|asdf|hoge+|fuga|piyo|foo|0+|1+|9+|[a-z\d]"
)
_NO_EMAIL = re.compile(
    r"(?:none|no-?e?mail|no-?address|dummy|unknown)\d{0,3}@.+"
    rf"|(?:{_WORDS})@(?:{_WORDS})\.[a-z.]+"
    r"|(?:test\d{0,3}|sample|aa+|xx+|abc|hoge+)@example\.[a-z.]+"
)


def is_placeholder(kind: str, key: str) -> bool:
    """
    Whether a key was typed to pass a form, so that it is no evidence of who someone is.

    Phone numbers of one digit or in a row (`090-1234-5678`), addresses such as none@, numbers that
    repeat one digit or count up.
    """
    if kind == "email":
        return _NO_EMAIL.fullmatch(key) is not None
    if kind == "phone":
        digits = key.removeprefix("+")
        digits = digits if digits.isdecimal() else _NO_NUMBER.sub("", digits)
        last = digits[-7:]
        return last == last[:1] * len(last) or _in_a_row(digits[-8:])
    plain = _NO_DIGIT.sub("", key)
    if len(plain) < _LEAST_MEMBER_NO or not plain.isdigit():
        return not plain or set(plain) == {"0"}
    return len(set(plain)) < 2 or _in_a_row(plain)


def _in_a_row(digits: str) -> bool:
    return digits in _RUN or digits[::-1] in _RUN
