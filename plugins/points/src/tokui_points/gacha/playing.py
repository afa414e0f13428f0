"""
Opening, playing and closing a draw: a line of its chain each, with the transfers that belong to it.

The prizes in stock and the turns that were taken are accounts of units in the books. What a draw brings is
decided on a snapshot and written on the condition that the chain is as it was there; where another draw
came first, all is decided again. So nothing of this runs inside a write transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pydantic import JsonValue
from tokui.connector import Earn, Redeem, Transfer
from tokui.model import moment
from tokui.store import chains
from tokui.store.books import Raced
from tokui.store.chains import Sealed
from tokui.store.engine import Transaction

from tokui_points.gacha import secret as secrets
from tokui_points.gacha.claims import Claim, Player, chosen, claims, person
from tokui_points.gacha.game import Game
from tokui_points.gacha.publication import rules
from tokui_points.gacha.secret import Secret
from tokui_points.gacha.terms import Prize
from tokui_points.gacha.wheel import Slot, drawn

TRIES = 200
LONGEST = 150


class Planned(NamedTuple):
    """
    The next line, if the chain is still as it was.

    Attributes:
        after: The line seen last.
    """

    after: Sealed | None
    body: Mapping[str, JsonValue]
    transfers: Sequence[Transfer] = ()


def begin(game: Game, random: bytes, staff: str) -> Sealed:
    """
    Open a draw, once: make the secret, write down rules and commitment, put the prizes in stock.

    Args:
        game: Which.
        random: `secret.LENGTH` bytes that nobody can foresee.
        staff: Who says so.

    Raises:
        ConfigError: It was opened before, with another secret or under other rules.
    """
    if game.opened() is None:
        kept = secrets.made(game.draw.secret_file, random)
        told: dict[str, JsonValue] = {"kind": "open", "commitment": kept.commitment}
        told["rules"] = rules(game.name, game.draw)
        stocked = list(_stocked(game, staff))
        _append(game, "open", staff, lambda _: Planned(None, told, stocked))
    game.secret()
    return _written(game.opened())


def play(game: Game, player: Player, key: str, staff: str) -> Sealed:
    """
    Draw: payment, prize and record, all or nothing. The same key again is the same draw.

    Raises:
        NotEnough: So many points are not there.
        PolicyRefusal: It is not on, nothing gives the player a draw, no prize is left, or the key was
            used for somebody else.
    """
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        raise game.refused(f"a key has 1 to {LONGEST} characters that can be printed")
    secret = game.secret()
    made = _append(game, f"play/{key}", staff, _Hand(game, player, secret, key, staff).plan)
    if made.body["who"] not in player.aliases(secret):
        raise game.refused("the key was used for somebody else's draw", "give each its own key")
    return made


def end(game: Game, staff: str) -> Sealed:
    """Close a draw for good: write down the seed."""
    told: dict[str, JsonValue] = {"kind": "close", "seed": game.secret().seed.hex()}
    return _append(game, "close", staff, lambda tx: Planned(chains.last(tx, game.chain), told))


def _append(game: Game, key: str, staff: str, plan: Callable[[Transaction], Planned]) -> Sealed:
    """The line under a key; planned again as long as others come first."""
    for _ in range(TRIES):
        with game.store.read() as tx:
            if before := chains.keyed(tx, game.chain, key):
                return before
            after, body, transfers = plan(tx)
        try:
            return chains.append(game.store, game.chain, after, key, body, staff, transfers)
        except Raced as raced:
            last = raced
    raise last


def _stocked(game: Game, staff: str) -> Iterator[Transfer]:
    for prize in game.draw.prizes:
        if prize.stock:
            key = game.key("stock", prize.name)
            yield Earn(key, game.stock(prize), prize.stock, _reason(game, staff))


@dataclass(frozen=True, slots=True)
class _Hand:
    """What a player asks for, and by which key."""

    game: Game
    player: Player
    secret: Secret
    key: str
    staff: str

    def plan(self, tx: Transaction) -> Planned:
        """The draw that comes next, as things stand."""
        after = _written(chains.last(tx, self.game.chain))
        day = self._day(tx, after)
        used = self._used(tx, day)
        prize = self._prize(tx, after.n + 1)
        body: dict[str, JsonValue] = {
            "kind": "draw",
            "day": day.isoformat(),
            "who": self.player.aliases(self.secret)[0],
            "key": self.secret.alias("key", self.key),
            "paid": dict(used[-1].paid),
            "prize": prize.name,
        }
        return Planned(after, body, list(self._transfers(after.n + 1, used, prize)))

    def _day(self, tx: Transaction, after: Sealed) -> date:
        """The shop's day, if the draw is on."""
        draw = self.game.draw
        day = moment(tx.now_us).astimezone(draw.zone).date()
        if after.body["kind"] == "close":
            raise self.game.refused("it is closed")
        if not draw.since <= day <= draw.until:
            raise self.game.refused(f"it is on from {draw.since} to {draw.until}")
        return day

    def _used(self, tx: Transaction, day: date) -> list[Claim]:
        """What the draw takes a turn of: of the person, and of what gives it."""
        draw = self.game.draw
        whole = person(draw, self.player.aliases(self.secret))
        given = claims(draw, self.player, self.secret, day)
        holders = [holder for claim in (whole, *given) for holder in claim.holders]
        taken = self.game.taken(tx, holders)
        return [whole, chosen(given, whole, taken, f"draw {self.game.name}")]

    def _prize(self, tx: Transaction, n: int) -> Prize:
        """What number `n` brings."""
        draw, left = self.game.draw, self.game.left(tx)
        wheel = [Slot(each.name, draw.share(each), left.get(each.name)) for each in draw.prizes]
        name = drawn(self.secret.seed, f"{self.game.name}/{n}", wheel, draw.instead)
        if name is None:
            raise self.game.refused("no prize is left")
        return next(each for each in draw.prizes if each.name == name)

    def _transfers(self, n: int, used: Sequence[Claim], prize: Prize) -> Iterator[Transfer]:
        """Points are paid, turns are counted, and the prize leaves the stock."""
        game, why = self.game, _reason(self.game, self.staff, n)
        if game.draw.cost.points:
            if self.player.member is None:
                raise game.refused("they are no member of the programme whose points it costs")
            yield Redeem(game.key(n, "points"), self.player.member, game.draw.cost.points, why)
        for claim in used:
            if claim.most is not None:
                holder = claim.holders[0]
                yield Earn(game.key(n, "turn", holder), game.turns(holder), 1, why)
        if prize.stock is not None:
            yield Redeem(game.key(n, "prize"), game.stock(prize), 1, why)


def _reason(game: Game, staff: str, n: int | None = None) -> str:
    return f"{staff}: draw {game.name}{'' if n is None else f' {n}'}"[:200]


def _written(line: Sealed | None) -> Sealed:
    assert line  # noqa: S101 - a draw that is open has lines
    return line
