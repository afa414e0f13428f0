"""Pages in a transaction: records, links, changes, quarantine, cursor, figures."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tokui.connector import Cursor, Stream
from tokui.failpoint import failpoint
from tokui.hooks import Known, Vote
from tokui.identity.link import Linker
from tokui.identity.match import Judgement
from tokui.identity.people import Neighbours
from tokui.identity.person import Person
from tokui.identity.rules import Rules
from tokui.identity.weigh import DEFAULT, Policy, Scales, Votes, voted
from tokui.model import Customer, Gone, Record
from tokui.outreach.record import keep_consents, keep_suppressions
from tokui.store import cursors, deliveries, quarantine, runs
from tokui.store.counts import Counts
from tokui.store.engine import Store, Transaction
from tokui.store.feed import Changes
from tokui.store.lease import Lease
from tokui.store.profiles import customers_of
from tokui.store.records import KINDS, TABLES, absent, bury, keep
from tokui.sync.batch import Batch

AskMatch = Callable[[Known, Known], Sequence[Vote]]
"""Puts a pair to the `tokui_match` hooks; an error comes back as a vote to ask."""

RulesOf = Callable[[Stream], Rules]
"""How customers of a connection's stream are seen by matching."""

_BY_NAME = {record.kind_name: kind for record, kind in KINDS.items()}


@dataclass(slots=True)
class Ledger:
    """
    The store as one connection's run sees it.

    Attributes:
        lease: The right to commit; None in a dry run.
        run_id: Where the run's figures go; None in a dry run.
        rules: What its identifiers are worth; None takes the streams' word.
        policy: How much evidence links.
        counts: Stream → figures so far, of the whole run.
    """

    store: Store
    connection: str
    lease: Lease | None
    run_id: int | None
    ask_match: AskMatch | None = None
    rules: RulesOf | None = None
    policy: Policy = DEFAULT
    counts: dict[str, Counts] = field(default_factory=dict)

    @property
    def dry_run(self) -> bool:
        """Plan, and write nothing."""
        return self.lease is None

    def commit(
        self,
        stream: Stream,
        batch: Batch,
        cursor: Cursor | None,
        *,
        replayed: Sequence[int] = (),
    ) -> None:
        """
        Write a page, or several, and the cursor that is true then; `cursor` None leaves the stored one.

        Items in quarantine that the page was made of, and that are understood now, are `replayed`
        and leave it.

        Raises:
            LockedError: The lease is lost; nothing was written.
        """
        rules = self._rules(stream)
        votes = self._votes(rules, batch)
        failpoint("sync.begin")
        with self.store.write(durable=False, dry_run=self.dry_run) as tx:
            if self.lease:
                self.lease.check(tx)
            counts = write_batch(tx, rules, batch, self.policy, votes)
            failpoint("sync.written")
            quarantine.put(tx, self.connection, stream.name, batch.refused)
            quarantine.drop(tx, replayed)
            if cursor is not None:
                cursors.put(tx, self.connection, stream.name, cursor)
            total = self._count(tx, stream, replace(counts, pages=batch.pages, read=batch.read))
            failpoint("sync.commit")
        self.counts[stream.name] = total
        failpoint("sync.committed")

    def bury_absent(
        self, stream: Stream, kinds: Iterable[type[Record]], seen: Collection[tuple[str, str]]
    ) -> None:
        """After a complete read: what it did not show of these kinds is gone."""
        with self.store.write(durable=False, dry_run=self.dry_run) as tx:
            if self.lease:
                self.lease.check(tx)
            names = [kind.kind_name for kind in kinds if kind.kind_name in TABLES]
            gone = [each for name in names for each in absent(tx, self.connection, name, seen)]
            counts = write_batch(tx, self._rules(stream), Batch(gone=gone), self.policy)
            total = self._count(tx, stream, counts)
        self.counts[stream.name] = total

    def _rules(self, stream: Stream) -> Rules:
        if self.rules:
            return self.rules(stream)
        return Rules(self.connection, {rule.kind: rule for rule in stream.identifiers})

    def _votes(self, rules: Rules, batch: Batch) -> Votes | None:
        """Ask the hooks about whom the page's customers may be, on a snapshot before the commit."""
        if self.ask_match is None or not (rules.link and batch.customers):
            return None
        said: dict[frozenset[tuple[str, str]], set[str]] = {}
        with self.store.read() as tx:
            for left, right in _pairs(tx, rules, batch, self.policy):
                both = frozenset(
                    (known.connection, known.customer.external_id) for known in (left, right)
                )
                if len(both) == 2 and both not in said:
                    said[both] = {vote.verdict for vote in self.ask_match(left, right)}

        def heard(one: Person, other: Person, judgement: Judgement) -> Judgement:
            if judgement.score < self.policy.review:
                return judgement
            verdicts = said.get(
                frozenset((one.key, other.key)), {"ask"}
            )  # not asked about: it waits
            return voted(judgement, verdicts, self.policy)

        return heard

    def _count(self, tx: Transaction, stream: Stream, counts: Counts) -> Counts:
        """Write the run's figures; they count from the commit on."""
        total = replace(self.counts.get(stream.name) or Counts())
        total.add(counts)
        if self.run_id is not None:
            so_far = {**self.counts, stream.name: total}
            runs.count(tx, self.run_id, {name: each.as_dict() for name, each in so_far.items()})
        return total


