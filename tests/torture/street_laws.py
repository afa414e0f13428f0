"""What must hold of a street, however its people arrive and whatever is decided on them."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from batch_worlds import STAFF, looked_at, partition
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from street_acts import act, afresh, arrive, merged, say, see
from street_worlds import CROWDED, NEVER, World, arrivals, worlds
from tokui.identity import batch, check, rebuild, undo
from tokui.identity.rules import Blocked, Rules
from tokui.store import profiles
from tokui.store.engine import Store
from tokui.store.tables import CustomerRow, columns
from undo_worlds import facts, given_out

Law = Callable[[Store, Any, Counter[str]], None]

BLOCKED = Blocked(values={"email": frozenset({"takanashi@example.jp"})})


def no_trace_of_arrival(store: Store, data: Any, seen: Counter[str]) -> None:
    """Order, pages, repeats and passes in between lead to the same partition after one pass."""
    world = data.draw(worlds())
    afresh(store, data.draw(arrivals(world)), CROWDED)
    say(store, world)
    first = looked_at(store, CROWDED)
    see(store, seen)

    pages = data.draw(arrivals(world))
    half = data.draw(st.integers(0, len(pages)))
    afresh(store, pages[:half], CROWDED)
    looked_at(store, CROWDED, margin=data.draw(st.sampled_from([0, 3000])))
    arrive(store, pages[half:], CROWDED)
    say(store, world)

    assert looked_at(store, CROWDED) == first
    _is_true(store)


def answers_win(store: Store, data: Any, seen: Counter[str]) -> None:
    """What people said holds after whatever arrives, a pass, and a rebuild under other rules."""
    world = data.draw(worlds(joins=False, leaves=True))
    pages = data.draw(arrivals(world))
    afresh(store, pages, CROWDED)
    say(store, world)
    batch.run(store, CROWDED)
    _obeyed(store, world, seen)

    arrive(store, data.draw(arrivals(world)), CROWDED)
    batch.run(store, CROWDED, everything=True)
    _obeyed(store, world, seen)

    rebuild.rebuild(store, lambda name: Rules(name, blocked=BLOCKED), CROWDED)
    _obeyed(store, world, seen)
    see(store, seen)
    with store.read() as tx:
        assert check.check(tx, lambda name: Rules(name, blocked=BLOCKED)) == []


def one_of_each_shop(store: Store, data: Any, seen: Counter[str]) -> None:
    """Under `never` no two customers of a connection are together, but those whom it merged itself."""
    world = data.draw(worlds(leaves=True))
    afresh(store, data.draw(arrivals(world)), NEVER)
    if not world.joined:  # a source's word is followed at once, with all that hangs on both
        _apart(store, world)
    looked_at(store, NEVER, everything=data.draw(st.booleans()))
    _apart(store, world)
    see(store, seen)
    _is_true(store)


def facts_stay(store: Store, data: Any, seen: Counter[str]) -> None:
    """A pass, a merge and taking it back move no fact; the merge leaves no trace in who is who."""
    world = data.draw(worlds(leaves=True))
    afresh(store, data.draw(arrivals(world)), CROWDED)
    _owners(store, owners := facts_of(store))
    batch.run(store, CROWDED)
    _owners(store, owners)
    seen["facts"] += sum(map(len, owners))
    before = partition(store)
    if done := merged(store, data):
        _owners(store, owners)
        with store.write() as tx:
            undo.revert(tx, done, STAFF)
        assert partition(store) == before
        seen["taken back"] += 1
    batch.run(store, CROWDED, everything=True)
    _owners(store, owners)
    assert partition(store) == before
    see(store, seen)
    _is_true(store)


def changes_are_enough(store: Store, data: Any, seen: Counter[str]) -> None:
    """A pass over what changed is worth one over everybody, whatever people did in between."""
    world = data.draw(worlds(leaves=True))
    pages = data.draw(arrivals(world))
    half = data.draw(st.integers(0, len(pages)))
    afresh(store, pages[:half], CROWDED)
    batch.run(store, CROWDED)
    for _ in range(data.draw(st.integers(0, 3))):
        act(store, data, seen)
    arrive(store, pages[half:], CROWDED)

    some = looked_at(store, CROWDED)

    assert looked_at(store, CROWDED, everything=True) == some
    see(store, seen)
    _is_true(store)


LAWS: tuple[Law, ...] = (
    no_trace_of_arrival,
    answers_win,
    one_of_each_shop,
    facts_stay,
    changes_are_enough,
)


def hold(law: Law, store: Store, examples: int, **how: Any) -> Counter[str]:
    """Put a law to the test; what was met on the way."""
    seen: Counter[str] = Counter()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), **how)
    @given(st.data())
    def holds(data: Any) -> None:
        law(store, data, seen)

    holds()
    return seen


def facts_of(store: Store) -> list[Any]:
    """Every fact, with whose it is."""
    with store.read() as tx:
        return facts(tx)


def _owners(store: Store, owners: list[Any]) -> None:
    assert facts_of(store) == owners


def _obeyed(store: Store, world: World, seen: Counter[str]) -> None:
    groups = partition(store)
    for one, other, verdict in world.answers:
        together = any(one in each and other in each for each in groups)
        assert together == (verdict == "same"), (one, other, verdict)
        seen[f"said {verdict}"] += 1


def _apart(store: Store, world: World) -> None:
    for group in partition(store):
        free = [key for key in group if key not in world.joined and key not in world.gone]
        assert len({name for name, _ in free}) == len(free), group


def _is_true(store: Store) -> None:
    with store.read() as tx:
        assert check.check(tx, Rules) == []
        at = columns(CustomerRow)
        alive = {row[0] for row in tx.all(sa.select(at.profile_id))}
        assert {profiles.resolve(tx, each) for each in given_out(tx)} <= alive
