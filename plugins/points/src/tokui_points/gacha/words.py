"""What staff read about draws, in Japanese and English."""

from collections.abc import Mapping

from tokui_points.terms import Lang

_WORDS: Mapping[str, tuple[str, str]] = {
    "fresh": ("開始前", "not open yet"),
    "open": ("実施中", "open"),
    "closed": ("終了", "closed"),
    "days": ("期間", "days"),
    "draws": ("抽選回数", "draws"),
    "commitment": ("シードのハッシュ", "commitment"),
    "rules": ("規則のハッシュ", "rules"),
    "receipt": ("控え", "receipt"),
    "prize": ("景品", "prize"),
    "odds": ("確率", "odds"),
    "stock": ("在庫", "stock"),
    "left": ("残り", "left"),
    "won": ("当選", "drawn"),
    "drawn": ("{n}回目の抽選: {prize}", "draw {n}: {prize}"),
    "opened": (
        "抽選「{title}」を開始しました。抽選の前に、規則とこの二つのハッシュを公表してください。",
        "{title} is open. Publish its rules and these two hashes before the first draw.",
    ),
    "ended": (
        "抽選「{title}」を終了しました。シードは公表されます。",
        "{title} is closed. Its seed is in the publication from now on.",
    ),
    "published": ("{count}行を{file}に書き出しました", "{count} lines written to {file}"),
    "general": ("一般懸賞", "a draw of one business (一般懸賞)"),
    "joint": ("共同懸賞", "a draw of several businesses (共同懸賞)"),
    "duty": (
        "購入に伴う抽選は景品表示法の懸賞です({kind})",
        "a draw for those who buy is a 懸賞 under the 景品表示法: {kind}",
    ),
    "duty.limits": (
        "景品の最高額は{most:,}円、総額は売上予定総額の{share}%までです",
        "a prize may be worth ¥{most:,}, and all of them {share} % of the sales expected",
    ),
    "duty.sets": (
        "異なる種類をそろえた人に渡す景品(カード合わせ・コンプガチャ)は禁止されています",
        "prizes for a complete set of different ones (カード合わせ, コンプガチャ) are forbidden",
    ),
    "duty.source": (
        "出典: 消費者庁「景品規制の概要」。tokui draw check で確認できます",
        "source: 消費者庁, 景品規制の概要; `tokui draw check` computes it",
    ),
    "unlinked": (
        "購入を条件としない抽選です。来店や、購入で得たポイントが条件なら懸賞にあたることがあります",
        "no purchase is asked for; for visitors, or points that purchases gave, it may be a 懸賞 too",
    ),
    "unlinked.todo": (
        "参加の条件を確認する(購入額を問わない場合や来店者の取引の価額は原則100円)",
        "look at how people come to it: a visit, or any amount, counts as ¥100 in principle",
    ),
    "abroad": (
        "円建てでないため、限度額を計算できません",
        "the limits are in yen, and the orders are not",
    ),
    "abroad.todo": ("現地の法律を確認する", "look at the law of the place"),
    "no_value": ("{prize}の価額がありません", "{prize} has no value"),
    "no_value.todo": (
        "value_minorに通常の購入価格を書く",
        "set `value_minor` to what one would pay for it",
    ),
    "dear": (
        "{prize}は{value:,}円で、最高額の{most:,}円を超えています",
        "{prize} is worth ¥{value:,}, more than ¥{most:,}",
    ),
    "dear.todo": ("景品を変えるか、for_eachを上げる", "choose another prize, or raise `for_each`"),
    "cheap": ("最高額の{most:,}円以内です", "no prize is worth more than ¥{most:,}"),
    "no_sales": ("売上予定総額がありません", "the sales expected are not stated"),
    "no_sales.todo": ("sales_minorに書く", "set `sales_minor`"),
    "many": (
        "景品の総額は最大{total:,}円で、売上予定総額の{share}%({limit:,}円)を超えています",
        "all prizes together may be worth ¥{total:,}, more than {share} % of the sales, ¥{limit:,}",
    ),
    "many.todo": ("在庫を減らすか、景品を変える", "lower the stock, or choose other prizes"),
    "few": (
        "景品の総額は最大{total:,}円で、売上予定総額の{share}%({limit:,}円)以内です",
        "all prizes together are worth at most ¥{total:,}, within {share} % of the sales, ¥{limit:,}",
    ),
    "sets": (
        "カード合わせにあたる設定はありません(組合せで渡す景品は設定できません)",
        "no prize is given for a set of others: such a draw cannot be configured",
    ),
    "kept": (
        "規則もシードも開始時のままです",
        "rules and secret are as they were when it was opened",
    ),
    "lost": (
        "規則かシードが開始時のままではありません",
        "rules or secret are not as they were when it was opened",
    ),
    "whole": ("記録は改変されていません({count}行)", "no line was rewritten, of {count}"),
    "broken": ("{n}行目の記録が書き換えられています", "line {n} is not as it was written"),
    "broken.todo": ("バックアップと比べる", "compare it with a backup"),
}


def said(key: str, lang: Lang, **values: object) -> str:
    """A sentence, filled in."""
    ja, en = _WORDS[key]
    return (ja if lang == "ja" else en).format(**values)
