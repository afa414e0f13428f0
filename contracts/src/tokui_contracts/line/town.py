"""The town's people who follow the shop on LINE."""

from itertools import islice
from typing import Any

from tokui_contracts.town import Person, Town

Profile = dict[str, Any]


def followers(town: Town, most: int | None = None) -> dict[str, Profile]:
    """User id → profile; `most` takes the first so many."""
    friends = (each for each in town.people() if each.line_user_id)
    return {str(each.line_user_id): profile(each) for each in islice(friends, most)}


def profile(person: Person) -> Profile:
    """People call themselves by their given names, in whatever script they like."""
    given = person.given
    names = (given.kanji, given.kana, f"{given.latin}☆")
    return {"displayName": names[person.number % len(names)], "language": "ja"}
