"""People as the command line shows them: in a list, and as a card."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from pydantic import JsonValue
from rich.table import Table

from tokui.card import Answers, Card, CardMember, Profile, build_card
from tokui.cli.output import plain, table
from tokui.cli.words import Lang, word
from tokui.hooks import (
    View,
    tokui_offers,
    tokui_segments,
    tokui_standings,
    tokui_suggest,
    tokui_traits,
)
from tokui.hub import Failure, Hub
from tokui.identity.rules import Trust
from tokui.identity.view import profile
from tokui.store import contacted, households, profiles
from tokui.store.engine import Transaction

SHOP_ZONE = "Asia/Tokyo"
CARD_WIDTH = 100
"""Columns beyond which a card's lines get too long to read."""

CONTACTS = ("email", "phone", "member_no")


def language(chosen: str | None) -> Lang:
    """`--lang`, then TOKUI_LANG, then LANG; English for everything but Japanese."""
    said = chosen or os.environ.get("TOKUI_LANG") or os.environ.get("LANG") or "en"
    return "ja" if said.startswith("ja") else "en"


def found(tx: Transaction, ids: Iterable[int], trust: Trust) -> list[Profile]:
    """Their golden views."""
    return [each for number in ids if (each := profile(tx, number, trust))]


def listed(people: Sequence[Profile], lang: str | None = None) -> Table:
    """One line for each person."""
    chosen = language(lang)
    contacts = (f"id.{kind}" for kind in CONTACTS)
    heads = [
        word(head, chosen) for head in ("profile", "field.name", "reading", *contacts, "known_to")
    ]
    rows = table(*heads, right=heads[:1])
    for each in people:
        name = each.name.value if each.name else None
        rows.add_row(
            str(each.profile_id),
            plain(str(name or "")) or "–",
            plain(name.kana) if name else "",
            *(_contact(each, kind) for kind in CONTACTS),
            ", ".join(sorted({source.connection for source in each.customers})),
        )
    return rows


def as_data(people: Sequence[Profile]) -> JsonValue:
    """For `--json`."""
    return [each.model_dump(mode="json", exclude_none=True) for each in people]


def _contact(person: Profile, kind: str) -> str:
    """The first of a kind, and how many more there are."""
    known = [plain(each.raw) for each in person.identifiers if each.kind == kind]
    more = f" (+{len(known) - 1})" if len(known) > 1 else ""
    return f"{known[0]}{more}" if known else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A card, and the plugins that had no answer for it."""

    card: Card
    failures: tuple[Failure, ...]


def card(hub: Hub, tx: Transaction, view: View, person: Profile) -> Asked:
    """Put a person's card together, with what the plugins say."""
    number, now = person.profile_id, datetime.now(UTC)
    standings = hub.ask(tokui_standings, number, view, now)
    offers = hub.ask(tokui_offers, number, view, now)
    traits = hub.ask(tokui_traits, number, view)
    segments = hub.ask(tokui_segments, number, view)
    suggestions = hub.ask(tokui_suggest, number, view)
    made = build_card(
        person,
        profiles.customers(tx, number),
        profiles.orders(tx, number),
        profiles.events(tx, number),
        today=now.astimezone(ZoneInfo(SHOP_ZONE)).date(),
        locations={key: each.name for key, each in profiles.locations(tx).items()},
        staff={key: each.display_name for key, each in profiles.staff(tx).items()},
        household=_household(tx, view, number),
        contacts=contacted.of_profile(tx, number, _points(person)),
        answers=Answers(
            tuple(chain.from_iterable(standings.values)),
            tuple(chain.from_iterable(offers.values)),
            tuple(chain.from_iterable(traits.values)),
            tuple(dict.fromkeys(chain.from_iterable(segments.values))),
            tuple(chain.from_iterable(suggestions.values)),
        ),
    )
    silent = (standings, offers, traits, segments, suggestions)
    return Asked(made, tuple(failure for each in silent for failure in each.failures))


def _points(person: Profile) -> list[str]:
    known = person.identifiers
    return [f"{each.kind}:{each.issuer}:{each.key}" for each in known if each.key]


def _household(tx: Transaction, view: View, number: int) -> list[CardMember]:
    """Everybody else, those who belong to it now first."""
    members = (each for home in households.of_profile(tx, number) for each in home.members)
    others = {each.profile_id: each for each in members if each.profile_id != number}
    found = []
    for each in sorted(others.values(), key=lambda member: member.until is not None):
        golden = view.profile(each.profile_id)
        found.append(
            CardMember(
                profile_id=each.profile_id,
                name=golden.name.value if golden and golden.name else None,
                role=each.role,
                since=each.since,
                until=each.until,
            )
        )
    return found
