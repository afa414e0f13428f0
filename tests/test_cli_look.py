"""`tokui status`, `runs`, `state`, `db`, `config`, `connections`, `doctor`, `plugins`."""

import json

import pytest


def test_status_says_how_each_connection_stands(shop):
    assert shop.json("status")["connections"][0]["last_run"] is None
    shop.run("sync")

    status = shop.json("status")

    assert status["people"] == 5
    assert status["connections"][0]["last_run"]["state"] == "done"
    assert list(status["connections"][0]["cursors"]) == ["people"]
    assert "5 records of customers are 5 people" in shop.run("status").stdout


def test_status_says_how_far_behind_a_follower_is(shop):
    shop.configure(
        '[connections.book]\nuse = "notebook"\nfile = "book.json"\n[plugins.whispers]\nfails = true'
    )
    shop.run("sync", code=5)
    behind = shop.json("status")["followers"]
    shop.configure('[connections.book]\nuse = "notebook"\nfile = "book.json"\n[plugins.whispers]')
    shop.run("sync")

    assert behind[0]["behind"] == 5
    assert shop.json("status")["followers"][0]["behind"] == 0


def test_runs_are_listed_newest_first(shop):
    shop.run("sync")
    shop.run("sync", "--full")

    runs = shop.json("runs")["runs"]

    assert [run["streams"]["people"]["stored"] for run in runs] == [0, 5]
    assert "book" in shop.run("runs", "book").stdout


def test_a_cursor_is_shown_set_and_forgotten(shop):
    shop.run("sync")
    shop.run("state", "set", "book.people", '{"at": "2026-11-01T00:00:03+00:00"}')

    assert shop.json("state", "show", "book.people")["cursor"]["at"].endswith("03+00:00")
    assert shop.json("sync")["total"]["read"] == 2
    assert shop.json("state", "reset", "book", "--yes")["reset"] == 1
    assert shop.json("state", "list")["cursors"] == []
    assert shop.json("sync")["total"]["unchanged"] == 5


@pytest.mark.parametrize("cursor", ["nonsense", "[1]", '{"at": NaN}'])
def test_a_cursor_must_be_a_json_object(shop, cursor):
    shop.run("state", "set", "book.people", cursor, code=2)


def test_resetting_asks_first(shop):
    assert "--yes" in shop.run("state", "reset", "book", code=2).stderr


def test_a_new_database_is_made_by_the_first_command_or_on_purpose(shop):
    (shop.folder / "tokui.sqlite3").unlink()
    assert shop.json("db", "current")["current"] is None
    upgraded = shop.json("db", "upgrade")

    assert shop.json("db", "current")["current"] == upgraded["current"]
    assert "nothing to do" in shop.run("db", "upgrade").stdout


def test_either_database_keeps_the_ledger(shop, store_url):
    shop.configure(f"""
[store]
url = "{store_url}"

[connections.book]
use = "notebook"
file = "book.json"
""")

    shop.run("db", "upgrade")
    shop.run("sync")
    shop.run("customer", "note", "00003", "裾上げ", "--staff", "田中")

    assert shop.json("sync", "--full")["total"]["unchanged"] == 5
    assert shop.json("customer", "show", "客3")["card"]["events"][0]["text"] == "裾上げ"
    assert shop.json("state", "reset", "book", "--yes")["reset"] == 1


def test_config_show_tells_where_a_setting_comes_from_and_no_secret(shop, monkeypatch):
    monkeypatch.setenv("BOOK_KEY", "hush")
    shop.configure(
        '[connections.book]\nuse = "notebook"\nfile = "book.json"\ntoken = {env = "BOOK_KEY"}'
    )

    result = shop.run("config", "show")

    assert "tokui.toml:3" in result.stdout
    assert "hush" not in result.output


def test_a_mistake_is_shown_with_its_line_and_what_was_meant(shop):
    shop.configure('[connections.book]\nuse = "notebook"\nfil = "book.json"')

    error = shop.run("config", "validate", code=3).stderr

    assert "tokui.toml:3:1: unknown key `fil`; did you mean `file`?" in error
    assert "    3 | fil = " in error


def test_the_schema_knows_what_is_installed(shop):
    schema = json.loads(shop.run("config", "schema").stdout)

    assert "connector.notebook" in schema["$defs"]


def test_connections_say_what_they_can_do(shop):
    shop.configure(
        '[connections.book]\nuse = "notebook"\nfile = "book.json"\n[connections.torn]\nuse = "torn"'
    )

    book, torn = shop.json("connections", "list")["connections"]

    assert book["can"] == ["source", "checkable"]
    assert "ModuleNotFoundError" in torn["failure"]


def test_connections_check_asks_one_connection(shop):
    assert shop.json("connections", "check", "book")["findings"] == [
        {"who": "book", "level": "ok", "what": "the notebook is there", "todo": None}
    ]


def test_the_doctor_is_content_with_a_shop_that_is_well(shop):
    report = shop.json("doctor")

    assert report["ok"]
    assert [each["who"] for each in report["findings"]] == ["config", "store", "book"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('trouble = "token"', "the notebook refuses the key"),
        ('trouble = "bug"', "RuntimeError"),
        ('trouble = "exit"', "SystemExit"),
        ('trouble = "construct"', "cannot be constructed"),
        ('trouble = "hang"', "no answer within 1 s"),
        ("[plugins.whispers]\nfails = true", "tokui_checks failed"),
        ("[plugins.whispers]\nhangs = true", "no answer within 1 s"),
        ('[connections.torn]\nuse = "torn"', "cannot be imported"),
    ],
)
def test_the_doctor_finds_what_is_wrong(shop, more, says):
    shop.configure(f'[connections.book]\nuse = "notebook"\nfile = "book.json"\n{more}')

    result = shop.run("doctor", "--timeout", "1s", code=8)

    assert says in result.stdout
    assert "secret" not in result.output


def test_the_doctor_hears_the_plugins(shop):
    shop.configure('[connections.book]\nuse = "notebook"\nfile = "book.json"\n[plugins.whispers]')

    assert "Close the door." in shop.run("doctor").stdout


@pytest.mark.parametrize("words", [["runs"], ["quarantine", "list"], ["state", "reset", "--yes"]])
def test_a_connection_of_which_nothing_is_known_is_a_mistake(shop, words):
    assert "did you mean `book`?" in shop.run(*words, "bok", code=3).stderr


def test_settings_are_shown_by_the_names_that_the_file_has(shop, monkeypatch):
    monkeypatch.setenv("TOKEN", "x")
    kept = 'identifiers = { member_no = { from = "tag:no-", issuer = "card" } }'
    shop.configure(
        f'[connections.ec]\nuse = "shopify"\nshop = "a.myshopify.com"\n'
        f'access_token = {{ env = "TOKEN" }}\n{kept}\n'
    )

    assert '"from": "tag:no-"' in shop.run("config", "show").stdout


def test_an_empty_list_says_so(shop):
    assert shop.run("runs").stdout == "no sync has run yet\n"
    assert shop.run("quarantine", "list").stdout == "nothing is set aside\n"


def test_a_server_that_does_not_answer_may_do_so_later(shop):
    shop.configure('[store]\nurl = "postgresql+psycopg://nobody@127.0.0.1:1/none"\n')

    assert "cannot be reached" in shop.run("status", code=6).stderr


def test_plugins_are_listed_without_a_tokui_toml(shop):
    (shop.folder / "tokui.toml").unlink()

    listed = shop.json("plugins")["plugins"]

    assert {
        "kind": "connector",
        "name": "torn",
        "distribution": "tokui-notebook",
        "version": "1.2",
    } in listed
