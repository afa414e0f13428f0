"""Households: people who live together. They have members, roles and dates, and merge nobody."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tokui.errors import ConfigError
from tokui.model import microseconds, moment
from tokui.store.engine import Transaction, among
from tokui.store.feed import Changes
from tokui.store.tables import CustomerRow, HouseholdMemberRow, HouseholdRow, columns

AT, CUSTOMER = columns(HouseholdMemberRow), columns(CustomerRow)

CHUNK = 2_000
RULE = "rule"
MEMBER = "member"
"""The role of whom nobody gave another one."""


class Member(NamedTuple):
    """
    A person of a household.

    Attributes:
        role: `spouse`, `child`, …, or `member`.
        since: When it began; None where nobody knows.
        until: When it ended; None while it lasts.
        actor: `rule` or `staff:NAME`.
    """

    profile_id: int
    role: str
    since: datetime | None
    until: datetime | None
    actor: str


class Household(NamedTuple):
    """A household, whoever belongs to it now first."""

    id: int
    members: Sequence[Member]


def create(tx: Transaction) -> int:
    """Found a household; its number."""
    (number,) = tx.allocate("row", 1)
    tx.upsert(HouseholdRow, [(number, tx.now_us)])
    return number


def add(
    tx: Transaction,
    household_id: int,
    customer_id: int,
    actor: str,
    role: str = MEMBER,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Let a customer belong to a household by somebody's word, which no rule changes."""
    dates = (each and microseconds(each) for each in (since, until))
    tx.upsert(HouseholdMemberRow, [(household_id, customer_id, role, *dates, actor)])
    _tell(tx, [customer_id])


def remove(
    tx: Transaction, household_id: int, customer_id: int, actor: str, until: datetime | None = None
) -> None:
    """
    Let a customer belong to a household no more, by somebody's word, which no rule changes.

    Raises:
        ConfigError: It would end before it began.
    """
    ended = microseconds(until) if until else tx.now_us
    query = sa.select(AT.role, AT.since).where(
        AT.household_id == household_id, AT.customer_id == customer_id
    )
    role, since = tx.connection.execute(query).first() or (MEMBER, None)
    if until and since is not None and ended < since:
        raise ConfigError("it would end before it began", todo="give a later --until")
    tx.upsert(HouseholdMemberRow, [(household_id, customer_id, role, since, ended, actor)])
    _tell(tx, [customer_id])


def of_profile(tx: Transaction, profile_id: int) -> list[Household]:
    """The households that a person belongs, or belonged, to."""
    mine = sa.select(CUSTOMER.id).where(CUSTOMER.profile_id == profile_id)
    numbers = sa.select(AT.household_id).where(AT.customer_id.in_(mine))
    query = (
        sa.select(AT.household_id, CUSTOMER.profile_id, AT.role, AT.since, AT.until, AT.actor)
        .join_from(HouseholdMemberRow, CustomerRow, CUSTOMER.id == AT.customer_id)
        .where(AT.household_id.in_(numbers))
        .order_by(AT.household_id, CUSTOMER.profile_id, AT.customer_id)
    )
    found: dict[int, dict[int, Member]] = defaultdict(dict)
    for number, *row in tx.all(query):
        member = _member(*row)
        known = found[number].get(member.profile_id)
        found[number][member.profile_id] = _stronger(known, member) if known else member
    return [Household(number, _in_order(members)) for number, members in found.items()]


def spans(tx: Transaction) -> list[tuple[int, int]]:
    """The customers' ids in ranges of bounded length: the first and the last of each."""
    last = tx.connection.execute(sa.select(sa.func.max(CUSTOMER.id))).scalar() or 0
    return [(first, first + CHUNK - 1) for first in range(1, last + 1, CHUNK)]


