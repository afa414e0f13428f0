"""What messages, and what becomes of them, are called, for staff, in English and Japanese."""

from collections.abc import Mapping

from tokui.cli.output import plain
from tokui.cli.words import Lang
from tokui.outreach.sentences import sentence
from tokui.store.messages import Message, Step

WORDS: Mapping[str, tuple[str, str]] = {
    "contacts.message": ("message", "メッセージ"),
    "contacts.consent": ("consent", "同意"),
    "contacts.suppression": ("suppression", "送信停止"),
    "contacts.lifted": ("may be sent to again", "送信停止の解除"),
    "evidence.form": ("form", "申込書"),
    "evidence.receipt": ("receipt", "レシート"),
    "evidence.double_opt_in": ("double opt-in", "確認メールでの承諾"),
    "evidence.single_opt_in": ("single opt-in", "申込時の承諾"),
    "evidence.staff": ("staff", "店頭"),
    "evidence.import": ("import", "一括登録"),
    "allow.contact": ("contact point", "連絡先"),
    "allow.suppression": ("suppression", "送信停止"),
    "allow.consent": ("consent", "同意"),
    "allow.approval": ("approval", "承認"),
    "allow.cap": ("cap", "回数の上限"),
    "allow.quiet": ("quiet hours", "時間帯"),
    "allow.channel": ("channel", "送り方の決まり"),
    "allow.hook": ("plugin", "プラグイン"),
    "allow.ok": ("ok", "可"),
    "allow.waits": ("waits", "待ち"),
    "allow.no": ("no", "不可"),
    "message": ("message", "メッセージ"),
    "to": (
        "message {number}: {state}, to profile {profile} by {connection}",
        "メッセージ {number}: {state} (プロフィール {profile}、{connection})",
    ),
    "planned": (
        "would be kept: {state}, to profile {profile} by {connection}",
        "下書きの予定: {state} (プロフィール {profile}、{connection})",
    ),
    "next": (
        "Next: tokui message approve {number} --as NAME, then tokui message send {number}",
        "次: tokui message approve {number} --as 名前、続いて tokui message send {number}",
    ),
    "next_by_rule": (
        "Next: tokui message send {number}",
        "次: tokui message send {number}",
    ),
    "state.draft": ("draft", "下書き"),
    "state.queued": ("waits to be sent", "送信待ち"),
    "state.deferred": ("waits", "待機中"),
    "state.sending": ("being sent", "送信中"),
    "state.sent": ("accepted by {connection}", "{connection} が受付済み"),
    "state.delivered": ("delivered", "到達"),
    "state.refused": ("refused", "送信不可"),
    "state.failed": ("failed", "失敗"),
    "state.unknown": ("unknown whether it was sent", "送信結果が不明"),
    "state.cancelled": ("cancelled", "取り消し"),
    "state.approved": ("approved", "承認"),
    "state.bounced": ("came back", "不達"),
    "state.opened": ("opened", "開封"),
    "state.clicked": ("clicked", "クリック"),
    "state": ("state", "状態"),
    "at": ("at", "日時"),
    "connection": ("connection", "接続"),
    "profile": ("profile", "プロフィール"),
    "what": ("what", "内容"),
    "why": ("why", "理由"),
    "who": ("by", "だれが"),
    "address": ("address", "宛先"),
    "purpose": ("purpose", "用途"),
    "template": ("template", "ひな型"),
    "campaign": ("campaign", "キャンペーン"),
    "needed": ("messages", "通数"),
    "left": ("left", "残り"),
    "over": ("over", "超過"),
    "none": ("no messages", "メッセージはありません"),
    "refused_for": ("refused for {people:,}: {why}", "送信不可 {people:,} 名: {why}"),
    "left_out": ("left out {people:,}: {why}", "対象外 {people:,} 名: {why}"),
    "had": (
        "left out {people:,}: they have a message of this campaign already",
        "対象外 {people:,} 名: このキャンペーンのメッセージがすでにあります",
    ),
    "strangers": (
        "left out {people:,}: there is no such profile (line {lines})",
        "対象外 {people:,} 件: そのプロフィールはありません ({lines} 行目)",
    ),
    "kept": (
        """\
{count:,} drafts kept. Next:
  tokui message approve --campaign {campaign} --as NAME
  tokui outbox run --once""",
        """\
下書き {count:,} 件。次:
  tokui message approve --campaign {campaign} --as 名前
  tokui outbox run --once""",
    ),
    "approve": ("approved: {count:,}", "承認しました: {count:,} 件"),
    "cancel": ("cancelled: {count:,}", "取り消しました: {count:,} 件"),
    "retry": ("queued again: {count:,}", "もう一度送信待ちにしました: {count:,} 件"),
    "dry_run": ("{done} (dry run, nothing was done)", "{done} (確認のみ、何もしていません)"),
    "again": (
        "{count:,} may have been sent already. Send again?",
        "{count:,} 件はすでに届いているかもしれません。もう一度送りますか",
    ),
}


def told(key: str, lang: Lang, **parts: object) -> str:
    """The words, with what is put into them; a key without words is its own."""
    pair = WORDS.get(key)
    text = (pair[1] if lang == "ja" else pair[0]) if pair else key.partition(".")[2] or key
    return text.format(**parts) if pair else text


def heads(lang: Lang, *keys: str) -> list[str]:
    """Of a table's columns."""
    return [told(key, lang) for key in keys]


def state_of(state: str, connection: str, lang: Lang) -> str:
    """A message's state: what a channel accepted is no more than that."""
    return told(f"state.{state}", lang, connection=plain(connection))


def why(said: Message | Step, lang: Lang) -> str:
    """Why it is so; empty where that says nothing."""
    return sentence(said.rule, said.reason, lang) if said.reason else ""
