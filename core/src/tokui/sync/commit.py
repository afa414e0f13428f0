"""One page, one transaction: records, links, changes, quarantine, cursor, figures."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from tokui.connector import Cursor, Stream
from tokui.failpoint import failpoint
from tokui.hooks import Known, Vote
from tokui.identity.link import Linker
from tokui.identity.match import Pair, pair, with_votes
from tokui.identity.people import Neighbours, Person
from tokui.identity.rules import Rules
from tokui.model import Customer, Gone, Record
from tokui.store import consents, cursors, quarantine, runs
from tokui.store.counts import Counts
from tokui.store.engine import Store, Transaction
from tokui.store.feed import Changes
from tokui.store.lease import Lease
from tokui.store.records import KINDS, TABLES, absent, bury, keep
from tokui.sync.batch import Batch

AskMatch = Callable[[Known, Known], Sequence[Vote]]
"""Puts a pair to the `tokui_match` hooks; an error comes back as a vote to ask."""

_BY_NAME = {record.kind_name: kind for record, kind in KINDS.items()}


@dataclass(slots=True)
class Ledger:
    """
    The store as one connection's run sees it.

    Attributes:
        lease: The right to commit; None in a dry run.
        run_id: Where the run's figures go; None in a dry run.
        link: Link its customers to others.
        counts: Stream → figures so far, of the whole run.
    """

    store: Store
    connection: str
    lease: Lease | None
    run_id: int | None
    ask_match: AskMatch | None = None
    link: bool = True
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
        Write a page and the cursor that is true with it; `cursor` None leaves the stored one.

        Items in quarantine that the page was made of, and that are understood now, are `replayed`
        and leave it.

        Raises:
            LockedError: The lease is lost; nothing was written.
        """
        rules = self._rules(stream, batch)
        failpoint("sync.begin")
        with self.store.write(durable=False, dry_run=self.dry_run) as tx:
            if self.lease:
                self.lease.check(tx)
            counts = write_batch(tx, rules, batch)
            failpoint("sync.written")
            quarantine.put(tx, self.connection, stream.name, batch.refused)
            quarantine.drop(tx, replayed)
            if cursor is not None:
                cursors.put(tx, self.connection, stream.name, cursor)
            total = self._count(tx, stream, replace(counts, pages=1, read=batch.read))
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
            counts = write_batch(tx, self._rules(stream, Batch()), Batch(gone=gone))
            total = self._count(tx, stream, counts)
        self.counts[stream.name] = total

    def _rules(self, stream: Stream, batch: Batch) -> Rules:
        identifiers = {rule.kind: rule for rule in stream.identifiers}
        rules = Rules(self.connection, identifiers, link=self.link)
        if self.ask_match is None or not (self.link and batch.customers):
            return rules
        votes: dict[Pair, Sequence[Vote]] = {}
        for left, right in self._pairs(rules, batch):
            both = pair(left, right)
            if len(both) == 2 and both not in votes:
                votes[both] = self.ask_match(left, right)
        return replace(rules, judge=with_votes(rules.judge, votes))

    def _pairs(self, rules: Rules, batch: Batch) -> list[tuple[Known, Known]]:
        """Whom the page's customers share an identifier with, on a snapshot before the commit."""
        with self.store.read() as tx:
            around = Neighbours(tx)
            people = [
                _newcomer(-n, rules, each.record) for n, each in enumerate(batch.customers, 1)
            ]
            around.load_bearers({token for person in people for token in person.tokens})
            for person in people:
                around.add(person)
            return [(one.known, other.known) for one in people for other, _ in around.shared(one)]

    def _count(self, tx: Transaction, stream: Stream, counts: Counts) -> Counts:
        """Write the run's figures; they count from the commit on."""
        total = replace(self.counts.get(stream.name) or Counts())
        total.add(counts)
        if self.run_id is not None:
            so_far = {**self.counts, stream.name: total}
            runs.count(tx, self.run_id, {name: each.as_dict() for name, each in so_far.items()})
        return total


def write_batch(tx: Transaction, rules: Rules, batch: Batch) -> Counts:
    """Write a batch's records: customers first, then the facts that hang on them."""
    changes = Changes()
    linker = Linker(tx, rules, changes)
    linker.keep(batch.customers, batch.named())
    linker.join(batch.joined)
    failpoint("sync.customers")
    counts = Counts(quarantined=len(batch.refused))
    people, fresh = linker.people(), linker.fresh
    counts.add(consents.append(tx, batch.consents, people, fresh, changes))
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


def _newcomer(number: int, rules: Rules, record: object) -> Person:
    assert isinstance(record, Customer)  # noqa: S101 - narrows the type
    return Person(number, None, Known(rules.connection, record), tokens=rules.tokens(record))
