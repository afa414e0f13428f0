"""What consents are called, for staff, in English and Japanese."""

from collections.abc import Mapping

from tokui.cli.words import Lang
from tokui.outreach.consent import Standing

WORDS: Mapping[str, tuple[str, str]] = {
    "point": ("contact point", "連絡先"),
    "for": ("for", "用途"),
    "stands": ("consent", "同意"),
    "since": ("since", "日付"),
    "source": ("said in", "出所"),
    "proof": ("proof", "根拠"),
    "reference": ("reference", "控え"),
    "notice": ("notice", "告知の版"),
    "stated_purpose": ("stated purpose", "利用目的"),
    "by": ("by", "記録者"),
    "granted": ("yes", "あり"),
    "denied": ("no", "拒否"),
    "revoked": ("taken back", "撤回"),
    "unknown": ("unknown", "不明"),
    "nowhere": ("no, nowhere", "拒否 (すべての連絡先)"),
    "any": ("the person", "ご本人"),
    "all": ("all", "すべて"),
    "marketing": ("marketing", "お知らせ・広告"),
    "service": ("service", "ご案内"),
    "transactional": ("transactional", "お取引の連絡"),
    "stops": ("stops", "停止"),
    "why": ("why", "理由"),
    "one_account": ("this account only", "このアカウントのみ"),
    "stops.all": ("nothing may be sent there", "何も送れません"),
    "stops.marketing": ("no marketing may be sent there", "お知らせ・広告は送れません"),
    "bounce": ("messages came back", "不達"),
    "complaint": ("reported as spam", "迷惑メール報告"),
    "unsubscribe": ("unsubscribed", "配信停止"),
    "block": ("blocked", "ブロック"),
    "manual": ("stopped by staff", "お店の判断"),
    "no_contact": ("no contact point is known", "連絡先はありません"),
    "no_stop": ("nothing is suppressed", "送信停止の連絡先はありません"),
    "no_word": ("nothing was ever said", "記録はありません"),
    "email": ("e-mail", "メール"),
    "phone": ("phone", "電話"),
    "line_user_id": ("LINE", "LINE"),
    "post": ("post", "郵送"),
}


def said(key: str, lang: Lang) -> str:
    """The word; a key without one is shown as it is."""
    english, japanese = WORDS.get(key, (key, key))
    return japanese if lang == "ja" else english


def stands(standing: Standing, lang: Lang) -> str:
    """What a standing is called."""
    return said("granted" if standing.granted else standing.reason, lang)


def scope(purpose: str, topic: str | None, lang: Lang) -> str:
    """A purpose, and its topic."""
    return f"{said(purpose, lang)}: {topic}" if topic else said(purpose, lang)


def where(point: str, lang: Lang) -> str:
    """A contact point, as staff know it."""
    kind = said(point.partition(":")[0], lang)
    return f"{kind} {point.rpartition(':')[2]}"
