"""Does all that is kept of who is who agree? Everything is computed again, in bounded memory."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tokui.identity.features import NONE
from tokui.identity.keys import match_keys
from tokui.identity.names import search_keys
from tokui.identity.rules import Rules
from tokui.model import Customer
from tokui.store import consistency, decisions, derived, reviews
from tokui.store.derived import Derived
from tokui.store.engine import Transaction

RulesOf = Callable[[str], Rules | None]
"""How a connection's customers are seen by matching; None where nobody knows any more."""

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Something that does not agree.

    Attributes:
        what: A clause about customers or profiles, without personal data.
        count: How many they are; 1000 stands for that many or more.
        examples: The ids of a few.
    """

    what: str
    count: int
    examples: tuple[int, ...]


def check(tx: Transaction, rules: RulesOf | None = None) -> list[Problem]:
    """
    All that does not agree, on one snapshot; empty when all is well.

    Args:
        tx: The snapshot.
        rules: By connection; None leaves out what depends on them.
    """
    found = {**_links(tx), **_answers(tx), **_reviews(tx)}
    problems = [Problem(what, len(ids), tuple(ids[:EXAMPLES])) for what, ids in found.items()]
    problems += _derived(tx, rules) if rules else ()
    return [each for each in problems if each.count]


def _links(tx: Transaction) -> dict[str, list[int]]:
    misplaced = [customer for customer, *_ in decisions.misplaced(tx, consistency.LIMIT)]
    return {
        "customers are elsewhere than the log says": misplaced,
        "profiles have customers whom no decision brought there": consistency.unexplained(tx),
        "old profile ids mean a profile without customers": consistency.dangling(tx),
        "profile ids in use mean another profile": consistency.ambiguous(tx),
        "profile ids of old mean no profile any more": consistency.lost(tx),
    }


def _answers(tx: Transaction) -> dict[str, list[int]]:
    broken = list(consistency.disobeyed(tx))
    return {
        "customers are apart from whom they are the same as by an answer": [
            both[0] for both, verdict in broken if verdict == "same"
        ],
        "customers are with whom they are different from by an answer": [
            both[0] for both, verdict in broken if verdict == "different"
        ],
    }


def _reviews(tx: Transaction) -> dict[str, list[int]]:
    pointless = reviews.pointless(tx, consistency.LIMIT)
    return {"customers are asked about without need": [both[0] for both in pointless]}


def _derived(tx: Transaction, rules: RulesOf) -> list[Problem]:
    """What is kept beside a record must be what its connection's rules make of it today."""
    figures: Counter[str] = Counter()
    first: dict[str, list[int]] = defaultdict(list)
    for each in derived.every(tx):
        ours = rules(each.connection)
        for what in _stale(each, ours) if ours else ():
            figures[what] += 1
            if len(first[what]) < EXAMPLES:
                first[what].append(each.id)
    return [Problem(what, count, tuple(first[what])) for what, count in figures.items()]


def made(each: Derived, rules: Rules) -> Derived:
    """What should be kept of a customer, under these rules."""
    customer = Customer.model_validate_json(each.record)
    features = rules.features(customer) if each.known else NONE
    tokens = ((token, worth, features.reading) for token, worth in features.tokens.items())
    return replace(
        each,
        features=None if features is NONE else features.to_json(),
        identifiers=frozenset(tokens if each.found else ()),
        keys=frozenset(match_keys(features) if each.found else ()),
        names=frozenset(search_keys(customer, features) if each.found else ()),
    )


def _stale(each: Derived, rules: Rules) -> Iterator[str]:
    fresh = made(each, rules)
    if each.features != fresh.features:
        yield "customers have features that are not those of their record"
    if each.identifiers != fresh.identifiers:
        yield "customers have identifiers that are not those of their record"
    if each.keys != fresh.keys:
        yield "customers have match keys that are not those of their record"
    if each.names != fresh.names:
        yield "customers are found by names that are not those of their record"