def residents(tx: Transaction, first: int, last: int) -> Sequence[Any]:
    """The customers of a range that their source still has: id, profile, features as JSON."""
    query = sa.select(CUSTOMER.id, CUSTOMER.profile_id, CUSTOMER.features).order_by(CUSTOMER.id)
    living = query.where(CUSTOMER.gone_at.is_(None), CUSTOMER.features.is_not(None))
    return tx.all(living.where(CUSTOMER.id.between(first, last)))


def living(tx: Transaction) -> Iterator[tuple[int, int]]:
    """The customers that their source still has: id, profile."""
    yield from tx.stream(
        sa.select(CUSTOMER.id, CUSTOMER.profile_id).where(CUSTOMER.gone_at.is_(None))
    )


def settle(tx: Transaction, groups: Iterable[Collection[int]]) -> int:
    """
    Let the rule's memberships be these groups of customers; what people said stays.

    A household keeps its number with most of its members. Whoever is found no more belonged until
    now.

    Returns:
        How many memberships changed.
    """
    rows = {(row[0], row[1]): row[2:] for row in tx.all(sa.select(*AT))}
    wanted = dict.fromkeys(_numbered(tx, groups, rows))
    fresh = [
        (*key, MEMBER, None, None, RULE)
        for key in wanted
        if key not in rows or (rows[key][3] == RULE and rows[key][2] is not None)
    ]
    ended = [
        (*key, role, since, tx.now_us, RULE)
        for key, (role, since, until, actor) in rows.items()
        if actor == RULE and until is None and key not in wanted
    ]
    tx.upsert(HouseholdMemberRow, fresh + ended)
    _tell(tx, [row[1] for row in fresh + ended])
    return len(fresh) + len(ended)


def _numbered(
    tx: Transaction, groups: Iterable[Collection[int]], rows: Mapping[tuple[int, int], Any]
) -> list[tuple[int, int]]:
    """Household and customer of each membership; a new household gets a new number."""
    many = list(groups)
    chosen = _kept(many, rows)
    homeless = [n for n in range(len(many)) if n not in chosen]
    new = list(tx.allocate("row", len(homeless)))
    tx.upsert(HouseholdRow, [(number, tx.now_us) for number in new])
    chosen.update(zip(homeless, new, strict=True))
    return [(number, each) for n, number in chosen.items() for each in sorted(many[n])]


def _kept(groups: Sequence[Collection[int]], rows: Mapping[tuple[int, int], Any]) -> dict[int, int]:
    """Group → the number that it keeps: most of those who belong to it still are there, or ever did."""
    homes: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for (number, customer), (_, _, until, _) in rows.items():
        homes[customer].append((number, until is None))
    claims = []
    for n, group in enumerate(groups):
        mine = [home for each in group for home in homes.get(each, ())]
        ever = Counter(number for number, _ in mine)
        still = Counter(number for number, lasts in mine if lasts)
        claims += [(-still[number], -ever[number], number, n) for number in ever]
    chosen: dict[int, int] = {}
    taken = set()
    for *_, number, n in sorted(claims):
        if n not in chosen and number not in taken:
            chosen[n] = number
            taken.add(number)
    return chosen


def _member(profile_id: int, role: str, since: int | None, until: int | None, actor: str) -> Member:
    began, ended = (None if at is None else moment(at) for at in (since, until))
    return Member(profile_id, role, began, ended, actor)


def _stronger(one: Member, other: Member) -> Member:
    """Of two of one person: somebody's word, else what lasts."""
    return min(one, other, key=lambda each: (each.actor == RULE, each.until is not None))


def _in_order(members: dict[int, Member]) -> list[Member]:
    return sorted(members.values(), key=lambda each: (each.until is not None, each.profile_id))


def _tell(tx: Transaction, customers: Collection[int]) -> None:
    changes = Changes()
    query = sa.select(CUSTOMER.profile_id).where(among(CUSTOMER.id, tx.dialect)).distinct()
    for (profile_id,) in tx.among(query, customers) if customers else ():
        changes.add(profile_id, "household")
    changes.write(tx)
