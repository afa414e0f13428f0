"""Names, folded for comparing and for searching."""

import unicodedata

from tokui.model import Customer, PersonName

MAX_KEY = 200
"""Characters of a name that are searched; an index takes no key of any length."""

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


def fold(text: str) -> str:
    """One spelling for width, case, spaces and the two kana."""
    folded = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return folded if folded.isascii() else folded.translate(_KATAKANA_TO_HIRAGANA)


def search_keys(customer: Customer) -> set[str]:
    """What the customer is found by: the name and its reading, family name first, and the nickname."""
    name = customer.name
    if name is None:
        return set()
    texts = (str(name), name.kana, name.display)
    return {fold(text)[:MAX_KEY] for text in texts if text} - {""}


def agree(left: Customer, right: Customer) -> bool | None:
    """
    Do the given names say that these are one person?

    True when they, or their readings, are equal; False when both are there, in one script, and
    differ; None when they cannot be compared.
    """
    if left.name is None or right.name is None:
        return None
    pairs = _comparable(left.name, right.name)
    if any(one == other or fold(one) == fold(other) for one, other in pairs):
        return True
    return False if pairs else None


def _comparable(left: PersonName, right: PersonName) -> list[tuple[str, str]]:
    given = [(left.given_kana, right.given_kana), (left.given, right.given)]
    if not (left.given and right.given):
        given.append((left.display, right.display))
    return [
        (one, other) for one, other in given if one and other and one.isascii() == other.isascii()
    ]
