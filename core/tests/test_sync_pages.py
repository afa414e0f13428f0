"""One stream, page after page: cursors, quarantine, guards, and what an operator may ask for."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel
from tokui.connector import Page, Stream
from tokui.errors import FatalError
from tokui.model import Customer, Gone, Location, Product
from tokui.store import cursors, quarantine
from tokui.store.tables import ChangeRow, CustomerRow, LocationRow, columns
from tokui.sync.stream import Options
from tokui_contracts.scripted import EVERYTHING, POISON, Scripted, page, script, scripts, told

PLACES = Stream("places", (Location,), incremental=False)


def people(*keys):
    return page(*(Customer(external_id=str(key)) for key in keys))


def places(*keys):
    return page(*(Location(external_id=key, name=key) for key in keys))


def cursor(store, owner="shop", stream="everything"):
    with store.read() as tx:
        return cursors.get(tx, owner, stream)


def keys(store, table=CustomerRow):
    at = columns(table)
    with store.read() as tx:
        query = sa.select(at.external_id).where(at.gone_at.is_(None)).order_by(at.external_id)
        return [key for (key,) in tx.all(query)]


def refused(store):
    with store.read() as tx:
        return quarantine.find(tx)


def everything(store):
    with store.read() as tx:
        return {
            name: sorted(map(str, tx.all(sa.select(table))))
            for name, table in SQLModel.metadata.tables.items()
        }


def poison(*numbers):
    return [{**POISON, "number": number} for number in numbers]


def test_a_run_goes_on_behind_the_last_committed_page(store):
    told(store, script("shop", people(1), people(2)))

    report = told(store, script("shop", people(1), people(2), people(3)))

    assert (report.total.read, cursor(store)) == (1, {"done": 3})
    assert keys(store) == ["1", "2", "3"]


def commits(store):
    at = columns(ChangeRow).at
    with store.read() as tx:
        return len(tx.all(sa.select(at).distinct()))


@pytest.mark.parametrize(("together", "number"), [(1, 3), (2, 2), (1000, 1)])
def test_small_pages_are_committed_together(store, together, number):
    pages = [people(1), people(2), people(3)]

    report = told(store, script("shop", *pages), options=Options(together=together))

    assert (commits(store), report.total.pages, report.total.read) == (number, 3, 3)
    assert (keys(store), cursor(store)) == (["1", "2", "3"], {"done": 3})


def test_what_is_gone_on_one_page_may_come_back_on_the_next(store):
    gone = page(Gone(external_id="1", kind="customer"))

    told(store, script("shop", people(1, 2), gone, people(1)))

    assert (keys(store), commits(store)) == (["1", "2"], 3)


def test_pages_that_wait_are_saved_when_the_source_breaks_off(store):
    def tell(ask, ctx):
        yield Page(people(1), {"at": 1})
        yield Page(people(2), {"at": 2})
        raise FatalError("broken off")

    told(store, script("shop", tell=tell))

    assert (keys(store), cursor(store)) == (["1", "2"], {"at": 2})


def test_a_page_without_items_moves_the_cursor(store):
    told(store, script("shop", []))

    assert cursor(store) == {"done": 1}


def test_an_item_that_cannot_be_read_is_kept_once_and_its_tries_counted(store):
    told(store, script("shop", [*people(1), *poison(7)], poison(7), [*poison(7), *poison(7)]))

    (kept,) = refused(store)
    assert (kept.item, kept.attempts) == (poison(7)[0], 3)
    assert kept.reason
    assert keys(store) == ["1"]


def test_an_item_with_any_garbage_in_it_can_be_kept(store):
    garbage = [
        {"a": "\ud800"},
        {"a": "\0"},
        {"a": 1e308 * 10},
        {"a": 10**400},
        {"a": {1: 2, "b": 3}},
    ]
    deep = []
    for _ in range(5_000):
        deep = [deep]

    report = told(store, script("shop", [*garbage, {"a": deep}, *people(1)]))

    assert report.total.quarantined == len(refused(store)) == 6
    assert keys(store) == ["1"]


def test_one_poison_item_on_a_quiet_shop_does_not_stop_its_stream(store):
    report = told(store, script("shop", poison(1), people(1)))

    assert keys(store) == ["1"]
    assert (report.exit_code, cursor(store)) == (5, {"done": 2})


def test_a_flood_of_poison_stops_the_stream_and_keeps_its_cursor(store):
    flood = [*poison(*range(21)), *people(*range(79))]

    report = told(store, script("shop", people(1), flood, people(2)))

    error = report.connections[0].errors["everything"]
    assert isinstance(error, FatalError)
    assert "21 of a page's 100 items" in str(error)
    assert (keys(store), refused(store), cursor(store)) == (["1"], [], {"done": 1})


@pytest.mark.parametrize(("bad", "good"), [(19, 0), (20, 80), (20, 100)])
def test_less_than_a_flood_does_not_stop_the_stream(store, bad, good):
    told(store, script("shop", [*poison(*range(bad)), *people(*range(good))]))

    assert (len(refused(store)), len(keys(store))) == (bad, good)


def test_a_flood_is_let_in_when_the_operator_says_so(store):
    told(store, script("shop", poison(*range(50))), options=Options(accept_quarantine=True))

    assert (len(refused(store)), cursor(store)) == (50, {"done": 1})


def test_the_same_page_again_and_again_stops_the_stream(store):
    def tell(ask, ctx):
        while True:
            yield Page(people(1), {"at": "a"})

    report = told(store, script("shop", tell=tell))

    assert isinstance(report.connections[0].errors["everything"], FatalError)
    assert report.total.pages == 3


def test_two_pages_in_turn_stop_the_stream_as_well(store):
    def tell(ask, ctx):
        while True:
            yield Page(people(1), {"at": "a"})
            yield Page(people(2), {"at": "b"})

    report = told(store, script("shop", tell=tell))

    assert report.total.pages == 6


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ([{"id": "1"}], "pull gave list where a page is due. Let it yield Page(items, cursor)."),
        (Page([], {"at": datetime.now(UTC)}), "a cursor holds what is not JSON. Put strings"),
    ],
)
def test_an_author_is_told_what_pull_should_give(store, odd, said):
    report = told(store, script("shop", tell=lambda ask, ctx: [odd]))

    assert str(report.connections[0].errors["everything"]).startswith(f"shop: {said}")


@pytest.mark.parametrize("debug", ["1", ""])
def test_an_author_who_debugs_sees_where_it_broke(store, monkeypatch, capsys, debug):
    def tell(ask, ctx):
        raise KeyError("佐藤")
        yield

    monkeypatch.setenv("TOKUI_DEBUG", debug)
    report = told(store, script("shop", tell=tell))

    assert "佐藤" not in str(report.connections[0].errors["everything"])
    assert ("KeyError: '佐藤'" in capsys.readouterr().err) == bool(debug)


def test_full_reads_from_the_beginning(store):
    told(store, script("shop", people(1), people(2)))

    report = told(store, script("shop", people(1), people(2)), options=Options(full=True))

    assert (report.total.read, report.total.unchanged) == (2, 2)


def test_a_backfill_leaves_the_live_cursor(store):
    told(store, script("shop", people(1), people(2)))
    since = datetime(2026, 1, 1, tzinfo=UTC)

    report = told(store, script("shop", people(1)), options=Options(since=since))

    assert (report.total.read, cursor(store)) == (1, {"done": 2})


def test_since_begins_a_stream_that_has_no_cursor(store):
    since = datetime(2026, 1, 1, tzinfo=UTC)
    asked = []

    def tell(ask, ctx):
        asked.append(ask)
        yield Page(people(1), {"at": "a"})

    told(store, script("shop", tell=tell), options=Options(since=since))

    assert (asked[0].since, asked[0].cursor, cursor(store)) == (since, None, {"at": "a"})


def test_a_limit_stops_within_a_page_and_the_cursor_is_not_ahead(store):
    pages = [people(1, 2), people(3, 4)]

    told(store, script("shop", *pages), options=Options(limit=3))
    assert (keys(store), cursor(store)) == (["1", "2", "3"], {"done": 1})

    told(store, script("shop", *pages))
    assert (keys(store), cursor(store)) == (["1", "2", "3", "4"], {"done": 2})


def test_a_dry_run_counts_and_writes_nothing_at_all(store):
    told(store, script("shop", people(1), poison(1)))
    before = everything(store)
    pages = [[], [], people(1, 2), poison(2), page(Gone(external_id="1", kind="customer"))]

    report = told(store, script("shop", *pages), options=Options(dry_run=True))

    assert (report.total.stored, report.total.quarantined, report.total.gone) == (1, 1, 1)
    assert everything(store) == before


def test_what_a_complete_read_lacks_is_gone(store):
    told(store, script("shop", places("Ginza", "Ueno"), stream=PLACES))

    report = told(store, script("shop", places("Ueno"), stream=PLACES))

    assert (keys(store, LocationRow), report.total.gone) == (["Ueno"], 1)


def test_thousands_can_be_gone_at_once(store):
    names = [f"stand {n}" for n in range(3000)]
    told(store, script("shop", places("Ueno", *names), stream=PLACES))

    report = told(store, script("shop", places("Ueno"), stream=PLACES))

    assert (keys(store, LocationRow), report.total.gone) == (["Ueno"], 3000)


def test_what_another_connection_has_is_not_gone(store):
    told(store, script("shop", places("Ginza"), stream=PLACES))

    told(store, script("till", places("Ueno"), stream=PLACES))

    assert keys(store, LocationRow) == ["Ginza", "Ueno"]


@pytest.mark.parametrize(
    "options", [Options(limit=1), Options(since=datetime(2026, 1, 1, tzinfo=UTC))]
)
def test_what_a_partial_read_lacks_is_not_gone(store, options):
    told(store, script("shop", places("Ginza", "Ueno", "Aoyama"), stream=PLACES))

    told(store, script("shop", places("Ueno"), places("Ginza"), stream=PLACES), options=options)

    assert keys(store, LocationRow) == ["Aoyama", "Ginza", "Ueno"]


def test_what_an_interrupted_read_lacks_is_not_gone(store):
    told(store, script("shop", places("Ginza", "Ueno"), stream=PLACES))

    def tell(ask, ctx):
        yield Page(places("Ueno"), {})
        raise FatalError("broken off")

    told(store, script("shop", stream=PLACES, tell=tell))

    assert keys(store, LocationRow) == ["Ginza", "Ueno"]


def test_what_came_but_could_not_be_read_is_not_gone(store):
    told(store, script("shop", places("Ginza", "Ueno"), stream=PLACES))

    told(store, script("shop", [*places("Ueno"), *poison(1)], stream=PLACES))

    assert keys(store, LocationRow) == ["Ginza", "Ueno"]


def test_a_record_that_the_stream_does_not_declare_goes_to_quarantine(store):
    odd = page(Product(external_id="P", title="帯"))

    report = told(store, script("shop", odd, stream=PLACES))

    assert "does not declare" in refused(store)[0].reason
    assert report.total.quarantined == 1


def test_one_record_where_several_are_due_is_said(store, monkeypatch):
    made = script("shop", places("Ginza"), stream=PLACES)
    monkeypatch.setattr(Scripted, "parse", lambda *_: Location(external_id="1", name="Ginza"))

    told(store, made)

    [kept] = refused(store)
    assert kept.reason.startswith("parse gave tuple where a record is due. Let it yield records")


def test_one_failing_stream_does_not_stop_the_next(store):
    def fails(ask, ctx):
        raise FatalError("gone wrong")
        yield

    def works(ask, ctx):
        yield Page(people(1), {})

    report = told(store, scripts("shop", (PLACES, fails), (EVERYTHING, works)))

    assert list(report.connections[0].errors) == ["places"]
    assert (keys(store), report.exit_code) == (["1"], 5)
