"""Eight processes at one offer, in two channels: its quotas hold, for each person and in all."""

from collections import Counter

import pytest
from children import CHILDREN
from offers_child import EACH, PROCESSES, ROUNDS, TOTAL, Rush, rush
from tokui.identity.rules import Rules
from tokui.model import Customer
from tokui.store import profiles
from tokui.store.books import Books
from tokui.store.entry import entry
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]


def people(store):
    """As many as there are processes."""
    named = [Customer(external_id=f"c{n}") for n in range(PROCESSES)]
    with store.write() as tx:
        write_batch(tx, Rules("shop", {}), Batch(customers=[entry(each) for each in named]))
        return tuple(profiles.place_of(tx, "shop", each.external_id)[1] for each in named)


def test_no_more_is_used_than_there_is(store, store_url):
    line, job = CHILDREN.Barrier(PROCESSES), Rush(store_url, people(store))
    ears, mouths = zip(*(CHILDREN.Pipe(duplex=False) for _ in range(PROCESSES)), strict=True)
    children = [
        CHILDREN.Process(target=rush, args=(job, place, line, mouth))
        for place, mouth in enumerate(mouths)
    ]
    for child in children:
        child.start()
    rounds = [[answer for ear in ears for answer in ear.recv()] for _ in range(ROUNDS)]
    for child in children:
        child.join()

    for number, answers in enumerate(rounds):
        used = Counter(who for who, granted in answers if granted)
        assert Books(store).sums(f"offer.round-{number}").spent == sum(used.values()) == TOTAL
        assert max(used.values()) <= EACH
    assert [child.exitcode for child in children] == [0] * PROCESSES
    assert Books(store).check() == []
