"""The contract cannot be thinned out in silence, and its engine keeps the core's rules."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import new_class

import pytest
from tokui.connector import Item, Page, Pull, Source, Stream
from tokui.errors import FatalError
from tokui.model import Customer, Record
from tokui_contracts import ChannelContract, LedgerContract, ReceiverContract, SourceContract
from tokui_contracts.suite.engine import Run, Store, sync

CHECK = "test_resume_after_every_page"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
CARD = Customer(external_id="c1", source_version=2)


def empty() -> Callable[[object], None]:
    def check(self: object) -> None:
        """Checks nothing."""

    return check


def keeps_less(**changes: object) -> None:
    new_class("Less", (SourceContract,), exec_body=lambda body: body.update(changes))


@pytest.mark.parametrize("instead", [None, empty(), pytest.mark.skip(empty())])
def test_a_check_cannot_be_overridden_deleted_or_skipped(instead: object) -> None:
    with pytest.raises(TypeError, match=CHECK):
        keeps_less(**{CHECK: instead})


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_xfail_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(TypeError, match=CHECK):
        keeps_less(**{CHECK: pytest.mark.xfail(reason=reason)(empty())})


def test_a_check_may_be_expected_to_fail_for_a_reason() -> None:
    keeps_less(**{CHECK: pytest.mark.xfail(reason="its API has no order")(empty())})


def test_a_check_cannot_be_hidden_by_a_mixin() -> None:
    mixin = type("Mixin", (), {CHECK: empty()})

    with pytest.raises(TypeError, match=CHECK):
        new_class("Less", (mixin, SourceContract))


@pytest.mark.parametrize("off", [{"__test__": False}, {"pytestmark": pytest.mark.skip}])
def test_the_class_cannot_be_switched_off(off: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="switches its checks off"):
        keeps_less(**off)


def test_every_group_of_checks_has_a_file_of_mutants() -> None:
    contracts = (SourceContract, ChannelContract, ReceiverContract, LedgerContract)
    bases = {base.__name__ for contract in contracts for base in contract.__bases__}
    groups = [name.removesuffix("Checks").lower() for name in bases if name.endswith("Checks")]
    files = [Path(__file__).with_name(f"test_suite_{group}_mutants.py") for group in groups]

    assert len(groups) == 11
    assert all(file.exists() for file in files)


def test_an_older_record_never_overwrites_a_newer() -> None:
    store = Store()

    changed = [store.put(CARD), store.put(CARD.model_copy(update={"source_version": 1}))]

    assert changed == [True, False]
    assert store.rows == {("customer", "c1"): CARD}


class Loops(Source):
    """Gives one page again and again."""

    def streams(self) -> Sequence[Stream]:
        return [Stream("cards", (Customer,))]

    def pull(self, ask: Pull) -> Iterator[Page]:
        while True:
            yield Page([{"id": "c1"}], {"after": "c1"})

    def parse(self, stream: str, item: Item) -> Iterator[Record]:
        yield Customer(external_id=item["id"])
        raise ValueError("a bad second half")

    def fetch(self, stream: str, ids: Sequence[str]) -> Iterator[Item]:
        raise NotImplementedError


def test_the_engine_stops_at_a_page_that_comes_again_and_again() -> None:
    with pytest.raises(FatalError, match="same page"):
        sync(Loops(), Pull("cards", None, NOW), Store())


def test_an_item_is_stored_whole_or_not_at_all() -> None:
    store = Store()

    run = sync(Loops(), Pull("cards", None, NOW), store, pages=1)

    assert isinstance(run, Run)
    assert len(run.quarantined) == 1
    assert not store.rows
    assert store.cursors == {"cards": {"after": "c1"}}
