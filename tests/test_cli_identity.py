"""`tokui identity explain`, `review` and `answer`, and what people decide on profiles."""

import os
import pty
import re
import select
import subprocess
import sys
import time

import pytest
from two_shops import profile_of


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
    assert question["sides"][0]["record"]["name"]["given"] in ("芽久", "健")
    assert "  大江 芽久 " in asked.run("identity", "review").stdout
    assert "till:t3" in asked.run("identity", "review", "--as", "Yuki").stdout


def test_questions_are_answered_with_one_key_each_on_a_terminal(asked):
    shown = on_a_terminal(asked, "identity", "review", "--as", "Yuki", keys="dl")

    assert "090-1357-2468" in shown
    assert "[s] same person" in shown
    assert "nothing else is open" in shown
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

    assert shown.startswith(f"Decision {number}: merged (by Yuki, ")
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


def test_whoever_overrules_somebodys_word_is_told_whose_it_was(shops):
    shops.run("identity", "answer", "book:b1", "till:t2", "different", "--as", "Mori")
    said, told = (
        shops.json("customer", "history", each)["decisions"][-1] for each in ("book:b1", "till:t2")
    )

    shown = shops.run("customer", "merge", "book:b1", "till:t2", "--as", "Yuki").stdout

    assert said == told
    assert set(said["between"]) == {"book:b1", "till:t2"}
    assert f"holds no more: decision {said['decision_id']}, by Mori" in shown


def test_what_is_to_be_looked_through_is_shown_after_a_parting_nobody_was_asked_about(shops):
    shops.run("customer", "merge", "book:b1", "till:t2", "--as", "Yuki")
    shops.run("customer", "note", "t2", "likes blue", "--staff", "Yuki")

    shown = shops.run("customer", "split", "book:b1", "till:t2", "--as", "Yuki", "--yes").stdout

    assert "visits and notes: 1" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        ("customer", "merge", "book:b1", "book:b1", "--as", "Yuki"),
        ("customer", "unmerge", "999", "--as", "Yuki", "--yes"),
        ("identity", "answer", "book:b1", "till:t1", "different", "--as", "Yuki"),
        ("identity", "run", "--margin", "nan"),
    ],
)
def test_what_cannot_be_done_as_it_is_asked_is_a_mistake_of_usage(shops, wrong):
    assert "error" in shops.run(*wrong, code=2).stderr.lower()


def test_the_history_says_who_decided_and_why(shops, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    shops.run("customer", "merge", "book:b1", "till:t2", "--as", "Yuki")

    shown = shops.run("customer", "history", "1", "--lang", "en").stdout
    log = shops.json("customer", "history", "1", "--lang", "ja")["decisions"]

    assert [each["actor"] for each in log] == ["rule", "staff:Yuki"]
    assert "生年月日が同じです。" in log[0]["reasons"]
    assert "The dates of birth are the same." in shown


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
