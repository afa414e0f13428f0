"""The customer card: the golden view of one person, with purchases, visits and totals."""

from tokui.card.build import Answers, build_card
from tokui.card.profile import Golden, KnownAs, Profile, Rule, Source, Sourced
from tokui.card.view import Card, CardContact, CardEvent, CardLine, CardMember, CardOrder, Totals

__all__ = [
    "Answers",
    "Card",
    "CardContact",
    "CardEvent",
    "CardLine",
    "CardMember",
    "CardOrder",
    "Golden",
    "KnownAs",
    "Profile",
    "Rule",
    "Source",
    "Sourced",
    "Totals",
    "build_card",
]
