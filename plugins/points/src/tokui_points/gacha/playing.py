"""
Opening, playing and closing a draw: a line of its chain each, with the transfers that belong to it.

The prizes in stock and the turns that were taken are accounts of units in the books. What a draw brings is
decided on a snapshot and written on the condition that the chain is as it was there; where another draw
came first, all is decided again. So nothing of this runs inside a write transaction.
"""

from collections.abc import Callable, Iterator, Mapping
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
    transfers: list[Transfer]


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
        _append(game, "open", lambda _: Planned(None, told, stocked))
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
    if not 0 < len(key) <= LONGEST:
        raise game.refused(f"a key has 1 to {LONGEST} characters")
    secret = game.secret()
    made = _append(game, f"play/{key}", lambda tx: _planned(game, player, secret, key, staff, tx))
    if made.body["who"] not in player.aliases(secret):
        raise game.refused("the key was used for somebody else's draw", "give each its own key")
    return made


def end(game: Game) -> Sealed:
    """Close a draw for good: write down the seed."""
    told: dict[str, JsonValue] = {"kind": "close", "seed": game.secret().seed.hex()}
    return _append(game, "close", lambda tx: Planned(chains.last(tx, game.chain), told, []))


def _append(game: Game, key: str, plan: Callable[[Transaction], Planned]) -> Sealed:
    """The line under a key; planned again as long as others come first."""
    for _ in range(TRIES):
        with game.store.read() as tx:
            if before := chains.keyed(tx, game.chain, key):
                return before
            planned = plan(tx)
        try:
            return chains.append(game.store, game.chain, planned.after, key, *planned[1:])
        except Raced as raced:
            last = raced
    raise last


def _stocked(game: Game, staff: str) -> Iterator[Transfer]:
    for prize in game.draw.prizes:
        if prize.stock:
            key = game.key("stock", prize.name)
            yield Earn(key, game.stock(prize), prize.stock, _reason(game, staff))


def _planned(
    game: Game, player: Player, secret: Secret, key: str, staff: str, tx: Transaction
) -> Planned:
    after = _written(chains.last(tx, game.chain))
    day = moment(tx.now_us).astimezone(game.draw.zone).date()
    if after.body["kind"] == "close":
        raise game.refused("it is closed")
    if not game.draw.since <= day <= game.draw.until:
        raise game.refused(f"it is on from {game.draw.since} to {game.draw.until}")
    aliases, n = player.aliases(secret), after.n + 1
    whole, given = person(game.draw, aliases), claims(game.draw, player, secret, day)
    taken = game.taken(tx, [holder for claim in (whole, *given) for holder in claim.holders])
    claim = chosen(given, whole, taken, f"draw {game.name}")
    prize = _prize(game, secret, n, game.left(tx))
    body: dict[str, JsonValue] = {
        "kind": "draw",
        "day": day.isoformat(),
        "who": aliases[0],
        "key": secret.alias("key", key),
        "paid": dict(claim.paid),
        "prize": prize.name,
    }
    transfers = [*_paid(game, player, n, staff), *_counted(game, [whole, claim], n, staff)]
    if prize.stock is not None:
        reason = _reason(game, staff, n)
        transfers.append(Redeem(game.key(n, "prize"), game.stock(prize), 1, reason))
    return Planned(after, body, transfers)


def _prize(game: Game, secret: Secret, n: int, left: Mapping[str, int]) -> Prize:
    draw = game.draw
    wheel = [Slot(each.name, draw.share(each), left.get(each.name)) for each in draw.prizes]
    name = drawn(secret.seed, f"{game.name}/{n}", wheel, draw.instead)
    if name is None:
        raise game.refused("no prize is left")
    return next(each for each in draw.prizes if each.name == name)


def _paid(game: Game, player: Player, n: int, staff: str) -> Iterator[Transfer]:
    points = game.draw.cost.points
    if points and player.member is None:
        raise game.refused("they are no member of the programme whose points it costs")
    if points and player.member:
        yield Redeem(game.key(n, "points"), player.member, points, _reason(game, staff, n))


def _counted(game: Game, used: list[Claim], n: int, staff: str) -> Iterator[Transfer]:
    """One more turn of each holder in front."""
    for claim in used:
        if claim.most is not None:
            holder = claim.holders[0]
            key = game.key(n, "turn", holder)
            yield Earn(key, game.turns(holder), 1, _reason(game, staff, n))


def _reason(game: Game, staff: str, n: int | None = None) -> str:
    return f"{staff}: draw {game.name}{'' if n is None else f' {n}'}"[:200]


def _written(line: Sealed | None) -> Sealed:
    assert line  # noqa: S101 - a draw that is open has lines
    return line
