"""What the commands work with: the programmes, the ledger, one person's accounts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tokui.cli.customer import the_one
from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.connector import Member, OpenOffer
from tokui.errors import ConfigError
from tokui.hub import Hub
from tokui.identity.rules import Trust
from tokui.identity.view import snapshot
from tokui.store.engine import Store
from tokui.sync.compose import trust

from tokui_points.elsewhere import Elsewhere, found
from tokui_points.hooks import Membership, Points
from tokui_points.settings import PointsSettings


@dataclass(frozen=True, slots=True)
class Counter:
    """
    An open shop.

    Attributes:
        settings: `[plugins.points]`.
    """

    desk: Desk
    hub: Hub
    store: Store
    trust: Trust
    settings: PointsSettings

    def memberships(self, query: str) -> list[Membership]:
        """
        All accounts in our books of the one whom the query means.

        Raises:
            Unknown: Nobody or several are meant, or somebody who is no member.
        """
        return self.everywhere(query)[0]

    def everywhere(self, query: str) -> tuple[list[Membership], list[Elsewhere]]:
        """
        The same, and what other systems keep for them.

        Raises:
            Unknown: As above.
        """
        plugin, now = Points(self.settings), datetime.now(UTC)
        with snapshot(self.store, self.trust) as (view, tx):
            number = the_one(self.desk, tx, query, self.trust)
            ours = list(plugin.memberships(number, view, now))
            others = list(found(self.settings, number, view))
        if not (ours or others):
            raise Unknown("they have no member number of a programme")
        return ours, others

    def offers(self, query: str) -> Sequence[OpenOffer]:
        """What the one whom the query means can use today."""
        with snapshot(self.store, self.trust) as (view, tx):
            number = the_one(self.desk, tx, query, self.trust)
            return Points(self.settings).tokui_offers(number, view, datetime.now(UTC))

    def member(self, query: str, programme: str | None, number: str | None) -> Member:
        """
        The one account that is meant.

        Raises:
            Unknown: None or several are.
        """
        ours, others = self.everywhere(query)
        known = {
            (each.account.member, raw)
            for each in ours
            for raw in (each.account.raw, *each.account.also)
        }
        known |= {(each.member, each.raw) for each in others}
        members = {
            member
            for member, raw in known
            if programme in (None, member.programme) and number in (None, raw)
        }
        if len(members) != 1:
            raise Unknown(
                "name the one account by --programme and --number; `points show` lists them"
            )
        return members.pop()


@contextmanager
def counter(path: Path | None) -> Iterator[Counter]:
    """
    Open the shop.

    Raises:
        ConfigError: There is no `[plugins.points]`.
    """
    desk = Desk(path)
    hub = desk.hub_for_reading()
    settings = hub.settings.get(("plugins", "points"))
    if not isinstance(settings, PointsSettings):
        raise ConfigError(
            "no programme is configured", who="points", todo="add [plugins.points.programmes.NAME]"
        )
    with desk.store() as store:
        yield Counter(desk, hub, store, trust(desk.config, hub), settings)
