"""Why a programme moved points: as the books keep it, and as staff read it."""

import re
from collections.abc import Mapping

from tokui_points.terms import Lang

JOINED = "joined"
ANEW = "came back, or counted anew"
NOBODYS = "no longer a purchase of this member"
UNSETTLED = "counts no more"
PARTED = "not one member any more"
TWO_NUMBERS = "two numbers of one member"
REPLACED = "a card in the place of another"
OPENING = "opening balance"

_JAPANESE: Mapping[str, str] = {
    JOINED: "入会",
    ANEW: "返品または再計算",
    NOBODYS: "この会員の購入ではなくなりました",
    UNSETTLED: "対象外になりました",
    "open": "未確定に戻りました",
    "cancelled": "注文取消",
    "voided": "取引取消",
    PARTED: "別の会員に分かれました",
    TWO_NUMBERS: "同じ会員の番号をまとめました",
    REPLACED: "カード切り替え",
    OPENING: "移行前の残高",
}
_KINDS: Mapping[str, str] = {
    "earn": "付与",
    "redeem": "利用",
    "reverse": "取り消し",
    "hold": "取り置き",
    "capture": "取り置き分の利用",
    "void": "取り置きの解除",
    "expire": "失効",
    "move": "移し替え",
}
_SLID = re.compile(r"expired (\d+) months after the last purchase")
_ORDER = re.compile(r"order (.+?): (.+)")


def slid(months: int) -> str:
    """Points ended with the last purchase."""
    return f"expired {months} months after the last purchase"


def of_order(number: str, why: str) -> str:
    """Something about an order: the rule or tier that it earned by, or what became of it."""
    return f"order {number[:60]}: {why}"


def said(reason: str, lang: Lang) -> str:
    """A reason in a language; what people wrote by hand stays as they wrote it."""
    if lang == "en":
        return reason
    if found := _SLID.fullmatch(reason):
        return f"最後の購入から{found[1]}か月で失効"
    if found := _ORDER.fullmatch(reason):
        return f"注文 {found[1]}: {_JAPANESE.get(found[2], found[2])}"
    return _JAPANESE.get(reason, reason)


def kind(name: str, lang: Lang) -> str:
    """What sort of movement it was; another system's word stays as it is."""
    return _KINDS.get(name, name) if lang == "ja" else name
