"""What the commands about offers print, in English and Japanese."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from tokui.cli.output import plain, table
from tokui.connector import Said

from tokui_points.offers.audience import Left
from tokui_points.offers.basket import Benefits, Counted, Earning
from tokui_points.offers.words import amount
from tokui_points.terms import Lang

_WORDS: Mapping[str, tuple[str, str]] = {
    "applied": ("applies", "適用"),
    "instead": ("instead", "ほかの特典"),
    "near": ("nearly", "あと少し"),
    "refused": ("refused", "ご購入不可"),
    "nothing": ("no offer applies", "適用できる特典はありません"),
    "total": ("to pay: {total} ({off} off)", "お支払い {total} ({off}引き)"),
    "earns": (
        "{title} ({tier}): {points:,} points to come",
        "{title} ({tier}): {points:,}ポイント付与予定",
    ),
    "line": (
        "  line {line}: {points:,} (× {rate}{rule})",
        "  {line}行目: {points:,} (× {rate}{rule})",
    ),
    "rises": ("  and then they are {tier}", "  お買上げで{tier}になります"),
    "used": ("used", "利用しました"),
    "given_back": ("given back", "取り消しました"),
    "head.offer": ("offer", "名前"),
    "head.title": ("title", "特典"),
    "head.benefit": ("benefit", "内容"),
    "head.since": ("from", "開始"),
    "head.until": ("until", "終了"),
    "head.used": ("used", "利用"),
    "head.left": ("left", "残り"),
    "left": ("; {own} left for them", "。このお客様の残り {own}"),
    "left_in_all": ("; {all} left in all", "。全体の残り {all}"),
}

_HEADS = ("offer", "title", "benefit", "since", "until", "used", "left")


def benefits(found: Benefits, currency: str, lang: Lang) -> RenderableType:
    """What can be said of a basket."""
    rows = table("", "", "", "", "", right=())
    rows.show_header = False
    for each in found.applied:
        off = f"-{amount(each.off_minor, currency)}" if each.off_minor else ""
        _add(rows, "applied", (each.title, each.benefit, each.reason), off, lang)
    for group, told in (
        ("instead", found.instead),
        ("near", found.near),
        ("refused", found.refused),
    ):
        for one in told:
            _add(rows, group, (one.title, one.benefit, one.reason), "", lang)
    pay = amount(found.total_minor - found.off_minor, currency)
    total = _word("total", lang).format(total=pay, off=amount(found.off_minor, currency))
    parts: list[RenderableType] = [rows if rows.row_count else _word("nothing", lang), Text(total)]
    return Group(*parts, *(line for each in found.earns for line in _earning(each, lang)))


def counted(found: Iterable[Counted], lang: Lang) -> Table:
    """All offers, and how often each was used."""
    heads = [_word(f"head.{each}", lang) for each in _HEADS]
    rows = table(*heads, right=heads[-2:])
    for each in found:
        since, until = (str(day or "") for day in (each.since, each.until))
        said = (plain(part.in_language(lang)) for part in (each.title, each.benefit))
        left = "" if each.left is None else f"{each.left:,}"
        rows.add_row(each.offer, *said, since, until, f"{each.used:,}", left)
    return rows


def used(done: str, left: Left, lang: Lang) -> str:
    """How a use went."""
    own = _word("left", lang).format(own=left.own) if left.own is not None else ""
    everybody = _word("left_in_all", lang).format(all=left.all) if left.all is not None else ""
    return f"{_word(done, lang)}{own}{everybody}"


def _add(rows: Table, group: str, said: Iterable[Said], off: str, lang: Lang) -> None:
    rows.add_row(_word(group, lang), *(plain(each.in_language(lang)) for each in said), off)


def _earning(each: Earning, lang: Lang) -> Iterator[str]:
    title, tier = plain(each.title.in_language(lang)), plain(each.tier.in_language(lang))
    yield _word("earns", lang).format(title=title, tier=tier, points=each.points)
    for line in each.lines:
        rule = f", {plain(line.rule.in_language(lang))}" if line.rule else ""
        yield _word("line", lang).format(
            line=line.line + 1, points=line.points, rate=line.rate.normalize(), rule=rule
        )
    if each.tier_after:
        yield _word("rises", lang).format(tier=plain(each.tier_after.in_language(lang)))


def _word(key: str, lang: Lang) -> str:
    return _WORDS[key][lang == "ja"]
