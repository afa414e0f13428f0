"""A whole run: connections side by side, of which none may stop another."""

import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from tokui.connector import Page
from tokui.errors import (
    AuthError,
    FatalError,
    LockedError,
    PluginError,
    RetryableError,
    StoreBusy,
    StoreFull,
    Unavailable,
)
from tokui.model import Customer
from tokui.store import cursors, driver, runs
from tokui.store.counts import Counts
from tokui.store.engine import Store
from tokui.store.tables import CustomerRow, columns
from tokui.sync import thread
from tokui.sync.report import ConnectionReport, RunReport
from tokui.sync.run import Halt, sync
from tokui.sync.stream import Options
from tokui.sync.worker import Plan
from tokui_contracts.scripted import page, script, told


def people(*keys):
    return page(*(Customer(external_id=str(key)) for key in keys))


def keys(store, connection="shop"):
    at = columns(CustomerRow)
    with store.read() as tx:
        query = sa.select(at.external_id).where(at.connection == connection)
        return [key for (key,) in tx.all(query.order_by(at.external_id))]


def last_run(store, connection="shop"):
    with store.read() as tx:
        return runs.history(tx, connection)[0]


def fails_with(error, *, first=()):
    def tell(ask, ctx):
        for number, items in enumerate(first, 1):
            yield Page(items, {"done": number})
        raise error

    return tell


