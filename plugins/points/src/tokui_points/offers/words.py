"""What is said of offers, in Japanese and English."""

from collections.abc import Mapping

from tokui.connector import Said
from tokui.model import Money

from tokui_points.offers.settings import Offer
from tokui_points.terms import Words

SENTENCES: Mapping[str, tuple[str, str]] = {
    # what it brings
    "off_minor": ("{amount}引き", "{amount} off"),
    "percent": ("{percent}%引き", "{percent} % off"),
    "points": ("{points:,}ポイント進呈", "{points:,} points"),
    # why they have it
    "anybody": ("どなたでも", "for everybody"),
    "members": ("会員様", "for members"),
    "tiers": ("{tiers}の会員様", "for {tiers}"),
    "tags": ("{tags}のお客様", "for {tags}"),
    "month": ("お誕生月", "month of the birthday"),
    "days": ("お誕生日の前後", "around the birthday"),
    "joined": ("ご入会から{days}日以内", "within {days} days of joining"),
    "goods": ("対象: {categories}", "on {categories}"),
    "least": ("{amount}以上のお買上げ", "from {amount}"),
    # why they do not
    "early": ("{day}からご利用いただけます", "it begins on {day}"),
    "late": ("{day}で終了しました", "it ended on {day}"),
    "no_member": ("ご入会が必要です", "they are no member yet"),
    "other_tier": ("{tiers}の会員様が対象です", "it is for {tiers}"),
    "no_tag": ("{tags}のお客様が対象です", "it is for {tags}"),
    "no_birthday": (
        "お誕生日のご登録がありません",
        "their birthday is not known",
    ),
    "not_birthday": ("お誕生日の期間ではありません", "it is not the time of their birthday"),
    "not_joined": ("ご入会から{days}日以内が対象です", "it is for {days} days after joining"),
    "used": ("ご利用可能な回数を超えます (残り{left})", "they have {left} left"),
    "gone": ("予定数を終了しました (残り{left})", "{left} are left in all"),
    "elsewhere": ("{connections}でご利用いただけます", "it can be used at {connections}"),
    "no_goods": ("対象の商品がありません", "none of its articles is there"),
    "spend": ("あと{amount}のお買上げで対象です", "{amount} more and it applies"),
    "once": ("1回ずつのご利用です", "it is used once at a time: no pieces are counted"),
    "given_back": (
        "取り消し済みです。別の --key でご利用ください",
        "it was given back; use it with another --key",
    ),
    "not_used": (
        "そのご注文またはキーでのご利用はありません",
        "they did not use it with that order or key",
    ),
    "points_elsewhere": (
        "ポイントの口座が変わりました。`tokui points reverse` で取り消してください",
        "its points are on an account that is theirs no longer; take them back by `tokui points reverse`",
    ),
    "instead": ("ほかの特典を優先しました", "something better applies, and it does not stack"),
    "unwanted": ("今回は選ばれていません", "it was not asked for"),
}


def say(key: str, **values: object) -> Said:
    """A sentence of the table; a value that is `Said` is said in each language."""
    ja, en = SENTENCES[key]
    return Said(ja=ja.format(**_in("ja", values)), en=en.format(**_in("en", values)))


def joined(parts: list[Said], ja: str = "・", en: str = ", ") -> Said:
    """Several, one after the other."""
    return Said(ja=ja.join(each.ja for each in parts), en=en.join(each.en for each in parts))


def benefit(offer: Offer, name: str) -> Said:
    """What it brings."""
    brings = offer.benefit
    named: Words | None = brings.gift or brings.access
    if named is not None:
        return named.said(name)
    if brings.points:
        return say("points", points=brings.points)
    if brings.percent is not None:
        return say("percent", percent=f"{brings.percent.normalize():f}")
    return say("off_minor", amount=amount(brings.off_minor or 0, offer.currency))


def reason(offer: Offer, tiers: Mapping[str, Said]) -> Said:
    """Whom it is for, and what they must buy."""
    parts = []
    if offer.birthday:
        parts.append(say(offer.birthday.within))
    if offer.join_days:
        parts.append(say("joined", days=offer.join_days))
    if offer.tiers:
        parts.append(say("tiers", tiers=tier_names(offer, tiers)))
    elif offer.programme and not parts:
        parts.append(say("members"))
    if offer.tags:
        parts.append(say("tags", tags=", ".join(offer.tags)))
    parts = parts or [say("anybody")]
    if offer.categories:
        parts.append(say("goods", categories=", ".join(offer.categories)))
    if offer.min_spend:
        parts.append(say("least", amount=amount(offer.min_spend, offer.currency)))
    return joined(parts)


def tier_names(offer: Offer, tiers: Mapping[str, Said]) -> Said:
    """What customers call its tiers."""
    return joined([tiers[each] for each in offer.tiers], en=" or ")


def amount(minor: int, currency: str) -> str:
    """As shops write it."""
    return f"¥{minor:,}" if currency == "JPY" else str(Money(amount_minor=minor, currency=currency))


def _in(lang: str, values: Mapping[str, object]) -> dict[str, object]:
    return {
        key: getattr(each, lang) if isinstance(each, Said) else each for key, each in values.items()
    }
