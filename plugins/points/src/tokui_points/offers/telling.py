"""What staff may tell somebody of offers: a birthday's benefit, a coupon that is about to end."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from tokui.connector import OpenOffer
from tokui.hooks import Suggestion

from tokui_points.settings import PointsSettings
from tokui_points.terms import Lang

SENTENCES: Mapping[str, Mapping[Lang, tuple[str, str]]] = {
    "birthday": {
        "ja": (
            "「{title}」({benefit})をご案内する",
            "{reason}の特典で、{day}までご利用いただけます",
        ),
        "en": ("Tell them of {title}: {benefit}", "{reason}; it can be used until {day}"),
    },
    "ending": {
        "ja": ("「{title}」({benefit})がまもなく終わることをお伝えする", "{day}までです"),
        "en": ("Tell them that {title} ({benefit}) ends soon", "It can be used until {day}"),
    },
}


def to_tell(
    settings: PointsSettings, found: Iterable[OpenOffer], now: datetime
) -> Iterator[Suggestion]:
    """What there is to tell of the offers that are open to somebody."""
    for each in found:
        offer = settings.offers[each.name]
        today = now.astimezone(offer.zone).date()
        if offer.birthday:
            yield _suggestion("birthday", each, settings.lang)
        elif each.until and each.until <= today + timedelta(days=offer.notice_days):
            yield _suggestion("ending", each, settings.lang)


def _suggestion(key: str, each: OpenOffer, lang: Lang) -> Suggestion:
    title, benefit, reason = (getattr(s, lang) for s in (each.title, each.benefit, each.reason))
    said = {"title": title, "benefit": benefit, "reason": reason[:1].upper() + reason[1:]}
    text, why = (part.format(day=each.until, **said) for part in SENTENCES[key][lang])
    return Suggestion(kind="contact", text=text, reason=why)