def test_connections_are_read_side_by_side_into_one_store(store):
    report = told(store, script("shop", people(1, 2)), script("till", people(1)))

    assert (keys(store, "shop"), keys(store, "till")) == (["1", "2"], ["1"])
    assert (report.exit_code, report.total.stored) == (0, 3)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("bug"),
        RecursionError(),
        SystemExit(0),
        KeyboardInterrupt(),
        FatalError("format changed"),
        AuthError("token refused"),
        Unavailable("server down"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_connection_that_fails_stops_no_other(store, error):
    broken = script("broken", tell=fails_with(error, first=[people(1)]))

    report = told(store, broken, script("shop", people(1), people(2)))

    assert (keys(store, "shop"), keys(store, "broken")) == (["1", "2"], ["1"])
    assert [each.state for each in report.connections] == ["failed", "done"]
    assert report.exit_code == 5


def test_a_page_that_is_no_page_and_a_cursor_that_is_no_json_stop_no_other(store):
    def no_page(ask, ctx):
        yield "page"

    def no_cursor(ask, ctx):
        yield Page(people(1), {"at": datetime(2026, 1, 1, tzinfo=UTC)})

    report = told(
        store, script("a", tell=no_page), script("b", tell=no_cursor), script("shop", people(1))
    )

    assert [each.state for each in report.connections] == ["failed", "failed", "done"]


@pytest.mark.parametrize("error", [RuntimeError("bug"), SystemExit(0)])
def test_a_connector_that_cannot_be_constructed_stops_no_other(store, error):
    def open_(stop):
        raise error

    report = told(store, Plan("broken", open_), script("shop", people(1)))

    assert isinstance(report.connections[0].errors["*"], PluginError)
    assert keys(store) == ["1"]


def test_a_mapping_that_exits_the_process_stops_no_other(store, monkeypatch):
    def leave(self, stream, item):
        sys.exit(0)

    plan = script("broken", people(1))
    opened = plan.open

    def open_(stop):
        connector = opened(stop)
        connector.parse = leave.__get__(connector)
        return connector

    report = told(store, Plan("broken", open_), script("shop", people(1)))

    assert "SystemExit" in str(report.connections[0].errors["*"])
    assert keys(store) == ["1"]


def test_a_hung_connection_is_given_up_and_its_late_page_is_refused(store):
    go_on, ended = threading.Event(), threading.Event()

    def hangs(ask, ctx):
        try:
            yield Page(people(1), {"at": 1})
            go_on.wait()
            yield Page(people(2), {"at": 2})
        finally:
            ended.set()

    report = told(
        store, script("hung", tell=hangs), script("shop", people(1)), options=Options(stall_s=3)
    )
    go_on.set()
    assert ended.wait(30)

    assert [each.state for each in report.connections] == ["abandoned", "done"]
    assert "no page for 3 s" in str(report.connections[0].errors["*"])
    assert (keys(store, "hung"), keys(store, "shop")) == (["1"], ["1"])
    assert last_run(store, "hung").state == "abandoned"


def test_a_connection_that_was_given_up_can_be_read_again_at_once(store):
    go_on = threading.Event()

    def hangs(ask, ctx):
        go_on.wait()
        yield Page(people(2), {"done": 1})

    told(store, script("shop", tell=hangs), options=Options(stall_s=1))
    report = told(store, script("shop", people(1)))
    go_on.set()

    assert (report.exit_code, keys(store)) == (0, ["1"])


def test_two_syncs_of_one_connection_at_once_one_is_refused(store):
    entered, go_on = threading.Event(), threading.Event()

    def slow(ask, ctx):
        entered.set()
        go_on.wait()
        yield Page(people(1), {"done": 1})

    reports = []
    first = threading.Thread(target=lambda: reports.append(told(store, script("shop", tell=slow))))
    first.start()
    entered.wait()
    second = told(store, script("shop", people(9)))
    go_on.set()
    first.join()

    assert isinstance(second.connections[0].errors["*"], LockedError)
    assert (second.exit_code, reports[0].exit_code, keys(store)) == (9, 0, ["1"])


def test_a_run_whose_lease_was_taken_over_says_so_and_commits_no_more(store, store_url):
    later = Store.open(store_url, now=lambda: datetime.now(UTC) + timedelta(hours=1))

    def robbed(ask, ctx):
        yield Page(people(1), {"done": 1})
        told(later, script("shop", people(1), people(7)))
        yield Page(people(2), {"done": 2})

    report = told(store, script("shop", tell=robbed), options=Options(together=1))

    assert isinstance(report.connections[0].errors["everything"], LockedError)
    assert (report.exit_code, keys(store)) == (5, ["1", "7"])
    later.close()


def test_a_lease_lost_in_a_long_wait_ends_the_run_with_an_error(store, store_url, monkeypatch):
    monkeypatch.setattr(thread, "RENEW_S", 0.0)
    later = Store.open(store_url, now=lambda: datetime.now(UTC) + timedelta(hours=1))

    def robbed(ask, ctx):
        told(later, script("shop", people(7)))
        ctx.stop.wait(60, "429")
        yield Page(people(2), {"done": 2})

    report = told(store, script("shop", tell=robbed))

    assert isinstance(report.connections[0].errors["*"], LockedError)
    assert (report.exit_code, keys(store)) == (9, ["7"])
    later.close()


def test_a_run_that_is_halted_saves_its_page_and_says_130(store):
    halt = Halt()

    def tell(ask, ctx):
        yield Page(people(1), {"done": 1})
        halt.request()
        yield Page(people(2), {"done": 2})
        yield Page(people(3), {"done": 3})

    report = told(store, script("shop", tell=tell), halt=halt)

    assert (report.exit_code, report.connections[0].state) == (130, "stopped")
    assert keys(store) == ["1", "2"]
    assert last_run(store).state == "stopped"
    with store.read() as tx:
        assert cursors.get(tx, "shop", "everything") == {"done": 2}


def test_a_run_that_is_halted_before_it_starts_reads_nothing(store):
    halt = Halt()
    halt.request()

    report = told(store, script("shop", people(1)), halt=halt)

    assert (report.exit_code, keys(store)) == (130, [])


def test_a_wait_beyond_the_time_given_ends_the_run_with_its_pages_saved(store):
    def tell(ask, ctx):
        yield Page(people(1), {"done": 1})
        ctx.stop.wait(3600, "429")
        yield Page(people(2), {"done": 2})

    report = told(store, script("shop", tell=tell), options=Options(max_duration_s=60))

    assert (report.exit_code, report.connections[0].state, keys(store)) == (0, "stopped", ["1"])


def test_the_history_tells_what_each_run_did(store):
    told(store, script("shop", people(1, 2)))
    told(store, script("shop", tell=fails_with(Unavailable("server down"))))

    with store.read() as tx:
        failed, done = runs.history(tx, "shop")
    assert (done.state, done.counts["everything"]["stored"]) == ("done", 2)
    assert (failed.state, failed.error) == ("failed", "everything: server down")


def test_what_was_not_committed_is_not_counted(store, monkeypatch):
    def full(tx, run_id, counts):
        raise StoreFull("no space is left")

    monkeypatch.setattr(runs, "count", full)

    report = told(store, script("shop", people(1)))

    assert isinstance(report.connections[0].errors["everything"], StoreFull)
    assert (report.total.stored, report.connections[0].saved) == (0, False)


def outcome(*errors, saved=False, quarantined=0):
    streams = {"s": Counts(pages=int(saved), quarantined=quarantined)}
    found = {str(n): error for n, error in enumerate(errors)}
    return ConnectionReport("shop", "failed" if errors else "done", streams, found)


@pytest.mark.parametrize(
    ("connections", "code"),
    [
        ([outcome(saved=True)], 0),
        ([outcome()], 0),
        ([outcome(saved=True, quarantined=1)], 5),
        ([outcome(AuthError("no"))], 4),
        ([outcome(AuthError("no"), saved=True)], 5),
        ([outcome(AuthError("no")), outcome(saved=True)], 5),
        ([outcome(AuthError("no")), outcome(Unavailable("down"))], 5),
        ([outcome(RetryableError("down")), outcome(Unavailable("down"))], 6),
        ([outcome(Unavailable("down"), saved=True)], 5),
        ([outcome(LockedError("busy"))], 9),
        ([outcome(LockedError("busy")), outcome(saved=True)], 5),
        ([outcome(FatalError("odd"))], 5),
        ([outcome(StoreFull("full"))], 5),
        ([outcome(PluginError("bug"))], 5),
    ],
)
def test_the_exit_code_says_what_to_do(connections, code):
    assert RunReport(connections).exit_code == code


def test_an_interrupt_and_a_failing_hook_show_in_the_exit_code():
    assert RunReport([outcome(AuthError("no"))], interrupted=True).exit_code == 130
    assert RunReport([outcome(saved=True)], hooks={"ear": "OSError"}).exit_code == 5


def test_a_run_at_a_store_that_is_held_by_another_process_fails_and_does_not_raise(
    store_url, monkeypatch
):
    monkeypatch.setattr(driver, "BUSY_TIMEOUT_S", 0.2)
    mine, theirs = Store.open(store_url), Store.open(store_url)

    with theirs.write():
        report = told(mine, script("shop", people(1)))

    assert isinstance(report.connections[0].errors["*"], StoreBusy)
    assert (report.exit_code, report.connections[0].saved) == (5, False)
    mine.close()
    theirs.close()


def test_a_run_of_nothing_is_no_failure(store):
    assert sync(store, [], Options()).exit_code == 0
