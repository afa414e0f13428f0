"""`tokui sync`, from end to end."""

import json
import signal
import time

import pytest
from tokui.store import lease
from tokui.store.engine import Store
from tokui.store.schema import ready

TWO = """
[connections.book]
use = "notebook"
file = "book.json"

[connections.other]
use = "{use}"
file = "book.json"
{more}
"""


def numbered(number, **more):
    at = f"2026-11-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}+00:00"
    return {"id": f"{number:05}", "at": at, "name": f"客{number}", **more}


def figures(report, stream="people", at=0):
    return report["connections"][at]["streams"][stream]


def test_a_sync_prints_what_it_did_and_a_second_one_changes_nothing(shop):
    first = shop.run("sync")
    again = shop.json("sync")

    assert "people" in first.stdout
    assert "book.people: 5 items, done" in first.stderr
    assert figures(again)["stored"] == 0
    assert again["exit_code"] == 0


def test_json_is_one_document_with_all_figures(shop):
    report = shop.json("sync")

    assert report["schema"] == "tokui.sync/1"
    assert report["total"]["read"] == report["total"]["stored"] == 5
    assert report["connections"][0]["state"] == "done"


def test_a_dry_run_writes_nothing(shop):
    planned = shop.json("sync", "--dry-run")
    real = shop.json("sync")

    assert figures(planned)["stored"] == figures(real)["stored"] == 5


def test_full_reads_again_what_the_cursor_has_passed(shop):
    shop.run("sync")

    assert figures(shop.json("sync"))["read"] == 1
    assert figures(shop.json("sync", "--full"))["read"] == 5


def test_since_leaves_out_what_is_older(shop):
    report = shop.json("sync", "--since", "2026-11-01T00:00:03+00:00")

    assert figures(report)["read"] == 2


def test_streams_are_read_in_the_order_of_the_file(shop):
    (shop.folder / "till").mkdir()
    till = '[connections.till]\nuse = "pos-csv"\nfolder = "till"\n'
    shop.configure(till + 'streams = ["sales", "customers"]')

    lines = shop.run("sync").stderr.splitlines()

    assert [line.partition(":")[0] for line in lines] == ["till.sales", "till.customers"]


