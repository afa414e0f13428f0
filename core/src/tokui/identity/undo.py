"""
Merging, parting and taking back, by people's word.

Each begins as a plan, which a preview shows; the same plan is applied. No fact moves, as facts hang
on customers. What a person says is kept as answers, which hold whatever rules say later.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product

from tokui.errors import ConfigError, PolicyRefusal, StoreError
from tokui.identity.amend import STAFF, Done, Given, Plan, apply, named
from tokui.identity.labels import labels
from tokui.identity.past import Past
from tokui.model import microseconds
from tokui.store import decisions, profiles
from tokui.store.answers import Answer, Pair, Verdict, pair
from tokui.store.decisions import Decision
from tokui.store.engine import Transaction

FIND = "run `tokui customer find`"


def merge(tx: Transaction, one: int, other: int, actor: str) -> Done:
    """Let two profiles be one person, whatever rules say; the older id stays."""
    return apply(tx, plan_merge(tx, one, other), actor)


def extract(tx: Transaction, customers: Collection[int], actor: str) -> Done:
    """Let some customers of a profile be another person than the rest."""
    return apply(tx, plan_extract(tx, customers), actor)


def revert(tx: Transaction, decision_id: int, actor: str) -> Done:
    """Take a decision back: everybody goes where they would be if it had never been made."""
    return apply(tx, plan_revert(tx, decision_id), actor)


def answer(tx: Transaction, both: Pair, verdict: Verdict, actor: str) -> Done:
    """Keep what a person says of two customers; `same` merges their profiles."""
    return apply(tx, plan_answer(tx, both, verdict), actor)


def plan_merge(tx: Transaction, one: int, other: int, between: Pair | None = None) -> Plan:
    """
    What `merge` would do.

    All customers of the one are said to be the same as all of the other, so that no rule parts them
    again; or two of them, `between` whom it was asked, and rules look at the others in that light.

    Raises:
        ConfigError: There is no such profile, or both are one already.
    """
    (keep, ours), (drop, theirs) = sorted(_spokesman(tx, profile) for profile in (one, other))
    if keep == drop:
        raise ConfigError(f"both are profile {keep} already")
    past, edge = Past.of(tx, profiles=(keep, drop)), between or pair(ours, theirs)
    label = {each: keep if profile == drop else profile for each, profile in past.now.items()}
    across = _across(past.members(keep), past.members(drop))
    lifted = past.standing("different", across)
    said = _said("same", [between] if between else across)
    return replace(past.plan(label), said=said, lifted=lifted, between=edge)


def plan_extract(tx: Transaction, customers: Collection[int]) -> Plan:
    """
    What `extract` would do: they get the id that they had before, if it is free, else a new one.

    Raises:
        ConfigError: They are not of one profile, or nobody would be left there.
    """
    leaving = set(customers)
    past = Past.of(tx, leaving)
    homes = {past.now.get(each) for each in leaving}
    (home,) = homes if len(homes) == 1 else (None,)
    rest = past.members(home) - leaving if home else set()
    if home is None or not rest:
        raise ConfigError("take some of the customers of one profile, not all of them")
    groups = [group - leaving for group in past.groups()] + [leaving]
    staying = {each: profile for each, profile in past.now.items() if each not in leaving}
    label = labels(groups, staying, past.now, past.held)
    across = _across(leaving, rest)
    return replace(
        past.plan(label),
        said=_said("different", across),
        lifted=past.standing("same", across),
        meanwhile=past.meanwhile(tx, leaving | rest, label, _met(past, leaving, rest)),
    )


def plan_answer(tx: Transaction, both: Pair, verdict: Verdict) -> Plan:
    """
    What `answer` would do. `different` is said of all customers of the one with all of the other.

    Raises:
        ConfigError: There are no such customers, they are one, or those who shall differ are of one
            profile.
    """
    if both[0] == both[1]:
        raise ConfigError("that is one customer", todo="name two")
    past = Past.of(tx, both)
    if not past.now.keys() >= set(both):
        raise ConfigError("there are no such customers", todo=FIND)
    left, right = (past.now[each] for each in both)
    if left != right and verdict == "same":
        return plan_merge(tx, left, right, both)
    if left != right:
        across = _across(past.members(left), past.members(right))
        lifted = past.standing("same", across)
        said = _said("different", across)
        return Plan("cannot_link", left, said=said, lifted=lifted, between=both)
    if verdict == "different":
        raise ConfigError(
            "they are of one profile", todo="part them first, by `tokui customer split`"
        )
    return Plan("must_link", left, said=((both, "same"),), between=both)


def plan_revert(tx: Transaction, decision_id: int) -> Plan:
    """
    What `revert` would do.

    Its answers are lifted, and those that it had lifted hold again. Whoever is parted by it is
    different by a person's word from now on; whoever is joined by taking back what a rule parted is
    the same.

    Raises:
        ConfigError: There is no such decision, it moved nobody, or it is taken back already.
        PolicyRefusal: People who are different by somebody's later word would be together.
    """
    decision = _decision(tx, decision_id)
    ends = {move.customer_id for move in decision.moves} | set(decision.between or ())
    home = [] if decision.profile_id is None else [decision.profile_id]
    past = Past.of(tx, ends, home)
    if by := past.history.taken_back().get(decision_id):
        raise ConfigError(f"decision {decision_id} is taken back already, by decision {by}")
    if not past.agrees():
        raise StoreError("the log and the links disagree", todo="run `tokui identity check`")
    groups = past.history.partition(without=decision_id)
    label = labels(groups, past.history.states[decision_id], past.now, past.held)
    return _answered(past, decision, label, tx)


def _answered(past: Past, decision: Decision, label: Mapping[int, int], tx: Transaction) -> Plan:
    """The plan of a revert, with the answers that go with it."""
    parted, joined = set(_turned(past.now, label)), set(_turned(label, past.now))
    given = named(decision.evidence, "restored")
    lifted = [
        each for each in past.answers.values() if each.decision_id == decision.id or each in given
    ]
    lifted += [each for each in past.standing("same", parted) if each not in lifted]
    if apart := set(past.standing("different", joined)) - set(lifted):
        first = min(each.decision_id for each in apart)
        raise PolicyRefusal(
            f"decision {decision.id} cannot be taken back: people who are different by a later "
            f"answer, decision {first}, would be together",
            todo=f"take that back first, by `tokui customer unmerge {first}`",
        )
    gone = named(decision.evidence, "lifted")
    restored = tuple(each for each in gone if _holds(each, label))
    said = _said("different", sorted(parted))
    if not decision.actor.startswith(STAFF):
        said += _said("same", sorted(joined))
    kept = {each.pair for each in restored}
    plan = past.plan(label)
    moved = {move.customer_id for move in plan.moves}
    touched = moved | {each for both in parted for each in both}
    return replace(
        plan,
        profile_id=decision.profile_id if plan.profile_id is None else plan.profile_id,
        said=tuple(each for each in said if each[0] not in kept),
        restored=restored,
        lifted=tuple(lifted),
        meanwhile=past.meanwhile(tx, touched, label, microseconds(decision.at)) if parted else (),
        reverts=decision.id,
    )


def _decision(tx: Transaction, decision_id: int) -> Decision:
    decision = decisions.one(tx, decision_id)
    if decision is None:
        raise ConfigError(
            f"there is no decision {decision_id}",
            todo="run `tokui customer history PROFILE`, which lists them",
        )
    if decision.kind == "mark_shared":
        raise ConfigError(f"decision {decision_id} is about a value, and moved nobody")
    return decision


def _spokesman(tx: Transaction, profile_id: int) -> tuple[int, int]:
    """The profile that the id means now, and the customer of it who is known best."""
    now = profiles.resolve(tx, profile_id)
    customer = profiles.first_customer(tx, now)
    if customer is None:
        raise ConfigError(f"there is no profile {profile_id}", todo=FIND)
    return now, customer


def _met(past: Past, ours: Collection[int], theirs: Collection[int]) -> int:
    """Since when any of the one are together with any of the other; microseconds since 1970."""
    state, together, met = dict(past.base), False, 0
    for each in past.component.log:
        state.update((move.customer_id, move.to_id) for move in each.moves)
        homes = {state[one] for one in ours} - {None}
        before, together = together, any(state[one] in homes for one in theirs)
        if together and not before:
            met = microseconds(each.at)
    return met


def _holds(restored: Answer, label: Mapping[int, int]) -> bool:
    """Does an answer of old agree with where its two customers will be?"""
    left, right = restored.pair
    together = label.get(left) == label.get(right)
    return left in label and right in label and together == (restored.verdict == "same")


def _said(verdict: Verdict, pairs: Iterable[Pair]) -> tuple[Given, ...]:
    return tuple((both, verdict) for both in pairs)


def _across(ours: Iterable[int], theirs: Iterable[int]) -> list[Pair]:
    return sorted(pair(one, other) for one, other in product(ours, theirs))


def _turned(together: Mapping[int, int], apart: Mapping[int, int]) -> Iterator[Pair]:
    """Pairs that are in one profile by the first, and in two by the second."""
    groups: dict[int, list[int]] = {}
    for customer in sorted(together):
        groups.setdefault(together[customer], []).append(customer)
    for group in groups.values():
        if len({apart[each] for each in group}) > 1:
            yield from (both for both in combinations(group, 2) if apart[both[0]] != apart[both[1]])
