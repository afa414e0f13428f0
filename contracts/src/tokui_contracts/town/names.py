"""Names with their readings, as families in a Japanese town may have them."""

from dataclasses import dataclass

VARIANTS = {"高": "髙", "崎": "﨑", "斎": "齋", "渡辺": "渡邊", "浜": "濱", "沢": "澤", "桜": "櫻"}
"""Old forms of characters: the same family, written as in its register."""


@dataclass(frozen=True, slots=True)
class Name:
    """One part of a name: as written, in katakana, in Latin letters."""

    kanji: str
    kana: str
    latin: str

    @property
    def variant(self) -> str:
        """The same name in old characters; as it is, where there are none."""
        written = self.kanji
        for plain, old in VARIANTS.items():
            written = written.replace(plain, old)
        return written


def _table(text: str) -> tuple[Name, ...]:
    words = text.split()
    return tuple(Name(*words[at : at + 3]) for at in range(0, len(words), 3))


FAMILY = _table("""
    佐藤 サトウ Sato 鈴木 スズキ Suzuki 高橋 タカハシ Takahashi 田中 タナカ Tanaka 伊藤 イトウ Ito
    渡辺 ワタナベ Watanabe 山本 ヤマモト Yamamoto 中村 ナカムラ Nakamura 小林 コバヤシ Kobayashi
    加藤 カトウ Kato 吉田 ヨシダ Yoshida 山田 ヤマダ Yamada 佐々木 ササキ Sasaki 山口 ヤマグチ Yamaguchi
    松本 マツモト Matsumoto 井上 イノウエ Inoue 木村 キムラ Kimura 林 ハヤシ Hayashi 斎藤 サイトウ Saito
    清水 シミズ Shimizu 山崎 ヤマザキ Yamazaki 森 モリ Mori 池田 イケダ Ikeda 橋本 ハシモト Hashimoto
    阿部 アベ Abe 石川 イシカワ Ishikawa 山下 ヤマシタ Yamashita 中島 ナカジマ Nakajima 石井 イシイ Ishii
    小川 オガワ Ogawa 前田 マエダ Maeda 岡田 オカダ Okada 長谷川 ハセガワ Hasegawa 藤田 フジタ Fujita
    後藤 ゴトウ Goto 近藤 コンドウ Kondo 村上 ムラカミ Murakami 遠藤 エンドウ Endo 青木 アオキ Aoki
    坂本 サカモト Sakamoto 福田 フクダ Fukuda 太田 オオタ Ota 西村 ニシムラ Nishimura 藤井 フジイ Fujii
    岡本 オカモト Okamoto 三浦 ミウラ Miura 中野 ナカノ Nakano 原田 ハラダ Harada 松田 マツダ Matsuda
    竹内 タケウチ Takeuchi 小野 オノ Ono 浜田 ハマダ Hamada 中山 ナカヤマ Nakayama 和田 ワダ Wada
    石田 イシダ Ishida 森田 モリタ Morita 上田 ウエダ Ueda 原 ハラ Hara 柴田 シバタ Shibata 酒井 サカイ Sakai
    宮崎 ミヤザキ Miyazaki 横山 ヨコヤマ Yokoyama 高木 タカギ Takagi 安藤 アンドウ Ando 大野 オオノ Ono
    小島 コジマ Kojima 谷口 タニグチ Taniguchi 今井 イマイ Imai 丸山 マルヤマ Maruyama 増田 マスダ Masuda
    黒沢 クロサワ Kurosawa 桜井 サクライ Sakurai 五十嵐 イガラシ Igarashi 東海林 ショウジ Shoji
    小鳥遊 タカナシ Takanashi 四月一日 ワタヌキ Watanuki 一 ニノマエ Ninomae 御手洗 ミタライ Mitarai
""")

WOMEN = _table("""
    陽子 ヨウコ Yoko 恵子 ケイコ Keiko 由美子 ユミコ Yumiko 久美子 クミコ Kumiko 和子 カズコ Kazuko
    幸子 サチコ Sachiko 明美 アケミ Akemi 真由美 マユミ Mayumi 智子 トモコ Tomoko 裕子 ユウコ Yuko
    美穂 ミホ Miho 愛 アイ Ai 舞 マイ Mai 彩 アヤ Aya 恵 メグミ Megumi 香織 カオリ Kaori 直美 ナオミ Naomi
    美咲 ミサキ Misaki 葵 アオイ Aoi さくら サクラ Sakura 結衣 ユイ Yui 陽菜 ヒナ Hina 七海 ナナミ Nanami
    莉子 リコ Riko 凛 リン Rin 美月 ミヅキ Mizuki 千尋 チヒロ Chihiro 遥 ハルカ Haruka 紗希 サキ Saki
    菜々子 ナナコ Nanako 優子 ユウコ Yuko 綾香 アヤカ Ayaka 麻衣 マイ Mai 春菜 ハルナ Haruna 千代 チヨ Chiyo
    ひかり ヒカリ Hikari 友美 トモミ Tomomi 文 フミ Fumi 瑠璃 ルリ Ruri 初音 ハツネ Hatsune
""")

MEN = _table("""
    誠 マコト Makoto 浩 ヒロシ Hiroshi 健一 ケンイチ Kenichi 隆 タカシ Takashi 修 オサム Osamu
    豊 ユタカ Yutaka 博 ヒロシ Hiroshi 一郎 イチロウ Ichiro 大輔 ダイスケ Daisuke 健太 ケンタ Kenta
    拓也 タクヤ Takuya 翔 ショウ Sho 翔太 ショウタ Shota 大樹 ダイキ Daiki 直樹 ナオキ Naoki
    和也 カズヤ Kazuya 達也 タツヤ Tatsuya 亮 リョウ Ryo 蓮 レン Ren 悠斗 ユウト Yuto 陽翔 ハルト Haruto
    湊 ミナト Minato 樹 イツキ Itsuki 颯太 ソウタ Sota 雄一 ユウイチ Yuichi 純一 ジュンイチ Junichi
    正 タダシ Tadashi 茂 シゲル Shigeru 清 キヨシ Kiyoshi 勝 マサル Masaru 学 マナブ Manabu 剛 ツヨシ Tsuyoshi
    慎也 シンヤ Shinya 智也 トモヤ Tomoya 圭介 ケイスケ Keisuke 真一 シンイチ Shinichi 光 ヒカル Hikaru
    薫 カオル Kaoru 千秋 チアキ Chiaki 伝次郎 デンジロウ Denjiro
""")
