"""`tokui identity`, and what people decide on profiles."""

import os
import pty
import re
import select
import sqlite3
import subprocess
import sys
import time

import pytest

TWO = """
[connections.book]
use = "notebook"
file = "book.json"

[connections.till]
use = "notebook"
file = "till.json"
"""
AT = "2026-11-01T00:00:00+00:00"
LATER = "2026-11-02T00:00:00+00:00"
HOME = "東京都中央区銀座4-6-1"
MEGU = {
    "id": "b1",
    "at": AT,
    "name": "大江",
    "given": "芽久",
    "birthday": "1985-04-12",
    "email": "megu.ooe@example.com",
    "phone": "090-1357-2468",
}
TWIN = {**MEGU, "id": "t1"}
HUSBAND = {**MEGU, "id": "t2", "given": "健", "birthday": "1983-11-30"}
NAMELESS = {"id": "t3", "at": AT, "name": "大江", "phone": "090-1357-2468"}


@pytest.fixture
def shops(shop):
    shop.configure(TWO)
    shop.write([MEGU])
    shop.write([TWIN, HUSBAND], "till.json")
    shop.run("sync")
    return shop


@pytest.fixture
def asked(shops):
    shops.write([TWIN, HUSBAND, {**NAMELESS, "at": LATER}], "till.json")
    shops.run("sync")
    assert shops.json("identity", "review")["open"] > 0
    return shops


def profile_of(shop, customer):
    found = shop.json("customer", "find", customer.partition(":")[2])
    return found["profiles"][0]["profile_id"]


def test_two_who_are_one_are_explained_with_the_strongest_reason_first(shops):
    said = shops.json("identity", "explain", "book:b1", "till:t1")

    assert said["verdict"] == "same"
    assert said["reasons"][0]["strength"] == "strong"
    assert {each["code"] for each in said["reasons"]} > {"given.same", "birthday.same"}


def test_a_husband_is_explained_as_one_of_the_family(shops):
    shown = shops.run("identity", "explain", "book:b1", "till:t2", "--lang", "ja").stdout

    assert shown.splitlines()[1].startswith("同じ方とはしません")
    assert "二人の方だとすれば、おそらくご家族です。" in shown
    assert "-- 名が違います。" in shown


def test_profiles_are_explained_by_their_closest_pair(shops):
    one, other = profile_of(shops, "book:b1"), profile_of(shops, "till:t2")

    said = shops.json("identity", "explain", str(one), f"profile:{other}")

    assert {each["profile_id"] for each in said["customers"]} == {one, other}


def test_an_explanation_names_no_values(shops):
    shown = shops.run("identity", "explain", "book:b1", "till:t1").stdout

    assert not re.search("大江|芽久|1985|example|1357", shown)


@pytest.mark.parametrize("word", ["till:none", "nobody", "4711", "none:t1"])
def test_nobody_is_explained_by_a_word_that_means_nobody(shops, word):
    assert "nobody is found" in shops.run("identity", "explain", "book:b1", word, code=2).stderr


def test_a_profile_is_not_compared_with_itself(shops):
    number = str(profile_of(shops, "till:t2"))

    assert "one profile" in shops.run("identity", "explain", number, number, code=2).stderr


def test_open_questions_are_listed_where_nobody_can_be_asked(asked):
    listed = asked.json("identity", "review")

    [question] = [q for q in listed["questions"] if q["customers"][1]["external_id"] == "t3"][:1]
    assert question["verdict"] == "asked"
    assert question["reason"] == "likely"
    assert "till:t3" in asked.run("identity", "review", "--as", "Yuki").stdout


def test_questions_are_answered_with_one_key_each_on_a_terminal(asked):
    shown = on_a_terminal(asked, "identity", "review", "--as", "Yuki", keys="dl")

    assert "090-1357-2468" in shown
    assert "[s] same person" in shown
    assert "1 answered" in shown
    assert len(asked.json("identity", "review")["questions"]) == 1
    assert asked.json("identity", "stats")["answers"] == {"different": 2}


def test_an_answer_holds_whatever_the_evidence_says(shops):
    shops.run("identity", "answer", "book:b1", "till:t2", "same", "--as", "Yuki")
    shops.run("identity", "run", "--all")

    said = shops.json("identity", "explain", "book:b1", "till:t2")
    assert (said["verdict"], said["answer"]) == ("same", "same")


def test_nobody_answers_without_a_name(shops):
    error = shops.run("identity", "answer", "book:b1", "till:t2", "same", code=2).stderr

    assert "--as" in error
    shops.run("identity", "answer", "book:b1", "till:t2", "same", "--as", " ", code=2)


