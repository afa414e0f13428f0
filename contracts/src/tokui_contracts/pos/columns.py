"""The columns of each layout, with where each value comes from."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Literal

import jaconv

from tokui_contracts.pos.receipts import Row
from tokui_contracts.town import Account

Layout = Literal["plain", "smaregi"]
Cell = str | int | None

_MOBILE = ("070", "080", "090")
_JAPAN = timezone(timedelta(hours=9), "JST")


def _time(at: datetime) -> str:
    return at.astimezone(_JAPAN).strftime("%Y-%m-%d %H:%M:%S")


def _phone(account: Account) -> str | None:
    """As different members of staff type it."""
    digits = account.phone
    if digits is None:
        return None
    if account.person.number % 3 == 0:
        return digits
    split = 3 if len(digits) == 11 else 2
    dashed = f"{digits[:split]}-{digits[split:-4]}-{digits[-4:]}"
    return jaconv.h2z(dashed, digit=True, ascii=True) if account.person.number % 11 == 0 else dashed


def _kana(account: Account, reading: str) -> str:
    """Some tills know half-width kana only."""
    return str(jaconv.z2h(reading)) if account.person.number % 4 == 0 else reading


def _wareki(day: date) -> str:
    era, first = ("昭和", 1925) if day < date(1989, 1, 8) else ("平成", 1988)
    return f"{era}{day.year - first}年{day.month}月{day.day}日"


def _birthday(account: Account) -> str | None:
    born = account.birthday
    if born is None:
        return None
    return (
        _wareki(born)
        if account.person.number % 5 == 0 and born < date(2019, 1, 1)
        else born.isoformat()
    )


def _word(account: Account, yes: str, no: str) -> str | None:
    return {"SUBSCRIBED": yes, "UNSUBSCRIBED": no}.get(account.mail)


def _paid(row: Row, how: str) -> Cell:
    if not row.first:
        return None
    if row.back:
        return row.total if how == "cash" else None
    return sum(paid.amount for paid in row.sale.paid if paid.how == how) or None


def _if_first(make: Callable[[Row], Cell]) -> Callable[[Row], Cell]:
    return lambda row: make(row) if row.first else None


def _whole_address(account: Account) -> str | None:
    home = account.address
    if home is None:
        return None
    return f"{home.quarter.prefecture}{home.quarter.city}{home.line1} {home.building}".strip()


def _category(row: Row) -> str:
    return row.line.variant.product.category


def _tax(row: Row) -> int:
    rate = row.line.variant.tax_percent
    return (row.line.variant.price * row.pieces - row.discount) * rate // (100 + rate)


CUSTOMERS: Mapping[Layout, Mapping[str, Callable[[Account], Cell]]] = {
    "plain": {
        "customer_id": lambda a: a.external_id,
        "member_no": lambda a: a.member_no,
        "family_name": lambda a: a.family,
        "given_name": lambda a: a.given,
        "family_kana": lambda a: _kana(a, a.family_kana),
        "given_kana": lambda a: _kana(a, a.given_kana),
        "birthday": _birthday,
        "phone": _phone,
        "email": lambda a: a.email,
        "email_ok": lambda a: _word(a, "yes", "no"),
        "postal_code": lambda a: a.address.quarter.postal if a.address else None,
        "region": lambda a: a.address.quarter.prefecture if a.address else None,
        "city": lambda a: a.address.quarter.city if a.address else None,
        "address1": lambda a: a.address.line1 if a.address else None,
        "address2": lambda a: a.address.building if a.address else None,
        "note": lambda a: a.note,
        "created_at": lambda a: _time(a.created_at),
        "updated_at": lambda a: _time(a.updated_at),
    },
    "smaregi": {
        "会員ID": lambda a: a.external_id,
        "会員コード": lambda a: a.member_no,
        "会員名": lambda a: f"{a.family} {a.given}",
        "姓": lambda a: a.family,
        "名": lambda a: a.given,
        "セイ": lambda a: _kana(a, a.family_kana),
        "メイ": lambda a: _kana(a, a.given_kana),
        "性別": lambda a: 2 if a.person.is_woman else 1,
        "生年月日": _birthday,
        "電話番号": lambda a: None if (a.phone or "0000").startswith(_MOBILE) else _phone(a),
        "携帯電話番号": lambda a: _phone(a) if (a.phone or "").startswith(_MOBILE) else None,
        "メールアドレス": lambda a: a.email,
        "メールアドレス2": lambda _: None,
        "メールアドレス3": lambda _: None,
        "メール受信許可": lambda a: _word(a, "許可", "拒否"),
        "郵便番号": lambda a: a.address.quarter.postal if a.address else None,
        "住所": lambda a: _whole_address(a),
        "会員ランク": lambda _: None,
        "備考": lambda a: a.note,
        "登録日時": lambda a: _time(a.created_at),
        "更新日時": lambda a: _time(a.updated_at),
    },
}
"""Columns of the customer export, with where each value comes from."""

SALES: Mapping[Layout, Mapping[str, Callable[[Row], Cell]]] = {
    "plain": {
        "receipt_id": lambda r: r.receipt,
        "sold_at": lambda r: _time(r.at),
        "state": lambda r: "voided" if r.sale.cancelled else "paid",
        "customer_id": lambda r: r.sale.buyer.external_id if r.sale.buyer else None,
        "store_id": lambda r: r.sale.shop.code,
        "store_name": lambda r: r.sale.shop.name,
        "staff_id": lambda r: r.sale.clerk.code if r.sale.clerk else None,
        "staff_name": lambda r: (
            f"{r.sale.clerk.family} {r.sale.clerk.given}" if r.sale.clerk else None
        ),
        "line_no": lambda r: r.line.number + 1,
        "line_type": lambda r: "return" if r.back else "sale",
        "sku": lambda r: r.line.variant.sku,
        "barcode": lambda r: r.line.variant.jan,
        "title": lambda r: r.line.variant.product.title,
        "category": lambda r: "gift_card" if r.line.variant.is_gift_card else _category(r),
        "quantity": lambda r: r.pieces,
        "unit_price": lambda r: r.line.variant.price,
        "discount_share": lambda r: r.discount or None,
        "tax": lambda r: _tax(r),
        "tax_rate": lambda r: f"{r.line.variant.tax_percent}%",
        "tax_included": lambda _: "true",
        "receipt_discount": _if_first(lambda r: r.whole or None),
        "receipt_total": _if_first(lambda r: r.total),
        "cash": lambda r: _paid(r, "cash"),
        "card": lambda r: _paid(r, "card"),
        "gift_card": lambda r: _paid(r, "gift_card"),
        "prepaid": lambda r: _paid(r, "wallet"),
        "returns_receipt": lambda r: r.sale.number if r.back else None,
        "returns_line": lambda r: r.line.number + 1 if r.back else None,
    },
    "smaregi": {
        "取引ID": lambda r: r.receipt,
        "端末取引ID": lambda r: r.receipt,
        "端末取引日時": lambda r: _time(r.at),
        "締め日": lambda r: _time(r.at)[:10],
        "取引区分": lambda _: 1,
        "取消区分": lambda r: int(r.sale.cancelled),
        "会員ID": lambda r: r.sale.buyer.external_id if r.sale.buyer else "0",
        "店舗ID": lambda r: r.sale.shop.code,
        "店舗名": lambda r: r.sale.shop.name,
        "スタッフID": lambda r: r.sale.clerk.code if r.sale.clerk else None,
        "スタッフ名": lambda r: (
            f"{r.sale.clerk.family} {r.sale.clerk.given}" if r.sale.clerk else None
        ),
        "取引明細ID": lambda r: r.line.number + 1,
        "取引明細区分": lambda r: 2 if r.back else 1,
        "品番": lambda r: r.line.variant.sku,
        "商品コード": lambda r: r.line.variant.jan,
        "商品名": lambda r: r.line.variant.product.title,
        "部門名": lambda r: _category(r),
        "数量": lambda r: r.pieces,
        "販売単価": lambda r: r.line.variant.price,
        "税率": lambda r: r.line.variant.tax_percent or "非課税",
        "税区分": lambda r: 0 if r.line.variant.tax_percent else 2,
        "単品値引き": lambda _: 0,
        "小計値引き": _if_first(lambda r: r.whole),
        "外消費税": _if_first(lambda _: 0),
        "ポイント値引き": _if_first(lambda _: 0),
        "現金支払金額": lambda r: _paid(r, "cash"),
        "クレジット支払金額": lambda r: _paid(r, "card"),
        "商品券支払金額": lambda r: _paid(r, "gift_card"),
        "その他支払金額": lambda r: _paid(r, "wallet"),
        "備考": lambda _: None,
        "返品元取引ID": lambda r: r.sale.number if r.back else None,
        "返品元取引明細ID": lambda r: r.line.number + 1 if r.back else None,
    },
}
"""Columns of the sales export, with where each value comes from."""
