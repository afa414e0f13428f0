"""`tokui identity review`: open questions, one key for each answer."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeAlias

import click
from pydantic import JsonValue
from rich.table import Table

from tokui.cli import evidence, people
from tokui.cli.amended import overruled
from tokui.cli.desk import Desk
from tokui.cli.meant import as_option, lang_option
from tokui.cli.output import emit, json_option, note, or_none, plain, say, table
from tokui.cli.words import Lang, word
from tokui.errors import TokuiError
from tokui.identity import undo
from tokui.identity.explain import odds
from tokui.identity.person import Person
from tokui.identity.settings import policy
from tokui.identity.weigh import Policy, Votes
from tokui.identity.weighing import Weighed, side_of, weigh
from tokui.model import Customer
from tokui.store import profiles, reviews
from tokui.store.answers import Pair, Verdict
from tokui.store.engine import Store, Transaction
from tokui.store.reviews import Review
from tokui.sync.compose import votes

ANSWERS: dict[str, Verdict] = {"s": "same", "d": "different"}

MOST = 1000
"""Questions to choose the next one from."""

Profiles: TypeAlias = frozenset[int]


class Weigher(NamedTuple):
    """How much is enough, and what the hooks say."""

    policy: Policy
    votes: Votes | None


class Case(NamedTuple):
    """
    A question, as it stands now.

    Attributes:
        records: What the sources say of each of the two.
        others: How else each of them is known: the rest of their profiles, by the name of each on the
            command line.
    """

    review: Review
    weighed: Weighed
    records: Sequence[Customer]
    others: Sequence[Mapping[str, Customer]]

    @property
    def profiles(self) -> Profiles:
        """The profiles of the two."""
        return frozenset(each.profile_id or 0 for each in (self.weighed.one, self.weighed.other))


@click.command(epilog="On a terminal, with --as, it asks: s same, d different, l later, q quit.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="Questions to list.")
@as_option(required=False)
@lang_option
@json_option
@click.pass_obj
def review(
    path: Path | None, limit: int, staff: str | None, lang: str | None, as_json: bool
) -> None:
    """Go through what only people can decide."""
    desk = Desk(path)
    hub, chosen, enough = desk.hub_for_reading(), people.language(lang), policy(desk.config)
    with desk.store() as store:
        weigher = Weigher(enough, votes(hub, store, enough))
        if staff and not as_json and sys.stdin.isatty() and sys.stdout.isatty():
            _ask(store, weigher, staff, chosen)
            return
        with store.read() as tx:
            cases = [*islice(_cases(tx, weigher, reviews.ranked(tx, MOST)), limit)]
            waiting = reviews.count(tx)
    data: list[JsonValue] = [_as_data(each, enough, chosen) for each in cases]
    shown = or_none(_listed(cases, chosen), word("none_open", chosen))
    emit("identity.review", {"open": waiting, "questions": data}, as_json, shown)
    if not as_json and cases:
        note(word("open", chosen).format(count=waiting))


def _ask(store: Store, weigher: Weigher, staff: str, lang: Lang) -> None:
    """One question after the other, as they stand after the answers before."""
    later: set[Profiles] = set()
    answered = 0
    while case := _next(store, weigher, later):
        say(_side_by_side(case, lang), widest=people.CARD_WIDTH)
        say(evidence.reasons(evidence.explained(case.weighed, weigher.policy, lang)))
        key = _key(lang)
        if key == "q":
            break
        if verdict := ANSWERS.get(key):
            answered += _answer(store, case.review.question.pair, verdict, staff, lang)
        later.add(case.profiles)
    else:
        note(word("none_left", lang))
    note(word("given", lang).format(count=answered))


def _next(store: Store, weigher: Weigher, later: set[Profiles]) -> Case | None:
    with store.read() as tx:
        ranked = reviews.ranked(tx, MOST)
        return next(_cases(tx, weigher, ranked, later), None)


def _key(lang: Lang) -> str:
    say(word("keys", lang))
    while (key := click.getchar().lower()) not in (*ANSWERS, "l", "q"):
        if key in ("\x03", "\x04", ""):
            return "q"
    return key


def _answer(store: Store, pair: Pair, verdict: Verdict, staff: str, lang: Lang) -> int:
    try:
        with store.write() as tx:
            done = undo.answer(tx, pair, verdict, staff)
    except TokuiError as error:  # the next question can be answered all the same
        note(f"error: {error}")
        return 0
    said = word("answered", lang).format(verdict=word(verdict, lang), number=done.decision_id)
    note("\n".join([said, *overruled(done.plan, lang), ""]))
    return 1


def _cases(
    tx: Transaction, weigher: Weigher, asked: Sequence[Review], besides: Iterable[Profiles] = ()
) -> Iterator[Case]:
    """The questions whose two customers are still there, and still apart: one of two profiles."""
    seen = {*besides}
    for each in asked:
        left, right = (side_of(tx, customer) for customer in each.question.pair)
        if left is None or right is None or left.profile_id == right.profile_id:
            continue
        both_profiles = frozenset((left.profile_id, right.profile_id))
        if both_profiles in seen:
            continue
        seen.add(both_profiles)
        weighed = weigh(tx, weigher.policy, left, right, weigher.votes)
        assert weighed  # noqa: S101 - two customers
        sides = [_side(tx, person) for person in (weighed.one, weighed.other)]
        yield Case(each, weighed, [record for record, _ in sides], [others for _, others in sides])


def _side(tx: Transaction, person: Person) -> tuple[Customer, Mapping[str, Customer]]:
    """What the source says, and the others of the profile."""
    members = profiles.members(tx, person.profile_id or 0)
    records = profiles.customers_of(tx, [row_id for row_id, _, _ in members])
    others = {
        f"{name}:{key}": records[row_id] for row_id, name, key in members if row_id != person.id
    }
    return records[person.id], others


def _side_by_side(case: Case, lang: Lang) -> Table:
    """Both records, line by line."""
    both = (case.weighed.one, case.weighed.other)
    rows = table("", *(plain(evidence.named(each)) for each in both))
    fields = [dict(_fields(record, lang)) for record in case.records]
    for name in dict.fromkeys([*fields[0], *fields[1]]):
        rows.add_row(name, *(plain(each.get(name, "–")) for each in fields))
    if any(case.others):
        rows.add_row(word("also", lang), *("\n".join(_known_as(each)) for each in case.others))
    return rows


def _known_as(others: Mapping[str, Customer]) -> Iterator[str]:
    for place, record in others.items():
        name = record.name and (str(record.name) or record.name.kana)
        yield plain(f"{place}  {name}" if name else place)


def _fields(record: Customer, lang: Lang) -> Iterator[tuple[str, str]]:
    if record.name:
        if written := str(record.name):
            yield word("field.name", lang), written
        if record.name.kana:
            yield word("reading", lang), record.name.kana
    if record.birthday:
        yield word("field.birthday", lang), str(record.birthday)
    kinds = dict.fromkeys(each.kind for each in record.identifiers)
    for kind in kinds:
        values = [each.value for each in record.identifiers if each.kind == kind]
        yield word(f"id.{kind}", lang), ", ".join(values)
    for address in record.addresses[:1]:
        parts = (address.postal_code, address.region, address.city, address.line1, address.line2)
        yield word("field.address", lang), " ".join(part for part in parts if part)


def _listed(cases: Sequence[Case], lang: Lang) -> Table:
    rows = table("A", "B", word("odds", lang), word("asked", lang), right=(word("odds", lang),))
    for each in cases:
        question, weighed = each.review.question, each.weighed
        both = zip((weighed.one, weighed.other), each.records, strict=True)
        ends = (next(_known_as({evidence.named(one): record})) for one, record in both)
        rows.add_row(
            *ends, odds(weighed.judgement.score, lang), word(f"reason.{question.reason}", lang)
        )
    return rows


def _as_data(case: Case, enough: Policy, lang: Lang) -> JsonValue:
    question, at = case.review
    return {
        **evidence.as_data(case.weighed, enough, lang),
        "reason": question.reason,
        "gain": question.gain,
        "asked_at": at.isoformat(),
        "sides": [
            {
                "record": _record_data(record),
                "others": {key: _record_data(e) for key, e in others.items()},
            }
            for record, others in zip(case.records, case.others, strict=True)
        ],
    }


def _record_data(record: Customer) -> JsonValue:
    return record.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
