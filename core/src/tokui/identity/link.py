"""
The writer of customers: rows, identifiers and links, in the page's transaction.

Every step is one query or one `executemany` for the whole page. What happens in between is decided
by pure functions: the fate of a record, the judgement of a pair.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa

from tokui.identity.arrival import Arrival, earlier, newest, with_withheld
from tokui.identity.features import NONE
from tokui.identity.names import search_keys
from tokui.identity.people import Neighbours
from tokui.identity.person import Person
from tokui.identity.place import Placement
from tokui.identity.questions import questions
from tokui.identity.rules import Rules
from tokui.identity.weigh import Policy, Scales, Votes
from tokui.model import Customer, Gone, Joined
from tokui.store import answers, decisions, dirty, reviews, shared
from tokui.store.answers import Answer, pair
from tokui.store.counts import Counts
from tokui.store.decisions import Decided
from tokui.store.engine import Row, Transaction
from tokui.store.entry import Entry, Stored, entry, fate, newer, renewed
from tokui.store.feed import Changes
from tokui.store.tables import AliasRow, CustomerRow, IdentifierRow, MatchKeyRow, SearchRow, columns

CUSTOMER, ALIAS = columns(CustomerRow), columns(AliasRow)

THE_SOURCE = Decided("merge", answers.SOURCE, None, None, ["the source merged them"])


class Linker:
    """
    Writes customers of one connection.

    Attributes:
        counts: What became of them.
        fresh: Ids of the customers that were not known before.
    """

    def __init__(
        self,
        tx: Transaction,
        rules: Rules,
        policy: Policy,
        changes: Changes,
        votes: Votes | None = None,
    ) -> None:
        self.tx = tx
        self.rules = rules
        self.changes = changes
        self.counts = Counts()
        self.fresh: set[int] = set()
        self.around = Neighbours(tx, policy)
        customers = tx.allocated("profile")
        around = self.around
        self.scales = Scales(policy, customers, around.shared, around.answers, votes)
        self.placement = Placement(self.around, self.scales)
        self._stored: dict[str, Stored] = {}
        self._known: dict[str, tuple[int, int]] = {}
        self._renewed: list[Entry] = []

    def keep(self, entries: Sequence[Entry], named: Collection[str]) -> None:
        """Write customers, and stubs for those that are only `named` by facts."""
        last = newest(entries)
        self._find({*last, *named})
        arrivals = [*self._changed(last), *self._stubs(set(named) - last.keys())]
        if arrivals:
            people = self._place(arrivals)
            self._write(arrivals, people)
            self._finish()
        rows = [(each.version, each.text, self._known[each.key][0]) for each in self._renewed]
        self.tx.update(CustomerRow, ("version", "record"), rows)

    def people(self) -> Mapping[str, tuple[int, int]]:
        """Customer id and profile id by external id, of all that were kept or named."""
        return self._known

    def join(self, joined: Sequence[Joined]) -> None:
        """Follow the source's own word that two of its customers are one."""
        for each in joined:
            old, new = self._known[each.external_id], self._known[each.into]
            keep, drop = self.placement.current(new[1]), self.placement.current(old[1])
            self.around.load_members({keep, drop})
            apart = self.scales.answered_apart(*(self.around.profiles[e] for e in (keep, drop)))
            if self.around.people[old[0]].gone and (apart or keep == drop):
                continue  # said before
            if not apart:
                self._follow(keep, drop, THE_SOURCE._replace(between=(old[0], new[0])))
            self._retire(old[0], each, each.into)
            self._forget([old[0]])
            reviews.drop_about(self.tx, [old[0]])
        self._finish()

    def bury(self, gone: Sequence[Gone]) -> None:
        """Mark customers as gone: they keep their facts and their place, and are found no more."""
        self._find([each.external_id for each in gone])
        buried = {}
        for each in gone:
            stored = self._stored.get(each.external_id)
            if stored and stored.gone_at is None and not newer(stored, each.version_us):
                buried[each.external_id] = each
        self.around.load_members({self._known[key][1] for key in buried})
        for key, each in buried.items():
            self._retire(self._known[key][0], each)
        self._forget(self._known[key][0] for key in buried)
        reviews.drop_about(self.tx, [self._known[key][0] for key in buried])
        self.counts.gone += len(buried)
        self._finish()

    # --- deciding ------------------------------------------------------------------------------

    def _find(self, keys: Collection[str]) -> None:
        for key, (stored, profile_id) in earlier(self.tx, self.rules.connection, keys):
            self._stored[key] = stored
            self._known[key] = (stored.id, profile_id)

    def _changed(self, last: Mapping[str, Entry]) -> Iterator[Arrival]:
        for key, each in last.items():
            stored = self._stored.get(key)
            outcome = "stored" if stored is None else fate(stored, each)
            self.counts.count(outcome)
            if outcome == "stored":
                yield Arrival(each, stored)
            elif stored and outcome == "unchanged" and renewed(stored, each):
                self._renewed.append(each)

    def _stubs(self, named: Collection[str]) -> Iterator[Arrival]:
        for key in sorted(named - self._stored.keys()):
            unlike_any = entry(Customer(external_id=key))._replace(hash=0)
            yield Arrival(unlike_any, None, stub=True)

    def _place(self, arrivals: Sequence[Arrival]) -> list[Person]:
        self.around.load_members({self._known[a.entry.key][1] for a in arrivals if a.stored})
        fresh = sum(arrival.stored is None for arrival in arrivals)
        ids, profiles = self.tx.allocate("row", fresh), self.tx.allocate("profile", fresh)
        people = [self._person(arrival, ids) for arrival in arrivals]
        self.around.meet(people)
        for person in people:
            self.placement.place(person, profiles.__next__)
        return people

    def _person(self, arrival: Arrival, ids: Iterator[int]) -> Person:
        if arrival.stored is None:
            person = Person(next(ids), self.rules.connection, arrival.entry.key)
            self.fresh.add(person.id)
        else:
            person = self.around.people[arrival.stored.id]
            if arrival.customer.withheld:
                whole = entry(with_withheld(self.tx, arrival.customer, person.id))
                arrival.entry = whole._replace(hash=arrival.entry.hash)  # of what the source says
            person.gone = False
        person.features = NONE if arrival.stub else self.rules.features(arrival.customer)
        return person

    # --- writing -------------------------------------------------------------------------------

    def _write(self, arrivals: Sequence[Arrival], people: Sequence[Person]) -> None:
        rows, tokens, keys, names = [], [], [], []
        self._forget(
            person.id for each, person in zip(arrivals, people, strict=True) if each.stored
        )
        for arrival, person in zip(arrivals, people, strict=True):
            row_id, profile_id, known = person.id, person.profile_id or 0, person.features
            self._known[arrival.entry.key] = (row_id, profile_id)
            self.changes.add(profile_id, "customer")
            rows.append(self._row(arrival, person, profile_id))
            borne, reading = self.around.tokens(person).items(), known.reading
            tokens += [(token, row_id, worth, reading) for token, worth in borne]
            keys += [(key, row_id) for key in self.around.keys(person)]
            names += [(name, row_id) for name in search_keys(arrival.customer, known)]
        self.tx.upsert(CustomerRow, rows)
        self._mark(people)
        self.tx.upsert(IdentifierRow, tokens)
        self.tx.upsert(MatchKeyRow, keys)
        self.tx.upsert(SearchRow, names)
        shared.mark(self.tx, self.around.crowded)

    def _mark(self, people: Sequence[Person]) -> None:
        """The next pass looks at whoever can be compared."""
        unknown = {each.id for each in people if each.features is NONE}
        dirty.mark(self.tx, [each.id for each in people if each.id not in unknown])
        dirty.settle(self.tx, unknown - self.fresh)

    def _row(self, arrival: Arrival, person: Person, profile_id: int) -> Row:
        each, features = arrival.entry, person.features
        head = (person.id, person.connection, each.key, each.version, each.hash, each.text, None)
        known = None if features is NONE else features.to_json()
        return (*head, profile_id, arrival.stub, None, known)

    def _forget(self, customer_ids: Iterable[int]) -> None:
        """Delete all that customers are found by, whichever rules it was written under."""
        ids = list(customer_ids)
        for table in (IdentifierRow, MatchKeyRow, SearchRow):
            self.tx.delete(table, "customer_id", ids)

    def _retire(self, customer_id: int, word: Gone | Joined, into: str | None = None) -> None:
        person = self.around.people[customer_id]
        person.gone = True
        retired = sa.update(CustomerRow).where(CUSTOMER.id == customer_id)
        version = sa.func.coalesce(word.version_us, CUSTOMER.version)
        self.tx.connection.execute(
            retired.values(gone_at=self.tx.now_us, joined_into=into, version=version)
        )
        dirty.mark(self.tx, [customer_id])
        if person.profile_id is not None:
            self.changes.add(person.profile_id, "customer")

    def _follow(self, keep: int, drop: int, word: Decided) -> None:
        if keep != drop:
            self.placement.merge(keep, drop, word)
        else:
            word = word._replace(kind="must_link", profile_id=keep)
            self.placement.decisions.append(word)

    def _finish(self) -> None:
        """Write merges, decisions and open questions, and keep what the source said."""
        done, self.placement = self.placement, Placement(self.around, self.scales)
        dirty.mark_profiles(self.tx, done.merged)
        for drop in done.merged:
            self._move(drop, done.current(drop))
        numbered = zip(decisions.append(self.tx, done.decisions), done.decisions, strict=True)
        self._keep_word(numbered)
        reviews.put(self.tx, questions(done.doubts, self.around.profiles))
        homes = {done.current(home) for home in done.joined}
        members = {each.id: home for home in homes for each in self.around.profiles[home]}
        reviews.drop_settled(self.tx, members)
        self.counts.linked += done.linked
        if done.merged:
            self._known = {k: (row, done.current(of)) for k, (row, of) in self._known.items()}
            self.changes.move(done.merged, done.current)

    def _keep_word(self, numbered: Iterable[tuple[int, Decided]]) -> None:
        said = [
            Answer(pair(*each.between), "same", answers.SOURCE, number)
            for number, each in numbered
            if each.actor == answers.SOURCE and each.between
        ]
        answers.put(self.tx, said)

    def _move(self, drop: int, keep: int) -> None:
        execute = self.tx.connection.execute
        moved = sa.update(CustomerRow).where(CUSTOMER.profile_id == drop)
        execute(moved.values(profile_id=keep))
        execute(sa.update(AliasRow).where(ALIAS.into_id == drop).values(into_id=keep))
        self.tx.upsert(AliasRow, [(drop, keep)])
