"""What the commands on draws work with: one draw, its player, and how it is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from tokui.cli.customer import the_one
from tokui.connector import Member
from tokui.identity.view import snapshot
from tokui.store.chains import Sealed

from tokui_points.cli.counter import Counter, counter
from tokui_points.gacha.claims import Player
from tokui_points.gacha.game import Game
from tokui_points.gacha.words import said
from tokui_points.terms import Lang


@dataclass(frozen=True, slots=True)
class Booth:
    """One draw of an open shop."""

    shop: Counter
    game: Game

    def player(self, query: str, number: str | None) -> Player:
        """
        The one whom the query means, with what their kind of draw asks of them.

        Raises:
            Unknown: Nobody or several are meant, or no card that could pay.
        """
        cost, member = self.game.draw.cost, None
        if cost.kind == "points":
            member = self.shop.member(query, cost.programme, number)
        return self._known(query, member)

    def _known(self, query: str, member: Member | None) -> Player:
        buys = self.game.draw.cost.kind == "purchase"
        with snapshot(self.shop.store, self.shop.trust) as (view, tx):
            person = view.profile(the_one(self.shop.desk, tx, query, self.shop.trust))
            assert person  # noqa: S101 - it was just found on this snapshot
            records = [(each.connection, each.external_id) for each in person.customers]
            return Player(records, member, view.purchases(person.profile_id) if buys else ())


@contextmanager
def booth(path: Path | None, name: str) -> Iterator[Booth]:
    """
    Open the shop, and find a draw.

    Raises:
        click.UsageError: There is none of that name.
        ConfigError: There is no `[plugins.points]`.
    """
    with counter(path) as shop:
        draws = shop.settings.draws
        if not draws:
            raise click.UsageError(
                "There is no draw; add [plugins.points.draws.NAME] to tokui.toml."
            )
        if name not in draws:
            raise click.UsageError(f"NAME is one of {', '.join(draws)}.")
        yield Booth(shop, Game(name, draws[name], shop.store))


def hashes(opened: Sealed, lang: Lang) -> list[str]:
    """What is to be published before the first draw."""
    commitment = f"{said('commitment', lang)}: {opened.body['commitment']}"
    return [commitment, f"{said('rules', lang)}: {opened.hash}"]
