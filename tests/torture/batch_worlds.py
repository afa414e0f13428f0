"""Small worlds for the batch pass: people with names, who arrive in any order, and answers."""

import sqlalchemy as sa
from hypothesis import strategies as st
from link_worlds import APART, CONNECTIONS
from tokui.identity import batch
from tokui.identity.weigh import Policy
from tokui.model import Customer, Identifier, PartialDate, PersonName
from tokui.store import answers, decisions, dirty
from tokui.store import lease as leases
from tokui.store.answers import Answer
from tokui.store.decisions import Decided
from tokui.store.engine import Store
from tokui.store.tables import CustomerRow, columns
from tokui.sync.batch import parse
from tokui.sync.commit import Ledger
from tokui_contracts.context import context
from tokui_contracts.scripted import EVERYTHING, Scripted, page
from tokui_contracts.stores import empty

STAFF = "staff:Mori"
NAMES = [
    PersonName(family="小鳥遊", given="芽久", family_kana="タカナシ", given_kana="メグ"),
    PersonName(family="小鳥遊", given="芽久"),
    PersonName(family="小鳥遊", given="健介", family_kana="タカナシ", given_kana="ケンスケ"),
    PersonName(family_kana="タカナシ", given_kana="メグ"),
    PersonName(family="佐藤", given="健介"),
    PersonName(display="めぐ"),
]
VALUES = {
    "email": ["megu@example.jp", "family@example.jp", "ken@example.jp"],
    "phone": ["090-1111-2222", "03-3333-4444"],
    "card": ["2900123456783", "2900123456790"],
}
DAYS = ["1985-04-12", "1985-04-13", "1990-11-02"]


def _one_of(values):
    return st.none() | st.sampled_from(values)


@st.composite
def people(draw, version=1):
    found = {kind: draw(_one_of(values)) for kind, values in VALUES.items()}
    day = draw(_one_of(DAYS))
    return Customer(
        external_id=draw(st.sampled_from("123")),
        source_version=version,
        name=draw(_one_of(NAMES)),
        identifiers=tuple(Identifier(kind=k, value=v) for k, v in found.items() if v),
        birthday=PartialDate.parse(day) if day else None,
    )


@st.composite
def worlds(draw):
    """The last word of each customer, by (connection, key), with what was said of it before."""
    keys = [(name, key) for name in CONNECTIONS for key in "123"]
    chosen = draw(st.lists(st.sampled_from(keys), min_size=2, max_size=8, unique=True))
    return {
        (name, key): [
            draw(people(version)).model_copy(update={"external_id": key})
            for version in range(1, 1 + draw(st.integers(1, 2)))
        ]
        for name, key in chosen
    }


@st.composite
def orders(draw, world):
    """A way to arrive: pages of some connection, with repeats and old versions in between."""
    records = [(key[0], record) for key, said in world.items() for record in said]
    last = [(key[0], said[-1]) for key, said in world.items()]
    repeated = draw(st.lists(st.sampled_from(last), max_size=3))
    return [(name, [each]) for name, each in [*draw(st.permutations(records)), *repeated]]


@st.composite
def verdicts(draw, world):
    """One answer on two customers, or none."""
    keys = draw(st.permutations(sorted(world)))
    return draw(_one_of([(keys[0], keys[1], verdict) for verdict in ("same", "different")]))


def arrive(store: Store, pages, policy: Policy = APART) -> None:
    """Commit pages, one after the other."""
    for name in sorted({name for name, _ in pages}):
        leases.release(store, leases.acquire(store, name))
    ledgers = {
        name: Ledger(store, name, leases.acquire(store, name), None, policy=policy)
        for name in {name for name, _ in pages}
    }
    for name, records in pages:
        read = parse(Scripted(name, context(name), ()), EVERYTHING, page(*records))
        ledgers[name].commit(EVERYTHING, read, None)
    for each in ledgers.values():
        assert each.lease
        leases.release(store, each.lease)


def afresh(store: Store, pages, policy: Policy = APART) -> None:
    """The same into an empty ledger."""
    empty(store)
    arrive(store, pages, policy)


def answer(store: Store, one, other, verdict) -> None:
    """Keep an answer, whatever the profiles are now."""
    ids = row_ids(store)
    both = answers.pair(ids[one], ids[other])
    kind = "must_link" if verdict == "same" else "cannot_link"
    with store.write() as tx:
        (number,) = decisions.append(tx, [Decided(kind, STAFF, None, None, between=both)])
        answers.put(tx, [Answer(both, verdict, STAFF, number)])
        dirty.mark(tx, both)


def looked_at(store: Store, policy: Policy = APART, **how):
    """Run a pass; who is with whom after it."""
    batch.run(store, policy, **how)
    return partition(store)


def partition(store: Store):
    """The profiles as sets of (connection, external id)."""
    at = columns(CustomerRow)
    found = {}
    with store.read() as tx:
        for name, key, profile in tx.all(sa.select(at.connection, at.external_id, at.profile_id)):
            found.setdefault(profile, set()).add((name, key))
    return sorted(map(sorted, found.values()))


def row_ids(store: Store):
    """Customer ids by (connection, external id)."""
    at = columns(CustomerRow)
    with store.read() as tx:
        return {
            (name, key): row_id
            for row_id, name, key in tx.all(sa.select(at.id, at.connection, at.external_id))
        }
