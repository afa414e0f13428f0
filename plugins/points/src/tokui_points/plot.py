"""A what-if as a picture. Needs matplotlib: `pip install tokui-points[plot]`."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tokui.errors import ConfigError

from tokui_points.simulate import Outcome

BLUES = ("#c6d7ea", "#7ea6d1", "#33689f", "#17365c", "#0b1d33")
BACK, EDGE = "#c9503c", "#444444"
ROOM = 1.2
"""So much higher than the highest bar is the picture, for the legend."""


def draw(outcomes: Sequence[tuple[str, Outcome]], path: Path) -> None:
    """
    Points of each month above, members by tier below; one column for each outcome, on one scale.

    Args:
        outcomes: What each is called, and what came of it: as it is, and as it would be.
        path: Where to; its ending says the format (`.png`, `.svg`, `.pdf`).

    Raises:
        ConfigError: matplotlib is not installed, or knows no such format.
    """
    figure, axes = _figure(len(outcomes))
    for column, (title, outcome) in enumerate(outcomes):
        _points(axes[0][column], title, outcome)
        _members(axes[1][column], outcome)
    axes[0][0].set_ylabel("points")
    axes[1][0].set_ylabel("members")
    months = [month for _, outcome in outcomes for month in outcome.months]
    axes[0][0].set_ylim(top=ROOM * max(1, *(month.earned for month in months)))
    axes[1][0].set_ylim(top=ROOM * max(1, *(sum(month.members) for month in months)))
    figure.align_ylabels()
    try:
        figure.savefig(path, dpi=110)
    except (ValueError, OSError) as error:
        what = f"the picture cannot be written ({type(error).__name__})"
        raise ConfigError(what, who=path.name, todo="name a file that ends in .png") from None


def _figure(columns: int) -> tuple[Any, Any]:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ConfigError(
            "pictures need matplotlib", who="points", todo="pip install 'tokui-points[plot]'"
        ) from None
    figure = Figure(figsize=(1.5 + 4.6 * columns, 5.6), layout="constrained")
    axes = figure.subplots(2, columns, sharex="col", sharey="row", squeeze=False)
    for each in axes.flat:
        each.spines[["top", "right"]].set_visible(False)
        each.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        each.tick_params(labelsize=8, colors=EDGE)
    return figure, axes


def _points(axes: Any, title: str, outcome: Outcome) -> None:
    months = outcome.months
    places = range(len(months))
    axes.bar(places, [each.earned for each in months], color=BLUES[2], label="earned")
    axes.bar(places, [-each.taken_back for each in months], color=BACK, label="taken back")
    axes.axhline(0, color=EDGE, linewidth=0.8)
    total = f"{outcome.points:,} points, {outcome.cost_minor:,.0f} {outcome.programme.currency}"
    axes.set_title(f"{title}\n{total}", fontsize=10, loc="left")
    axes.legend(frameon=False, fontsize=8, loc="upper left", ncols=2)


def _members(axes: Any, outcome: Outcome) -> None:
    months = outcome.months
    places, under = range(len(months)), [0] * len(months)
    for level, tier in enumerate(outcome.programme.tiers):
        held = [each.members[level] for each in months]
        colour = BLUES[min(level, len(BLUES) - 1)]
        axes.bar(places, held, bottom=under, color=colour, label=tier.name, width=0.9)
        under = [sum(pair) for pair in zip(under, held, strict=True)]
    axes.set_xticks(places, [_named(number, each.first) for number, each in enumerate(months)])
    axes.legend(frameon=False, fontsize=8, loc="upper left", ncols=len(outcome.programme.tiers))


def _named(number: int, first: date) -> str:
    """The month; the first of the picture and of a year with its year."""
    return f"{first:%b}\n{first:%Y}" if number == 0 or first.month == 1 else f"{first:%b}"
