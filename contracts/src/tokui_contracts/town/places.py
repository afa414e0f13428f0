"""Where people of the town live, and where they shop. Streets and postal codes exist; houses need not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quarter:
    """
    A part of the town.

    Attributes:
        postal: Seven digits.
        province: Of its prefecture, as in ISO 3166-2.
        exchange: First digits of its landlines, five in all.
    """

    postal: str
    prefecture: str
    province: str
    city: str
    street: str
    exchange: str


@dataclass(frozen=True, slots=True)
class Address:
    """
    A home.

    Attributes:
        block: 丁目-番-号, as `2-14-7`.
        building: With the room; empty for a house.
    """

    quarter: Quarter
    block: str
    building: str

    @property
    def line1(self) -> str:
        """Street and block."""
        return self.quarter.street + self.block


QUARTERS = tuple(
    Quarter(*line.split())
    for line in """
    1040061 東京都 JP-13 中央区 銀座 03356
    1500001 東京都 JP-13 渋谷区 神宮前 03347
    1660003 東京都 JP-13 杉並区 高円寺南 03331
    1800004 東京都 JP-13 武蔵野市 吉祥寺本町 04222
    1540024 東京都 JP-13 世田谷区 三軒茶屋 03342
    1110032 東京都 JP-13 台東区 浅草 03384
    2310023 神奈川県 JP-14 横浜市中区 山下町 04564
    2480006 神奈川県 JP-14 鎌倉市 小町 04672
    2100007 神奈川県 JP-14 川崎市川崎区 駅前本町 04423
    3300854 埼玉県 JP-11 さいたま市大宮区 桜木町 04864
    2600013 千葉県 JP-12 千葉市中央区 中央 04322
    5300001 大阪府 JP-27 大阪市北区 梅田 06634
    5420076 大阪府 JP-27 大阪市中央区 難波 06621
    6008001 京都府 JP-26 京都市下京区 四条通寺町東入 07522
    6500021 兵庫県 JP-28 神戸市中央区 三宮町 07833
    4600008 愛知県 JP-23 名古屋市中区 栄 05226
    8100001 福岡県 JP-40 福岡市中央区 天神 09271
    0600061 北海道 JP-01 札幌市中央区 南一条西 01123
    9800811 宮城県 JP-04 仙台市青葉区 一番町 02222
    9200919 石川県 JP-17 金沢市 南町 07623
    """.strip().splitlines()
)

BUILDINGS = ("コーポ", "メゾン", "ハイツ", "グランドパレス", "サンライズ", "ヴィラ", "第二")