def write_batch(
    tx: Transaction,
    rules: Rules,
    batch: Batch,
    policy: Policy = DEFAULT,
    votes: Votes | None = None,
) -> Counts:
    """Write a batch's records: customers first, then the facts that hang on them."""
    changes = Changes()
    linker = Linker(tx, rules, policy, changes, votes)
    linker.keep(batch.customers, batch.named())
    linker.join(batch.joined)
    failpoint("sync.customers")
    counts = Counts(quarantined=len(batch.refused))
    people, fresh = linker.people(), linker.fresh
    arrived = linker.around.arrived
    counts.add(keep_consents(tx, rules, batch.consents, people, arrived, fresh, changes))
    if batch.suppressions:
        counts.add(keep_suppressions(tx, rules, batch.suppressions, changes))
    if batch.deliveries:
        counts.add(deliveries.report(tx, rules.connection, batch.deliveries, changes))
    for kind, entries in batch.others.items():
        counts.add(keep(tx, rules.connection, KINDS[kind], entries, people, changes))
    by_kind: dict[str, list[Gone]] = {}
    for each in batch.gone:
        by_kind.setdefault(each.kind, []).append(each)
    linker.bury(by_kind.pop(Customer.kind_name, []))
    for name, gone in by_kind.items():
        counts.add(bury(tx, rules.connection, _BY_NAME[name], gone, changes))
    counts.add(linker.counts)
    changes.write(tx)
    return counts


def _pairs(
    tx: Transaction, rules: Rules, batch: Batch, policy: Policy
) -> Iterator[tuple[Known, Known]]:
    """The page's customers, each with everybody they may be."""
    around = Neighbours(tx, policy)
    scales = Scales(policy, tx.allocated("profile"), around.shared)
    records = {-n: _customer(each.record) for n, each in enumerate(batch.customers, 1)}
    people = [
        Person(n, rules.connection, each.external_id, features=rules.features(each))
        for n, each in records.items()
    ]
    around.meet(people)
    near = [
        (one, other)
        for one in people
        for other in around.near(one)
        if scales.weigh(one, other).score >= policy.review
    ]
    records |= customers_of(tx, {other.id for _, other in near if other.id > 0})
    for pair in near:
        left, right = (Known(each.connection, records[each.id]) for each in pair)
        yield left, right


def _customer(record: object) -> Customer:
    assert isinstance(record, Customer)  # noqa: S101 - narrows the type
    return record
