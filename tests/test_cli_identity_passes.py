"""`tokui identity run`, `rebuild`, `rules` and `check`, and who lives together."""

import re
import sqlite3

from two_shops import HOME, HUSBAND, LATER, MEGU, TWIN, TWO


def test_a_dry_run_of_a_pass_changes_nothing(shops):
    assert shops.json("identity", "run", "--all", "--dry-run")["customers"] == 3
    assert shops.json("identity", "stats")["dirty"] == 3

    shops.run("identity", "run")

    assert shops.json("identity", "stats")["dirty"] == 0


def test_a_stricter_threshold_parts_whom_the_rules_had_joined(shops):
    shops.configure(f"[identity]\nmerge = 20\n{TWO}")

    report = shops.json("identity", "run")

    assert (report["all"], report["splits"]) == (True, 1)
    assert shops.json("identity", "stats")["sizes"] == {"1": 3}


def test_a_dry_run_lists_who_would_go_where_and_how_sure_it_is(shops):
    shops.configure(f"[identity]\nmerge = 20\n{TWO}")

    [change] = shops.json("identity", "run", "--dry-run")["plan"]
    shown = shops.run("identity", "run", "--dry-run").stdout

    assert (change["kind"], sorted(change["between"])) == ("split", ["book:b1", "till:t1"])
    assert [each["to"] for each in change["moves"]] == [None]
    assert 0 < change["margin"] < 20
    assert "till:t1" in shown
    assert "book:b1" in shown


def test_a_margin_holds_changes_back(shops):
    shops.configure(f"[identity]\nmerge = 20\n{TWO}")

    assert shops.json("identity", "run", "--margin", "25")["splits"] == 0


def test_the_rules_in_force_are_those_of_the_file_over_the_connectors(shops):
    shops.configure(
        TWO + 'identity = { duplicates = "review", identifiers = { card = "shareable" } }\n'
        '[identity.check_digits]\ntill = "luhn"\n'
    )

    book, till = shops.json("identity", "rules")["streams"]

    assert (book["duplicates"], till["duplicates"]) == ("evidence", "review")
    assert book["identifiers"][0]["strength"] == "unique"
    assert till["identifiers"][0] == {
        "kind": "card",
        "strength": "shareable",
        "issuer": "till",
        "check_digit": "luhn",
        "single": False,
    }


def test_the_rules_in_force_count_what_is_blocked(shops):
    shops.configure(
        '[identity]\nrelays = ["@fw.example.jp"]\n[identity.blocked]\nphone = ["03-6228-0188"]\n'
        f'patterns.phone = ["\\\\+81120.*"]\n{TWO}'
    )

    shown = shops.run("identity", "rules").stdout

    assert re.search("blocked: phone +2 rules", shown)
    assert "…@fw.example.jp" in shown


def test_a_blocked_value_that_is_none_is_said_before_anything_is_read(shops):
    shops.configure(f'[identity.blocked]\nphone = ["03-12"]\n{TWO}')

    for command in (("sync",), ("config", "validate"), ("identity", "rules")):
        assert "tokui.toml:2:10: this is no phone" in shops.run(*command, code=3).stderr


def test_who_lives_together_is_found_by_rule_and_said_by_people(shops):
    shops.write([{**MEGU, "at": LATER, "address": HOME}])
    shops.write([TWIN, {**HUSBAND, "at": LATER, "address": HOME}], "till.json")
    shops.run("sync")
    shops.run("identity", "run")

    [home] = shops.json("household", "show", "book:b1")["households"]
    assert len(home["members"]) == 2

    shops.run("household", "remove", "till:t2", "--as", "Yuki")
    shops.run("identity", "run", "--all")

    [home] = shops.json("household", "show", "book:b1")["households"]
    assert [each["actor"] for each in home["members"] if each["until"]] == ["staff:Yuki"]