def test_a_report_of_an_ordinary_run_fits_a_terminal(shop, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    printed = shop.run("sync").stdout

    assert printed.splitlines()[0].split() == [
        "stream",
        "read",
        "new/changed",
        "unchanged",
        "seconds",
    ]
    assert len(shop.run("runs").stdout.splitlines()) == 3


def test_limit_stops_a_stream_and_the_next_run_goes_on(shop):
    assert figures(shop.json("sync", "--limit", "2"))["stored"] == 2
    assert figures(shop.json("sync"))["stored"] == 3


@pytest.mark.parametrize(
    ("word", "says"),
    [("bok", "did you mean `book`?"), ("book.peple", "did you mean `people`?")],
)
def test_what_does_not_exist_is_refused_with_what_was_meant(shop, word, says):
    assert says in shop.run("sync", word, code=3).stderr


def test_nothing_to_read_is_a_mistake_of_the_configuration(shop):
    shop.configure("")

    assert "there is no connection to read" in shop.run("sync", code=3).stderr


def test_a_connection_must_not_be_called_like_what_is_written_here(shop):
    shop.configure(TWO.format(use="notebook", more="").replace("other", "tokui"))

    assert "rename [connections.tokui]" in shop.run("sync", code=3).stderr.lower()


@pytest.mark.parametrize(("trouble", "code"), [("token", 4), ("down", 6), ("bug", 5), ("exit", 5)])
def test_the_exit_code_says_what_kind_of_trouble_it_was(shop, trouble, code):
    shop.configure(TWO.format(use="notebook", more=f'trouble = "{trouble}"'))

    result = shop.run("sync", "other", code=code)

    assert "secret" not in result.output
    assert "failed" in result.stdout


@pytest.mark.parametrize("trouble", ["token", "down", "bug", "exit", "construct"])
def test_one_failing_connection_stops_no_other(shop, trouble):
    shop.configure(TWO.format(use="notebook", more=f'trouble = "{trouble}"'))

    report = shop.json("sync", code=5)

    assert [each["state"] for each in report["connections"]] == ["done", "failed"]
    assert figures(report)["stored"] == 5


@pytest.mark.parametrize("use", ["torn", "plain-wrong"])
def test_a_connector_that_cannot_be_loaded_is_named_and_stops_no_other(shop, use):
    shop.configure(TWO.format(use=use, more=""))

    report = shop.json("sync", code=5)

    assert figures(report)["stored"] == 5
    assert "tokui-notebook 1.2" in report["connections"][1]["errors"][0]["message"]


def test_a_hanging_connection_is_given_up_and_the_other_finishes(shop):
    shop.configure(TWO.format(use="notebook", more='trouble = "hang"'))

    report = shop.json("sync", "--stall", "1s", code=5)

    assert [each["state"] for each in report["connections"]] == ["done", "abandoned"]


def test_a_hook_that_raises_is_reported_and_the_records_are_stored(shop):
    shop.configure(TWO.format(use="notebook", more="[plugins.whispers]\nfails = true"))

    report = shop.json("sync", code=5)

    assert "whispers" in report["hooks"]
    assert report["total"]["stored"] == 10


def test_a_connection_that_is_being_read_is_locked(shop):
    store = Store.open(f"sqlite:///{shop.folder}/tokui.sqlite3")
    ready(store)
    held = lease.acquire(store, "book")

    result = shop.run("sync", code=9)
    lease.release(store, held)
    store.close()

    assert "another sync of it is running" in result.stdout
    shop.run("sync")


def test_500_poison_items_among_10_000_are_set_aside_and_stored_after_a_fix(shop):
    shop.write(numbered(n, poison=n % 20 == 7) for n in range(10_000))

    report = shop.json("sync", code=5)
    shop.configure('[connections.book]\nuse = "notebook"\nfile = "book.json"\nlenient = true')
    replayed = shop.json("quarantine", "replay", "book")

    assert (figures(report)["stored"], figures(report)["quarantined"]) == (9_500, 500)
    assert replayed["connections"][0]["understood"] == 500
    assert shop.json("quarantine", "list")["total"] == 0
    assert shop.json("status")["customers"] == 10_000
    assert figures(shop.json("sync", "--full"))["stored"] == 0


def test_a_single_poison_item_does_not_stop_a_quiet_shop(shop):
    shop.write([numbered(1, poison=True)])
    shop.run("sync", code=5)
    shop.write([numbered(1, poison=True), numbered(2)])

    assert figures(shop.json("sync", code=5))["stored"] == 1


def test_a_page_that_is_mostly_unreadable_stops_the_stream_unless_it_is_accepted(shop):
    shop.write(numbered(n, poison=n < 30) for n in range(100))

    refused = shop.json("sync", code=5)
    accepted = shop.json("sync", "--accept-quarantine", code=5)

    assert "--accept-quarantine" in refused["connections"][0]["errors"][0]["message"]
    assert figures(accepted)["stored"] == 70


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_finishes_the_page_and_the_next_run_goes_on(shop, number):
    shop.configure(
        '[connections.book]\nuse = "notebook"\nfile = "book.json"\npause_s = 0.05\npage_size = 1'
    )
    shop.write(numbered(n) for n in range(200))
    running = shop.start("sync", "--json")
    wait_for_pages(shop)

    running.send_signal(number)
    out, err = running.communicate(timeout=30)
    shop.configure('[connections.book]\nuse = "notebook"\nfile = "book.json"')
    rest = shop.json("sync")

    assert running.returncode == 128 + number
    assert "finishing the page" in err
    assert "Traceback" not in err
    saved = figures(json.loads(out))["stored"]
    assert 0 < saved < 200
    assert saved + figures(rest)["stored"] == 200


def wait_for_pages(shop):
    """Until something is saved."""
    for _ in range(600):
        if (shop.folder / "tokui.sqlite3").exists():
            try:
                if shop.json("status")["customers"]:
                    return
            except AssertionError:
                pass
        time.sleep(0.05)
    pytest.fail("nothing was saved within 30 s")
