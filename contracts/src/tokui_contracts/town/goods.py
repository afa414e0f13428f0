"""What is sold in the town, where, and by whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tokui_contracts.town.dice import Dice
from tokui_contracts.town.names import FAMILY, MEN, WOMEN

FIRST_PRODUCT = 8_100_000_000_000
FIRST_VARIANT = 44_000_000_000_000


@dataclass(frozen=True, slots=True)
class Shop:
    """
    A place where things are sold.

    Attributes:
        number: Counts from 1; 1 is the warehouse of the online shop.
        code: As the till knows it.
    """

    number: int
    code: str
    name: str
    postal: str
    prefecture: str
    city: str
    street: str
    phone: str


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody who serves. Number counts from 1; `shop` is the number of the usual shop."""

    number: int
    code: str
    family: str
    given: str
    shop: int


@dataclass(frozen=True, slots=True)
class Variant:
    """
    One thing that can be bought.

    Attributes:
        number: As Shopify's id.
        jan: 13 digits with a valid check digit; None for a gift card.
        price: Yen, tax included.
        tax_percent: 10, 8 for food, 0 for a gift card.
    """

    number: int
    product: "Product"
    sku: str
    jan: str | None
    size: str | None
    colour: str | None
    price: int
    tax_percent: int

    @property
    def title(self) -> str:
        """What tells it from its siblings."""
        return " / ".join(filter(None, (self.size, self.colour))) or "Default Title"

    @property
    def is_gift_card(self) -> bool:
        """A gift card is no turnover."""
        return self.product.category == "ギフトカード"


@dataclass(frozen=True, slots=True)
class Product:
    """A style. Number as Shopify's id; `code` is the style number."""

    number: int
    code: str
    title: str
    brand: str
    category: str
    status: str

    @property
    def variants(self) -> "tuple[Variant, ...]":
        """Its sizes and colours."""
        return dict(catalogue())[self]


SHOPS = (
    Shop(1, "00", "オンライン倉庫", "1350063", "東京都", "江東区", "有明3-5-7", "0355001000"),
    Shop(2, "01", "銀座本店", "1040061", "東京都", "中央区", "銀座4-6-16", "0355001001"),
    Shop(3, "02", "吉祥寺店", "1800004", "東京都", "武蔵野市", "吉祥寺本町1-5-1", "0422001002"),
    Shop(4, "03", "横浜元町店", "2310861", "神奈川県", "横浜市中区", "元町3-120", "0455001003"),
    Shop(5, "04", "梅田店", "5300001", "大阪府", "大阪市北区", "梅田2-5-25", "0665001004"),
)
STORES = SHOPS[1:]

_APPAREL = """
    オックスフォードシャツ シャツ 9900 リネンブラウス ブラウス 12100 カシミヤニット ニット 29700
    ボーダーTシャツ カットソー 5500 コットンカーディガン ニット 11000 プリーツスカート スカート 14300
    ワイドパンツ パンツ 13200 セルビッジデニム パンツ 17600 トレンチコート コート 49500
    ウールコート コート 66000 ツイードジャケット ジャケット 38500 シルクスカーフ 小物 8800
    レザートート バッグ 27500 キャンバストート バッグ 4400 ローファー 靴 24200 スニーカー 靴 15400
    ウールソックス 小物 1650 フェルトハット 小物 9350 レインコート コート 18700 ダウンベスト ジャケット 22000
""".split()
_FOOD = """
    深煎り珈琲豆 食品 1296 浅煎り珈琲豆 食品 1404 和紅茶 食品 1080 蜂蜜 食品 1944 焼菓子詰合せ 食品 3240
    柚子ジャム 食品 864 玄米ほうじ茶 食品 756 オリーブオイル 食品 2700
""".split()
_SIZES = ("S", "M", "L")
_COLOURS = ("紺", "白", "墨", "生成り", "赤")


def jan(body: str) -> str:
    """Twelve digits, with the check digit of a JAN code added."""
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body))
    return body + str(-total % 10)


def _variant(
    product: Product, at: int, price: int, size: str | None, colour: str | None
) -> Variant:
    tax = {"食品": 8, "ギフトカード": 0}.get(product.category, 10)
    place = product.number - FIRST_PRODUCT
    sku = "-".join(filter(None, (product.code, size, str(at))))
    code = None if tax == 0 else jan(f"4569951{place:03d}{at:02d}")
    number = FIRST_VARIANT + place * 100 + at
    return Variant(number, product, sku, code, size, colour, price, tax)


def _variants(product: Product, price: int) -> Iterator[Variant]:
    if product.category == "ギフトカード":
        for at, value in enumerate((3000, 5000, 10000)):
            yield _variant(product, at, value, f"{value}円", None)
    elif product.category == "食品":
        yield _variant(product, 0, price, None, None)
    else:
        dice = Dice("colours", product.number)
        pairs = [(size, dice.pick(_COLOURS[half::2])) for size in _SIZES for half in (0, 1)]
        for at, (size, colour) in enumerate(pairs):
            yield _variant(product, at, price, size, colour)


@cache
def catalogue() -> tuple[tuple[Product, tuple[Variant, ...]], ...]:
    """Every product with its variants. The same in every town."""
    goods = [*_APPAREL, *_FOOD, "ギフトカード", "ギフトカード", "0"]
    made = []
    for at in range(0, len(goods), 3):
        title, category, price = goods[at : at + 3]
        place = at // 3
        status = "archived" if place % 11 == 7 else "draft" if place % 13 == 12 else "active"
        brand = "得意珈琲" if category == "食品" else "得意屋"
        number = FIRST_PRODUCT + place
        product = Product(number, f"TK{place + 100}", title, brand, category, status)
        made.append((product, tuple(_variants(product, int(price)))))
    return tuple(made)


@cache
def variants() -> tuple[Variant, ...]:
    """Every variant of the catalogue, by number."""
    return tuple(variant for _, kinds in catalogue() for variant in kinds)


@cache
def shelves() -> tuple[tuple[Variant, ...], tuple[Variant, ...], tuple[Variant, ...]]:
    """What can be bought today: clothes, food, gift cards."""
    on_sale = [v for v in variants() if v.product.status != "draft"]
    return (
        tuple(v for v in on_sale if v.tax_percent == 10),
        tuple(v for v in on_sale if v.tax_percent == 8),
        tuple(v for v in on_sale if v.is_gift_card),
    )


@cache
def clerks() -> tuple[Clerk, ...]:
    """Three clerks for each store."""
    dice = Dice("clerks")
    return tuple(
        Clerk(number, f"S{number:03d}", dice.pick(FAMILY).kanji, dice.pick(WOMEN + MEN).kanji, shop)
        for number, shop in enumerate((s.number for s in STORES for _ in range(3)), start=1)
    )


def stock(variant: Variant, shop: Shop) -> int:
    """Pieces that a shop can sell."""
    return Dice("stock", variant.number, shop.number).between(0, 24)
