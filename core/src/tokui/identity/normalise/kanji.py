"""
One spelling for the kanji of names and places.

Registers hold old and handwritten forms that people write one day and not the next (髙橋, 高橋).
The principle is that of the Ministry of Justice's table that reduces register characters to JIS
(縮退マップ, character information base MJ): each form goes to the one in common use. The choice
of forms is this project's own: those met in names, and 斉 with 斎, which writers confuse.
"""

import re
import unicodedata

_FORMS = """
亜亞 悪惡 囲圍 為爲 医醫 壱壹 稲稻 飲飮 隠隱 営營 栄榮 衛衞 駅驛 円圓 縁緣 艶艷 塩鹽 奥奧 応應 横橫 欧歐
黄黃 温溫 穏穩 仮假 価價 画畫 会會 絵繪 壊壞 懐懷 楽樂 覚覺 学學 岳嶽 勧勸 巻卷 寛寬 関關闗 観觀 帰歸 気氣
亀龜 旧舊 拠據 挙擧 峡峽 狭狹 郷鄕 暁曉 区區 勲勳 薫薰 恵惠 渓溪 経經 蛍螢 継繼 芸藝 県縣 倹儉 剣劍劔釼剱
検檢 権權 顕顯 験驗 厳嚴 巌巖巗 広廣 恒恆 黒黑 国國圀囯 斎齋齊斉 済濟 桜櫻 冊册 雑雜 参參 桟棧 糸絲 実實 釈釋
寿壽 収收 従從 渋澁澀 獣獸 縦縱 粛肅 処處 緒緖 叙敍 将將 焼燒 奨奬 条條 状狀 乗乘 浄淨 譲讓 醸釀 真眞 慎愼
尽盡 図圖 粋粹 酔醉 穂穗 随隨 枢樞 瀬瀨 声聲 静靜 清淸 青靑 摂攝 専專 戦戰 浅淺 繊纖 禅禪 双雙 壮壯 荘莊
挿插 巣巢 曽曾 総總 聡聰 騒騷 増增 蔵藏 即卽 属屬 続續 体體躰 対對 帯帶 台臺 滝瀧 択擇 沢澤 単單 団團 弾彈
昼晝 虫蟲 鋳鑄 庁廳 聴聽 鎮鎭 逓遞 鉄鐵銕 転轉 点點 伝傳 灯燈 当當 党黨 徳德 独獨 読讀 届屆 縄繩 弐貳 覇霸
拝拜 売賣 麦麥 発發 彦彥 瓶甁 富冨 払拂 仏佛 並竝 変變 辺邊邉 弁辨辯 宝寶寳 豊豐 翻飜 毎每 槙槇 万萬 満滿
弥彌 訳譯 薬藥 与與 誉譽 揺搖 様樣 謡謠 遥遙 瑶瑤 来來 頼賴 覧覽 竜龍 両兩 涼凉 緑綠 隣鄰 塁壘 礼禮 恋戀
炉爐 労勞 郎郞 禄祿 録錄 湾灣 高髙 崎﨑嵜 浜濱濵 館舘 柳栁桺 橋𣘺槗 吉𠮷 島嶋嶌 峰峯 桑桒 藪薮籔 野埜墅
喜㐂 鴎鷗 鴬鶯 桧檜 蛎蠣 壺壷 莱萊 祢禰襧 尭堯 亘亙 凛凜 晋晉 熙煕熈 穣穰 鯵鰺 篭籠 芦蘆 竈竃 栃杤橡 淵渕渊
兎兔 皐皋 秋龝穐 船舩 沖冲 況况 減减 渉涉 鉱鑛砿 舎舍 間閒 桝枡 杉杦 涛濤 柏栢 畳疊 磯礒 穎頴 簑蓑 翠翆
萌萠 蘇蘓 裏裡 諌諫 村邨 銭錢 鶴靏靎靍 雁鴈鳫 鶏鷄雞 鼠鼡 昇曻 児兒 呉吳 哲喆 場塲 卯夘 多夛 姫姬 尚尙 屏屛
厩廐 強强 悦悅 戸戶 掲揭 効效 教敎 既旣 昂昻 柿枾 氷冰 産產 礪砺 研硏 税稅 説說 賛贊 鋭銳 閲閱 脱脫 梅楳 備俻
濶闊 留畄 宜冝 曹曺 土圡 邦邫 顔顏 頬頰 麹麴 髪髮 鋪舗舖
"""

# As customers from China write their names: simplified forms that are no Japanese character.
_SIMPLIFIED = """
張张 陳陈 劉刘 楊杨 孫孙 趙赵 呉吴 馬马 許许 鄭郑 謝谢 馮冯 韓韩 鄧邓 蘇苏 盧卢 賈贾 閻阎 鍾钟 譚谭 陸陆
龔龚 銭钱 湯汤 蕭萧 羅罗 顧顾 鄒邹 賀贺 頼赖 偉伟 麗丽 紅红 軍军 東东 華华 剛刚 艶艳 寧宁 瑩莹 穎颖 鵬鹏
飛飞 竜龙 鳳凤 蘭兰 倫伦 慶庆 亜亚 凱凯 暁晓 潔洁 瓊琼 蓮莲 嬋婵 歓欢 瑪玛 維维 純纯 紹绍 継继 緒绪 誠诚
詩诗 賢贤 遠远 運运 連连 陽阳 陰阴 魯鲁 斎齐 賓宾 爾尔 嵐岚 総总 顕显 権权 檸柠 棟栋 樺桦 漢汉 滬沪 沢泽
潤润 浜滨 瑋玮 禎祯 競竞 統统 勝胜 騰腾 栄荣 藹蔼 藍蓝 慮虑 軒轩 輝辉 達达 遜逊 釈释 鋒锋 鋭锐 錦锦 鎮镇
長长 閔闵 聞闻 陝陕 霧雾 韋韦 順顺 顔颜 駿骏 鴻鸿
"""

_VARIANTS = {ord(form): group[0] for group in (_FORMS + _SIMPLIFIED).split() for form in group[1:]}
_VARIANTS[ord("〻")] = "々"
PLAIN = r" -~ぁ-ゖァ-ヺー㐀-鿿"
"""Characters that NFKC leaves as they are, for a set of a regular expression."""

FORMS = "".join(map(chr, _VARIANTS))
"""Kanji that another form stands for."""

_UNUSUAL = re.compile(f"[^{PLAIN}]|[{FORMS}]")
# Which of several forms is meant (IVS, FVS), and marks that no one sees.
_SELECTORS = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180d\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
# 〓 stands for a character that was lost; so do U+FFFD and the private-use areas (外字).
_LOST = re.compile("[〓\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_REPEATED = re.compile("([\u3400-\u9fff\U00020000-\U0003ffff])々+")
_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F5)}
_HIRAGANA |= {ord(small): ord(large) for small, large in zip("ヵヶゕゖ", "かけかけ", strict=True)}


def fold_kanji(text: str) -> str:
    """NFKC, each kanji in its common form, 々 written out; the same again for what it returns."""
    if text.isascii() or not _UNUSUAL.search(text):
        return text
    plain = unicodedata.normalize("NFKC", _SELECTORS.sub("", text)).translate(_VARIANTS)
    return _REPEATED.sub(lambda found: found[1] * len(found[0]), plain) if "々" in plain else plain


def fold_kana(text: str) -> str:
    """Katakana as hiragana; ヶ as け."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_HIRAGANA))


def is_damaged(text: str) -> bool:
    """Whether a character of it was lost on the way."""
    return not text.isascii() and _LOST.search(text) is not None
