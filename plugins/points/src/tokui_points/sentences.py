"""What staff may say to a member, in Japanese and English."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from tokui.connector import Balance
from tokui.hooks import Suggestion
from tokui.model import Money

from tokui_points import outlook
from tokui_points.calendar import DAY
from tokui_points.settings import Programme
from tokui_points.standing import expiring
from tokui_points.story import Story
from tokui_points.terms import Lang

SENTENCES: Mapping[str, Mapping[Lang, tuple[str, str]]] = {
    "expiring": {
        "ja": (
            "{title}のポイント{points:,}点が{day}で失効することをお伝えする",
            "{day}の23:59を過ぎると使えなくなります",
        ),
        "en": (
            "Tell them that {points:,} points of {title} end on {day}",
            "They cannot be used after 23:59 on {day}",
        ),
    },
    "near": {
        "ja": ("あと{missing}で{tier}になることをお伝えする", "{by}ランクは{title}の{tier}です"),
        "en": (
            "Tell them that {missing} more makes them {tier}",
            "{by}the next tier of {title} is {tier}",
        ),
    },
    "drop": {
        "ja": (
            "{day}に{tier}から{to}へ変わること、あと{missing}で維持できることをお伝えする",
            "{title}の{tier}は{until}までです",
        ),
        "en": (
            "Tell them that {tier} becomes {to} on {day}, and that {missing} more keeps it",
            "{tier} of {title} holds until {until}",
        ),
    },
}


def suggestions(
    programme: Programme, name: str, story: Story, balance: Balance, lang: Lang
) -> Iterator[Suggestion]:
    """What is about to expire, the next tier within reach, the tier about to drop."""
    title = programme.title.called(name, lang)
    for key, values in _news(programme, story, balance, lang):
        text, reason = (each.format(title=title, **values) for each in SENTENCES[key][lang])
        yield Suggestion(kind="contact", text=text, reason=reason[:1].upper() + reason[1:])


def _news(
    programme: Programme, story: Story, balance: Balance, lang: Lang
) -> Iterator[tuple[str, Mapping[str, object]]]:
    soon = balance.as_of + timedelta(days=programme.expiry.notice_days)
    ending = [each for each in expiring(story, balance) if each.at <= soon]
    if ending:
        last = ending[0].at.astimezone(programme.zone).date() - DAY
        yield "expiring", {"points": sum(each.points for each in ending), "day": last}
    if (above := outlook.next_tier(story)) and _near(programme, above):
        yield (
            "near",
            {
                "missing": _missing(programme, above, lang),
                "tier": programme.called(above.tier).in_language(lang),
                "by": _by(above.by, lang),
            },
        )
    if (drop := outlook.drop(story)) and drop.notice <= story.today:
        yield (
            "drop",
            {
                "day": drop.day,
                "until": drop.day - DAY,
                "tier": programme.called(drop.tier).in_language(lang),
                "to": programme.called(drop.to).in_language(lang),
                "missing": _missing(programme, drop.keep, lang),
            },
        )


def _near(programme: Programme, above: outlook.Missing) -> bool:
    reach = programme.reach
    return above.spend <= reach.spend and above.visits <= reach.visits


def _missing(programme: Programme, what: outlook.Missing, lang: Lang) -> str:
    money = Money(amount_minor=what.spend, currency=programme.currency)
    parts = [_amount(money)] if what.spend else []
    if what.visits:
        parts.append(f"{what.visits}回のご来店" if lang == "ja" else f"{what.visits} visits")
    return ("と" if lang == "ja" else " and ").join(parts)


def _by(day: date | None, lang: Lang) -> str:
    if day is None:
        return "次の" if lang == "ja" else ""
    return f"{day}までに届く次の" if lang == "ja" else f"Until {day}, "


def _amount(money: Money) -> str:
    return f"¥{money.amount_minor:,}" if money.currency == "JPY" else str(money)
