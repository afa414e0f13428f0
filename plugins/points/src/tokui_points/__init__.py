"""Points and ranks: programmes as configuration, and pure functions over facts."""

from datetime import UTC, datetime

from tokui.hooks import View

from tokui_points.hooks import Points
from tokui_points.offers.basket import Applied, Basket, BasketLine, Benefits, Earning, Told
from tokui_points.settings import PointsSettings

__all__ = [
    "Applied",
    "Basket",
    "BasketLine",
    "Benefits",
    "Earning",
    "PointsSettings",
    "Told",
    "benefits_now",
]


def benefits_now(
    profile_id: int,
    basket: Basket,
    view: View,
    settings: PointsSettings,
    now: datetime | None = None,
) -> Benefits | None:
    """
    What applies to a basket now, what is nearly reached, and what the purchase will earn; for a checkout.

    Args:
        profile_id: Who buys.
        basket: What.
        view: What a hook is given; `tokui.identity.view.snapshot` makes one.
        settings: `[plugins.points]`, as `hub.settings["plugins", "points"]` has it.
        now: When (UTC); this moment, if left out.

    Returns:
        None when there is no such profile.
    """
    return Points(settings).benefits_now(profile_id, basket, view, now or datetime.now(UTC))
