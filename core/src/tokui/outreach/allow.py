"""
The core's own rules on whether a message may go out now. No plugin can switch them off.

They are asked when it is drafted, as advice, and again in the transaction in which the outbox takes it,
just before the call. A few statements, however many messages.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from tokui.config import CapSettings, OutreachSettings
from tokui.outreach.consent import Standing
from tokui.outreach.quiet import over_at
from tokui.outreach.standings import Asked, standings
from tokui.store import messages as kept
from tokui.store import profiles, suppressions
from tokui.store.engine import Transaction
from tokui.store.messages import Denied, Message
from tokui.store.reachable import living
from tokui.store.suppressions import Suppressed


class Answer(NamedTuple):
    """
    What one rule says of one message.

    Attributes:
        rule: As in `StepRow`.
        denied: None has nothing against it.
    """

    rule: str
    denied: Denied | None


@dataclass
class Facts:
    """
    What the rules look at, read once for many messages.

    Attributes:
        rules: `[outreach]` of tokui.toml.
        now: The present moment.
        sending: Asked just before the call, not as advice.
        profiles: The person of each customer.
        living: Contact points with the persons whose they are.
        suppressed: What is in force for each contact point.
        standings: How consent stands.
        sent: How many messages each person got, by purpose; counts on with what is allowed.
    """

    rules: OutreachSettings
    now: datetime
    sending: bool
    profiles: Mapping[int, int]
    living: set[tuple[str, int]]
    suppressed: Mapping[str, Sequence[Suppressed]]
    standings: Mapping[Asked, Standing]
    sent: dict[tuple[int, str], int]


def denied(
    tx: Transaction,
    rules: OutreachSettings,
    messages: Sequence[Message],
    now: datetime,
    *,
    sending: bool = True,
) -> dict[int, Denied]:
    """
    Which of these messages must not go out now, by id, and why.

    Those that may count towards the cap of those after them.

    Args:
        sending: They are about to be sent; False asks as advice, where approval is still to come.
    """
    facts = facts_of(tx, rules, messages, now, sending=sending)
    found = {}
    for message in messages:
        if said := strictest(answer.denied for answer in answers(facts, message)):
            found[message.id] = said
        else:
            facts.sent[_counted(facts, message)] = facts.sent.get(_counted(facts, message), 0) + 1
    return found


def answers(facts: Facts, message: Message) -> list[Answer]:
    """What each rule says, in their order; approval is asked for only when it is sent."""
    asked = RULES if facts.sending else {name: RULES[name] for name in RULES if name != "approval"}
    return [Answer(name, rule(facts, message)) for name, rule in asked.items()]


def strictest(said: Iterable[Denied | None]) -> Denied | None:
    """A refusal, the first of them; then what is held; then the latest `until`."""
    every = [each for each in said if each is not None]
    waits = {each.until: each for each in reversed(every) if each.until}
    refused = [each for each in every if not (each.until or each.held)]
    held = [each for each in every if each.held]
    return next(iter([*refused, *held]), waits[max(waits)] if waits else None)


def facts_of(
    tx: Transaction,
    rules: OutreachSettings,
    messages: Sequence[Message],
    now: datetime,
    *,
    sending: bool,
) -> Facts:
    """Read what the rules look at."""
    persons = profiles.numbers_of(tx, {each.customer_id for each in messages})
    points = {each.point for each in messages}
    asked = {_asked(persons, each) for each in messages if each.purpose != "transactional"}
    return Facts(
        rules,
        now,
        sending,
        persons,
        living(tx, points),
        suppressions.in_force(tx, points),
        standings(tx, asked),
        _sent(tx, rules, persons, messages, now),
    )


def _sent(
    tx: Transaction,
    rules: OutreachSettings,
    persons: Mapping[int, int],
    messages: Sequence[Message],
    now: datetime,
) -> dict[tuple[int, str], int]:
    """How many each person got of each purpose that has a cap; these messages themselves left out."""
    found: dict[tuple[int, str], int] = {}
    for purpose in {each.purpose for each in messages}:
        if (cap := _cap_of(rules, purpose)) is None:
            continue
        since = now - timedelta(days=cap.days)
        mine = [each for each in messages if each.purpose == purpose]
        whose = {persons[each.customer_id] for each in mine if each.customer_id in persons}
        for person, count in kept.sent_counts(tx, whose, purpose, since).items():
            found[person, purpose] = count
        for each in mine:
            if each.sent_at and each.sent_at >= since and each.customer_id in persons:
                own = (persons[each.customer_id], purpose)
                found[own] = found.get(own, 1) - 1
    return found


def _contact(facts: Facts, message: Message) -> Denied | None:
    if message.point.endswith(":"):
        return Denied("contact", "none")
    person = facts.profiles.get(message.customer_id)
    known = person is not None and (message.point, person) in facts.living
    return None if known else Denied("contact", "gone")


def _suppression(facts: Facts, message: Message) -> Denied | None:
    for each in facts.suppressed.get(message.point, ()):
        if each.concerns(message.connection, message.purpose):
            return Denied("suppression", each.reason)
    return None


def _consent(facts: Facts, message: Message) -> Denied | None:
    stands = facts.standings.get(_asked(facts.profiles, message))
    if stands is None or stands.allows(message.purpose):
        return None
    return Denied("consent", stands.reason)


def _approval(facts: Facts, message: Message) -> Denied | None:
    if message.approved_by or message.purpose in facts.rules.approve:
        return None
    return Denied("approval", "missing")


def _cap(facts: Facts, message: Message) -> Denied | None:
    cap = _cap_of(facts.rules, message.purpose)
    if cap is None or facts.sent.get(_counted(facts, message), 0) < cap.messages:
        return None
    return Denied("cap", "reached")


def _quiet(facts: Facts, message: Message) -> Denied | None:
    if message.purpose != "marketing":
        return None
    over = over_at(facts.now, facts.rules.quiet)
    return Denied("quiet", "hours", until=over) if over else None


RULES: Mapping[str, Callable[[Facts, Message], Denied | None]] = {
    "contact": _contact,
    "suppression": _suppression,
    "consent": _consent,
    "approval": _approval,
    "cap": _cap,
    "quiet": _quiet,
}
"""In the order in which they are told: of several refusals, the first is the message's."""


def _cap_of(rules: OutreachSettings, purpose: str) -> CapSettings | None:
    caps = {"marketing": rules.cap.marketing, "service": rules.cap.service}
    return caps.get(purpose)


def _counted(facts: Facts, message: Message) -> tuple[int, str]:
    return facts.profiles.get(message.customer_id, 0), message.purpose


def _asked(persons: Mapping[int, int], message: Message) -> Asked:
    person = persons.get(message.customer_id, 0)
    return Asked(person, message.point, message.purpose, message.topic)
