"""All that a plan is made from: who is where, what was decided and answered, what was written."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tokui.identity.amend import Meanwhile, Plan
from tokui.identity.history import Group, History, State, beginning
from tokui.identity.labels import heirs
from tokui.model import moment
from tokui.store import answers, component, decisions, facts
from tokui.store.answers import Answer, Pair, Verdict
from tokui.store.component import Component
from tokui.store.decisions import Move
from tokui.store.engine import Transaction


@dataclass(frozen=True)
class Past:
    """
    A component with its history.

    Attributes:
        base: Where each customer was before anything was decided.
        answers: In force on its customers.
        held: Customer → every profile id that it ever had.
    """

    component: Component
    base: State
    answers: Mapping[Pair, Answer]
    held: Mapping[int, Collection[int]]

    @classmethod
    def of(
        cls, tx: Transaction, customers: Iterable[int] = (), profiles: Iterable[int] = ()
    ) -> "Past":
        """Read the component of these customers and profiles."""
        found = component.around(tx, customers, profiles)
        said = {each.pair: each for each in answers.touching(tx, found.now.keys())}
        return cls(found, beginning(found.now, found.log), said, _held(found))

    @cached_property
    def history(self) -> History:
        """What was decided, and what it meant; read when it is asked for, as it takes a while."""
        return History.of(self.now, self.component.log)

    @property
    def now(self) -> Mapping[int, int]:
        """Customer → profile."""
        return self.component.now

    def members(self, profile_id: int) -> Group:
        """The profile's customers."""
        return {customer for customer, profile in self.now.items() if profile == profile_id}

    def groups(self) -> list[Group]:
        """Who is together now."""
        found = defaultdict(set)
        for customer, profile in self.now.items():
            found[profile].add(customer)
        return list(found.values())

    def agrees(self) -> bool:
        """Are customers where, and with whom, the log says?"""
        replayed = sorted(map(sorted, self.history.partition()))
        return self.history.end == self.now and replayed == sorted(map(sorted, self.groups()))

    def standing(self, verdict: Verdict, pairs: Iterable[Pair]) -> tuple[Answer, ...]:
        """What is answered so on these pairs."""
        found = (self.answers.get(each) for each in pairs)
        return tuple(each for each in found if each and each.verdict == verdict)

    def plan(self, label: Mapping[int, int]) -> Plan:
        """What has to be moved so that everybody is where `label` says."""
        moves = tuple(
            Move(customer, profile, label[customer])
            for customer, profile in sorted(self.now.items())
            if label[customer] != profile
        )
        means = self._meanings(label)
        old = self.component.aliases
        left = {self.now[move.customer_id] for move in moves}
        parted = left & set(label.values())
        return Plan(
            kind="split" if parted else "merge",
            profile_id=min(parted or {move.to_id for move in moves}, default=None),
            moves=moves,
            aliases={
                name: into for name, into in means.items() if into not in (name, old.get(name))
            },
            revived=tuple(name for name in old if means[name] == name),
        )

    def _meanings(self, label: Mapping[int, int]) -> dict[int, int]:
        names = {*decisions.names(self.component.log), *self.component.aliases}
        names |= {*self.now.values(), *label.values()}
        means = heirs(names, label, self.base, self.held)
        for name, into in self.component.aliases.items():
            means.setdefault(name, means.get(into, into))
        return means

    def meanwhile(
        self, tx: Transaction, customers: Collection[int], label: Mapping[int, int], since_us: int
    ) -> tuple[Meanwhile, ...]:
        """What was written on these customers since then, by the profile they will be on."""
        homes = {each: label[each] for each in customers}
        return tuple(
            Meanwhile(
                each.profile_id,
                each.kind,
                each.span.number,
                moment(each.span.first_us),
                moment(each.span.last_us),
            )
            for each in facts.since(tx, homes, since_us)
        )


def _held(found: Component) -> dict[int, set[int]]:
    held = {customer: {profile} for customer, profile in found.now.items()}
    for each in found.log:
        for move in each.moves:
            held[move.customer_id].add(move.to_id)
            if move.from_id is not None:
                held[move.customer_id].add(move.from_id)
    return held