def test_a_merge_is_taken_back_and_no_rule_joins_them_again(shops):
    before = profile_of(shops, "till:t2")
    merged = shops.json("customer", "merge", "book:b1", "till:t2", "--as", "Yuki")
    assert profile_of(shops, "till:t2") == merged["profile_id"]

    shops.run("customer", "unmerge", str(merged["decision_id"]), "--as", "Yuki", "--yes")
    shops.run("identity", "run", "--all")

    assert profile_of(shops, "till:t2") == before


def test_the_latest_merge_of_a_profile_is_taken_back_by_its_number(shops):
    merged = shops.json("customer", "merge", "book:b1", "till:t2", "--as", "Yuki")
    number = f"profile:{merged['profile_id']}"

    undone = shops.json("customer", "unmerge", number, "--as", "Yuki", "--yes")

    assert [each["customer"] for each in undone["moves"]] == ["till:t2"]


def test_a_merge_that_was_taken_back_and_made_again_is_the_latest_merge(shops):
    merged = shops.json("customer", "merge", "book:b1", "till:t2", "--as", "Yuki")
    first = str(merged["decision_id"])
    undone = shops.json("customer", "unmerge", first, "--as", "Yuki", "--yes")
    shops.run("customer", "unmerge", str(undone["decision_id"]), "--as", "Yuki", "--yes")
    number = f"profile:{profile_of(shops, 'till:t2')}"
    log = shops.json("customer", "history", number)["decisions"]
    assert [each["reverted_by"] for each in log if str(each["decision_id"]) == first] == [None]

    again = shops.json("customer", "unmerge", number, "--as", "Yuki", "--yes")

    assert [each["customer"] for each in again["moves"]] == ["till:t2"]


def test_a_dry_run_of_an_unmerge_shows_who_would_go_where_and_does_nothing(shops):
    merged = shops.json("customer", "merge", "book:b1", "till:t2", "--as", "Yuki")
    number = str(merged["decision_id"])
    shops.run("customer", "note", "b1", "likes tea", "--staff", "Yuki")

    shown = shops.run("customer", "unmerge", number, "--as", "Yuki", "--dry-run").stdout

    assert "till:t2" in shown
    assert "Look through what came in while they were together" in shown
    assert profile_of(shops, "till:t2") == merged["profile_id"]


def test_an_unmerge_is_not_done_unasked(shops):
    merged = shops.json("customer", "merge", "book:b1", "till:t2", "--as", "Yuki")
    number = str(merged["decision_id"])

    assert "--yes" in shops.run("customer", "unmerge", number, "--as", "Yuki", code=2).stderr


def test_a_customer_is_split_off_and_stays_apart(shops):
    number = str(profile_of(shops, "book:b1"))

    shops.run("customer", "split", number, "till:t1", "--as", "Yuki", "--yes")
    shops.run("identity", "run", "--all")

    said = shops.json("identity", "explain", "book:b1", "till:t1")
    assert (said["verdict"], said["answer"]) == ("apart", "different")


def test_only_customers_of_the_profile_are_split_off(shops):
    number = str(profile_of(shops, "book:b1"))
    arguments = ("customer", "split", number, "till:t2", "--as", "Yuki", "--yes")

    assert "not all of them" in shops.run(*arguments, code=2).stderr


def test_the_history_says_who_decided_and_why(shops, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    shops.run("customer", "merge", "book:b1", "till:t2", "--as", "Yuki")

    shown = shops.run("customer", "history", "1", "--lang", "en").stdout
    log = shops.json("customer", "history", "1", "--lang", "ja")["decisions"]

    assert [each["actor"] for each in log] == ["rule", "staff:Yuki"]
    assert "生年月日が同じです。" in log[0]["reasons"]
    assert "The dates of birth are the same." in shown


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
        old.execute("UPDATE customer SET features = NULL, dirty = 1")
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


def on_a_terminal(shop, *args, keys):
    """What `tokui` shows on a terminal where these keys are pressed, one after each question."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tokui.cli", *args]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}
    running = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=shop.folder, env=environment
    )
    os.close(theirs)
    shown = b""
    waiting = iter(keys)
    while select.select([ours], [], [], 30)[0]:
        try:
            shown += (part := os.read(ours, 65536))
        except OSError:  # it has closed the terminal
            break
        if b"[q] quit" in part:
            time.sleep(0.3)  # until it listens: what is typed before is thrown away
            os.write(ours, next(waiting).encode())
    running.wait(30)
    os.close(ours)
    return shown.decode()
