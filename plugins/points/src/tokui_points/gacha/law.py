"""
What Japanese law asks of a draw for those who buy (景品表示法, 懸賞), held against the rules. Pure.

The limits are those that 消費者庁 publishes; docs/explanation/draws.md says where. They are computed for what
is configured, as its worst case. What the law makes of a shop's campaign as a whole is for a lawyer.
"""

from collections.abc import Iterator

from tokui.connector import Finding

from tokui_points.gacha.terms import Draw
from tokui_points.gacha.words import said
from tokui_points.terms import Lang

TIMES, SMALL, LARGEST = 20, 5_000, 100_000
"""A prize is worth at most 20 times what was bought; from ¥5,000 on, ¥100,000."""

LARGEST_JOINT = 300_000
PER_CENT, PER_CENT_JOINT = 2, 3
"""Of the sales expected, all prizes together."""


def dearest(draw: Draw) -> int:
    """What a single prize may be worth, in yen."""
    if draw.joint:
        return LARGEST_JOINT
    bought = draw.cost.for_each or 0
    return TIMES * bought if bought < SMALL else LARGEST


def share(draw: Draw) -> int:
    """How many per cent of the sales all prizes together may be worth."""
    return PER_CENT_JOINT if draw.joint else PER_CENT


def duty(draw: Draw, lang: Lang) -> list[str]:
    """What whoever holds it must know; nothing where buying brings no draw."""
    if draw.cost.kind != "purchase":
        return []
    kind = said("joint" if draw.joint else "general", lang)
    words = {"kind": kind, "most": dearest(draw), "share": share(draw)}
    keys = ("duty", "duty.limits", "duty.sets", "duty.source")
    return [said(key, lang, **words) for key in keys]


def findings(draw: Draw, lang: Lang) -> Iterator[Finding]:
    """Whether it keeps the limits."""
    if draw.cost.kind != "purchase":
        yield Finding("warning", said("unlinked", lang), said("unlinked.todo", lang))
        return
    if draw.cost.currency != "JPY":
        yield Finding("warning", said("abroad", lang), said("abroad.todo", lang))
        return
    yield from _each(draw, lang)
    yield _together(draw, lang)
    yield Finding("ok", said("sets", lang))


def _each(draw: Draw, lang: Lang) -> Iterator[Finding]:
    most = dearest(draw)
    worthless = [prize for prize in draw.prizes if not prize.value_minor]
    for prize in worthless:
        what = said("no_value", lang, prize=prize.title.called(prize.name, lang))
        yield Finding("warning", what, said("no_value.todo", lang))
    over = [prize for prize in draw.prizes if prize.value_minor > most]
    for prize in over:
        words = {
            "prize": prize.title.called(prize.name, lang),
            "value": prize.value_minor,
            "most": most,
        }
        yield Finding("problem", said("dear", lang, **words), said("dear.todo", lang))
    if not over:
        yield Finding("ok", said("cheap", lang, most=most))


def _together(draw: Draw, lang: Lang) -> Finding:
    if draw.sales_minor is None:
        return Finding("warning", said("no_sales", lang), said("no_sales.todo", lang))
    total, limit = worth(draw, draw.sales_minor), draw.sales_minor * share(draw) // 100
    words = {"total": total, "limit": limit, "share": share(draw)}
    if total > limit:
        return Finding("problem", said("many", lang, **words), said("many.todo", lang))
    return Finding("ok", said("few", lang, **words))


def worth(draw: Draw, sales_minor: int) -> int:
    """All prizes together at the most: the whole stock, and else the dearest prize without end."""
    stocked = sum(prize.value_minor * (prize.stock or 0) for prize in draw.prizes)
    endless = max((prize.value_minor for prize in draw.prizes if prize.stock is None), default=0)
    draws = sales_minor // (draw.cost.for_each or 1)
    return stocked + draws * endless
