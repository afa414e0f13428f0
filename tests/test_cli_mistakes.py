"""What goes wrong around `tokui`, and what it says of it: pipes, files, names of nothing."""

import sqlite3
from pathlib import Path

import pytest

WRITERS = '\n[outreach]\nchannels = ["bok"]\n[outreach.preferred]\nvip = "boook"\n'


@pytest.mark.parametrize("words", [["--help"], ["config", "show"], ["status", "--json"]])
def test_who_stops_reading_the_output_makes_no_error_of_it(shop, words):
    with shop.start(*words) as running:
        running.stdout.close()

        error = running.stderr.read()

    assert (running.returncode, error) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_an_output_that_takes_no_more_is_said_and_is_no_bug(shop, more):
    with Path("/dev/full").open("w") as full, shop.start("status", *more, stdout=full) as running:
        error = running.communicate(timeout=60)[1]

    assert running.returncode == 5
    assert error.startswith("error: the output cannot be written (No space left on device).")


def test_init_says_that_a_folder_cannot_be_made(shop):
    (shop.folder / "taken").write_text("")

    error = shop.run("init", "taken/shop", code=3).stderr

    assert "taken/shop/tokui.toml: cannot be written (" in error
    assert "Name a folder that may be written to." in error


def test_a_file_that_is_no_database_is_said_with_what_to_do(shop):
    (shop.folder / "tokui.sqlite3").write_text("something else entirely")

    error = shop.run("status", code=5).stderr

    assert error == "error: store: the file is no SQLite database. Check the URL under [store].\n"


def test_a_database_that_cannot_be_opened_is_said_with_what_to_do(shop):
    (shop.folder / "tokui.sqlite3").unlink()
    (shop.folder / "tokui.sqlite3").mkdir()

    assert "its folder may be written to" in shop.run("status", code=5).stderr


def test_channels_that_are_no_connections_are_mistakes_with_their_lines(shop):
    shop.configure((shop.folder / "tokui.toml").read_text() + WRITERS)

    error = shop.run("config", "validate", code=3).stderr

    assert (
        "tokui.toml:7:13: `channels`: there is no connection `bok`; did you mean `book`?" in error
    )
    assert "tokui.toml:9:1: `vip`: there is no connection `boook`; did you mean `book`?" in error


def test_doctor_finds_a_channel_that_cannot_send(shop):
    shop.configure((shop.folder / "tokui.toml").read_text() + '[outreach]\nchannels = ["book"]\n')

    found = shop.json("doctor", code=8)["findings"]

    assert [(each["level"], each["what"]) for each in found if each["who"] == "outreach"] == [
        ("problem", "book cannot send")
    ]


def test_a_webhook_for_a_connection_that_takes_none_is_a_mistake_of_configuration(shop):
    error = shop.run("receive", "book", code=3).stderr

    assert error.startswith("error: book: its connector receives nothing. See `tokui connections")


def test_the_cursor_of_a_misspelt_stream_names_those_there_are(shop):
    shop.run("sync")

    assert "book has cursors of people" in shop.run("state", "show", "book.poeple").stderr
    assert "did you mean `book`?" in shop.run("state", "show", "bok.people", code=3).stderr


def test_a_clock_that_was_put_back_hides_no_run(shop):
    shop.run("sync")
    with sqlite3.connect("tokui.sqlite3") as store:
        store.execute("UPDATE run SET started_at = started_at + 172900000000, state = 'failed'")
        store.execute("UPDATE cursor SET at = at + 172900000000")
    shop.write([])
    shop.run("sync")

    [book] = shop.json("status")["connections"]

    assert book["last_run"]["state"] == "done"


def test_doctor_finds_rules_of_identity_that_fit_nothing(shop):
    rules = """
[connections.book.identity]
identifiers = { crad = "blocked", card = "strong" }
[identity]
check_digits = { line-1 = "luhn" }
blocked = { phone = ["03-1234-5678"], fone = ["x"] }
"""
    shop.configure((shop.folder / "tokui.toml").read_text() + rules)

    found = shop.json("doctor")["findings"]

    said = [each["what"].split(" has ")[1] for each in found if each["who"] == "identity"]
    assert said == [
        "a rule on `crad`, which book does not name; did you mean `card`?",
        "`fone`, which no connection names; did you mean `phone`?",
        "`line-1`, which no connection names; did you mean `line:1`?",
    ]