def test_a_household_is_shown_with_names_and_with_what_they_have_in_common(shops):
    shops.run("household", "add", "book:b1", "till:t2", "--role", "spouse", "--as", "Yuki")

    shown = shops.run("household", "show", "till:t2", "--lang", "ja").stdout
    [home] = shops.json("household", "show", "till:t2")["households"]

    assert "大江 健" in shown
    assert "配偶者" in shown
    assert "共有の連絡先: メール megu.ooe@example.com" in shown
    assert {each["kind"] for each in home["shared"]} == {"email", "phone"}


def test_of_several_households_the_one_that_is_meant_is_named(asked):
    said = ("--as", "Yuki")
    first = asked.json("household", "add", "till:t3", "book:b1", *said)["household_id"]
    second = asked.json("household", "add", "till:t2", "till:t3", *said)["household_id"]
    assert first != second

    assert "--household" in asked.run("household", "remove", "till:t3", *said, code=2).stderr
    asked.run("household", "remove", "till:t3", *said, "--household", str(second))

    assert asked.json("household", "remove", "till:t3", *said)["household_id"] == first


def test_nobody_lives_together_with_themselves(shops):
    said = ("household", "add", "book:b1", "till:t1", "--as", "Yuki")

    assert "one person" in shops.run(*said, code=2).stderr


def test_people_found_a_household_that_no_rule_finds(shops, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    said = ("--role", "spouse", "--since", "2020-04-01", "--as", "Yuki")
    shops.run("household", "add", "book:b1", "till:t2", *said)

    shown = shops.run("household", "show", "till:t2").stdout

    assert "spouse" in shown
    assert "2020-04-01" in shown
    assert "Yuki" in shown
    assert "nobody" in shops.run("household", "show", "till:t3", code=2).stderr


def test_a_check_finds_all_well_after_every_kind_of_decision(shops):
    shops.run("customer", "merge", "book:b1", "till:t2", "--as", "Yuki")
    shops.run("customer", "unmerge", "profile:1", "--as", "Yuki", "--yes")
    shops.run("identity", "run", "--all")

    assert shops.json("identity", "check") == {"schema": "tokui.identity.check/1", "problems": []}


def test_a_check_finds_what_a_changed_rule_makes_stale(shops):
    shops.configure(f'[identity.blocked]\nphone = ["090-1357-2468"]\n{TWO}')

    problems = shops.json("identity", "check", code=8)["problems"]

    assert {each["count"] for each in problems} == {3}


def test_a_rebuild_applies_a_changed_rule_to_what_is_stored(shops):
    shops.configure(f'[identity.blocked]\nphone = ["090-1357-2468"]\n{TWO}')

    rebuilt = shops.json("identity", "rebuild")

    assert (rebuilt["rewritten"], rebuilt["run"]["all"]) == (3, True)
    assert shops.json("identity", "check")["problems"] == []
    assert shops.json("customer", "find", "090-1357-2468")["profiles"] == []
    assert "seen otherwise" in shops.run("identity", "rebuild").stdout


def test_a_pass_waits_until_what_an_older_version_stored_is_read_again(shops):
    with sqlite3.connect(shops.folder / "tokui.sqlite3") as old:
        old.execute("UPDATE customer SET features = NULL")
        old.execute("INSERT OR IGNORE INTO dirty SELECT id FROM customer")
        old.execute("DELETE FROM match_key")

    assert "tokui identity rebuild" in shops.run("identity", "run", code=5).stderr
    shops.run("identity", "rebuild")

    assert shops.json("identity", "run")["customers"] == 0
    assert shops.json("identity", "stats")["sizes"] == {"1": 1, "2": 1}


def test_a_rebuild_leaves_alone_whose_connector_does_not_say_what_their_numbers_are_worth(shops):
    shops.write([{**TWIN, "card": "2900123456783", "at": LATER}, HUSBAND], "till.json")
    shops.run("sync")
    shops.configure(TWO + 'trouble = "construct"\n')

    assert shops.json("identity", "rebuild")["rewritten"] == 0


def test_a_rebuild_needs_every_connection_to_be_set_up(shops):
    shops.configure(TWO + 'token = { env = "NO_SUCH_TOKEN" }\n')

    assert "NO_SUCH_TOKEN" in shops.run("identity", "rebuild", code=3).stderr
