"""What the card calls things, for staff, in English and Japanese."""

from collections.abc import Mapping
from typing import Literal

Lang = Literal["en", "ja"]

_WORDS: Mapping[str, tuple[str, str]] = {
    "san": ("", "様"),
    "nameless": ("(no name)", "(お名前なし)"),
    "birthday.today": ("birthday today", "本日お誕生日"),
    "birthday.soon": ("birthday in {days} days ({date})", "お誕生日まで{days}日 ({date})"),
    "birthday.tomorrow": ("birthday tomorrow ({date})", "お誕生日は明日 ({date})"),
    "since": ("known since {date}", "{date} から"),
    "lifetime": ("lifetime value", "累計お買上げ"),
    "purchases": ("purchases", "お買上げ回数"),
    "average": ("average basket", "平均客単価"),
    "visit": ("last visit", "最終ご来店"),
    "known_as": ("Known as", "連絡先・会員番号"),
    "kind": ("what", "種類"),
    "value": ("value", "内容"),
    "source": ("source", "出所"),
    "why": ("why", "理由"),
    "at": ("as of", "時点"),
    "verified": ("verified", "確認済"),
    "golden": ("Golden view", "基本情報と出所"),
    "orders": ("Purchases", "お買い物"),
    "more": ("… and {count} earlier", "ほか {count} 件"),
    "none": ("nothing yet", "まだありません"),
    "events": ("Visits and notes", "ご来店・メモ"),
    "notes": ("Notes in the sources", "登録メモ"),
    "insight": ("Worth knowing", "ひとこと"),
    "segments": ("groups", "区分"),
    "field.name": ("name", "お名前"),
    "field.birthday": ("birthday", "お誕生日"),
    "field.gender": ("gender", "性別"),
    "field.language": ("language", "言語"),
    "field.address": ("address", "ご住所"),
    "field.tag": ("tag", "タグ"),
    "id.email": ("e-mail", "メール"),
    "id.phone": ("phone", "電話"),
    "id.member_no": ("member no.", "会員番号"),
    "id.line_user_id": ("LINE", "LINE"),
    "gender.female": ("female", "女性"),
    "gender.male": ("male", "男性"),
    "gender.other": ("other", "その他"),
    "rule.only": ("only source", "唯一の記録"),
    "rule.agreed": ("all agree", "全て一致"),
    "rule.registered": ("registered, not guest", "会員登録を優先"),
    "rule.priority": ("trusted more", "優先度が高い"),
    "rule.recent": ("most recent", "最新"),
    "rule.longest": ("most complete", "最も詳しい"),
    "rule.first": ("no better reason", "同順位"),
    "rule.all": ("all are kept", "全て表示"),
    "channel.store": ("store", "店舗"),
    "channel.online": ("online", "オンライン"),
    "channel.phone": ("by phone", "電話"),
    "channel.other": ("other", "その他"),
    "order.return": ("return", "返品"),
    "order.exchange": ("exchange", "交換"),
    "order.preorder": ("preorder", "予約"),
    "order.hold": ("on hold", "取り置き"),
    "state.open": ("open", "未完了"),
    "state.cancelled": ("cancelled", "キャンセル"),
    "state.voided": ("voided", "取消"),
    "line.shipping": ("shipping", "送料"),
    "line.fee": ("fee", "手数料"),
    "line.gift_card": ("gift card", "ギフトカード"),
    "line.product": ("(no title)", "(品名なし)"),
    "event.visit": ("visit", "ご来店"),
    "event.note": ("note", "メモ"),
    "event.call": ("call", "お電話"),
    "event.chat": ("chat", "チャット"),
    "event.appointment": ("appointment", "ご予約"),
}


def word(key: str, lang: Lang) -> str:
    """Say it in the language; a kind of a plugin's own is its own word."""
    pair = _WORDS.get(key)
    if pair is None:
        return key.partition(".")[2] or key
    return pair[1] if lang == "ja" else pair[0]
