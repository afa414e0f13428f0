"""
Why a message is not sent, or what became of it, in Japanese and English.

Shop staff read them beside the message, so they name kinds of things and never a value.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Lang: TypeAlias = Literal["en", "ja"]

SENTENCES: Mapping[str, tuple[str, str]] = {
    "consent.unknown": (
        "この連絡先への配信の同意が記録されていません。",
        "No consent is on record for this contact point.",
    ),
    "consent.denied": (
        "この連絡先への配信を断られています。",
        "They said no to being written to at this contact point.",
    ),
    "consent.revoked": (
        "この連絡先への配信の同意は取り消されました。",
        "They took back their consent for this contact point.",
    ),
    "consent.nowhere": (
        "どの連絡先への配信も断られています。",
        "They asked not to be contacted at all.",
    ),
    "suppression.bounce": (
        "この宛先には届きません (不達の記録があります)。",
        "Nothing reaches this address: a message to it came back.",
    ),
    "suppression.complaint": (
        "この宛先から迷惑メールとして報告されました。",
        "A message to this address was reported as spam.",
    ),
    "suppression.unsubscribe": (
        "この宛先は配信停止の手続きをされています。",
        "This address was unsubscribed.",
    ),
    "suppression.block": (
        "このアカウントはブロックされているか、友だちではありません。",
        "This account was blocked, or they are no friend of it.",
    ),
    "suppression.manual": (
        "この宛先への送信は、お店で止めています。",
        "The shop stopped sending to this address.",
    ),
    "contact.none": (
        "送れる連絡先がありません。",
        "They have no contact point that this could be sent to.",
    ),
    "contact.gone": (
        "この連絡先は、もうこの方の登録にないか、ご本人のものではないとして除外されています。",
        "This contact point is no longer theirs, or is blocked as nobody's own.",
    ),
    "cap.reached": (
        "決めた回数をすでに送っています。",
        "They got as many messages lately as is allowed.",
    ),
    "quiet.hours": (
        "送らない時間帯です。",
        "These are quiet hours.",
    ),
    "approval.missing": (
        "まだ承認されていません。",
        "Nobody has approved it yet.",
    ),
    "channel.content": (
        "この内容は今のプラグインでは送れません。",
        "This content cannot be sent by the plugin of today.",
    ),
    "hook.no_answer": (
        "プラグインの回答がありません。",
        "A plugin did not answer in time.",
    ),
    "provider.interrupted": (
        "送信中に中断したため、届いたか分かりません。",
        "It was interrupted while it was sent; nobody knows whether it arrived.",
    ),
    "provider.no_outcome": (
        "配信サービスから結果が返りませんでした。",
        "The provider did not say what became of it.",
    ),
    "provider.key_expired": (
        "配信サービスが前回の送信を覚えている期間が過ぎたため、送り直しません。",
        "It is too late to try again without the risk of sending it twice.",
    ),
    "provider.broken_up": (
        "一緒に送るはずの方が減ったため、送り直しません。",
        "Others of the same call were taken back, so it is not tried again.",
    ),
}
"""Rule and reason → what they say, in Japanese and English."""

RULES: Mapping[str, tuple[str, str]] = {
    "channel": ("この送り方の決まりにより送れません", "The channel's own rules forbid it"),
    "provider": ("配信サービスの回答", "The provider says"),
    "staff": ("スタッフ", "Staff"),
    "source": ("元のシステム", "The source"),
    "hook": ("プラグイン", "The plugin"),
    "outbox": ("送信箱", "The outbox"),
}
"""Rules whose reasons are words of their own."""

HELD = (
    "送ってよいか確認できないため、送らずにいます",
    "Whether it may go out could not be found out, so it waits",
)
UNTIL = ("{at} 以降に送れます。", "It may go out from {at} on.")


def sentence(rule: str | None, reason: str | None, lang: Lang) -> str:
    """Say it; a rule of a plugin's own is its own word, and so is what a provider says."""
    if pair := SENTENCES.get(f"{rule}.{reason}"):
        return _in(pair, lang)
    name, _, plugin = (rule or "").partition(":")
    head = _in(RULES[name], lang) if name in RULES else name
    head = f"{head} {plugin}" if plugin else head
    return ": ".join(part for part in (head, reason) if part)


def until(at: str, lang: Lang) -> str:
    """Say from when on it may go out."""
    return _in(UNTIL, lang).format(at=at)


def held(lang: Lang) -> str:
    """Say that it waits because somebody could not answer."""
    return _in(HELD, lang)


def _in(pair: tuple[str, str], lang: Lang) -> str:
    return pair[0] if lang == "ja" else pair[1]
