"""What the settings say about orders, worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tokui_shopify.mapping.money import TENDERS
from tokui_shopify.settings import Channel, ShopifySettings, TenderKind

Item = Mapping[str, Any]

CHANNELS: Mapping[str, Channel] = {
    "pos": "store",
    "web": "online",
    "mobile_app": "online",
    "shop_app": "online",
}
"""Source names that Shopify itself gives."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Zone, channels, tenders and tags."""

    zone: ZoneInfo
    channels: Mapping[str, Channel]
    tenders: Mapping[str, TenderKind]
    preorder_tags: frozenset[str]

    @classmethod
    def of(cls, settings: ShopifySettings) -> "Rules":
        """Work them out once."""
        return cls(
            zone=ZoneInfo(settings.timezone),
            channels={**CHANNELS, **settings.channels},
            tenders={**TENDERS, **{k.casefold(): v for k, v in settings.tenders.items()}},
            preorder_tags=frozenset(tag.casefold() for tag in settings.preorder_tags),
        )

    def day(self, moment: str) -> date:
        """The shop's day of a moment."""
        return datetime.fromisoformat(moment).astimezone(self.zone).date()

    def channel(self, item: Item) -> Channel:
        """Where it was bought; a store's location tells when the source is a stranger."""
        known = self.channels.get(item["sourceName"] or "")
        return known or ("store" if item["retailLocation"] else "other")
