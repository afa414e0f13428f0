"""`tokui message draft --to`: what it would take, whom it leaves out, and nobody twice."""

import pytest
from letters import AT, AYA, YES, open_shop


def people(count, **more):
    return [
        {**AYA, **YES, "id": f"c-{n}", "line_user_id": f"U{n:032}", "email": f"c{n}@example.com"}
        | {"given": f"名{n}", "at": AT}
        | more
        for n in range(1, count + 1)
    ]


def bulk(shop, *lines, code=0, args=("--template", "birthday")):
    (shop.folder / "to.txt").write_text("\n".join(lines), encoding="utf-8")
    return shop.json("message", "draft", "--to", "to.txt", *args, code=code)


def the_lines(shop):
    shop.configure(
        (shop.folder / "tokui.toml")
        .read_text("utf-8")
        .replace('file = "line.jsonl"', 'file = "line.jsonl"\nleft = 2')
    )


@pytest.fixture
def three(shop):
    open_shop(shop, *people(3))
    the_lines(shop)
    return shop


def test_a_dry_run_says_what_is_needed_what_is_left_and_how_much_over_it_is(three):
    said = bulk(three, "1", "2", "profile:3", args=("--template", "birthday", "--dry-run"))

    assert said["connections"] == [{"connection": "line", "needed": 3, "left": 2, "over": 1}]
    assert said["message_ids"] == []
    assert three.json("message", "list")["messages"] == []


def test_everybody_of_the_file_gets_one_draft_however_often_they_stand_in_it(three):
    said = bulk(three, "1  # Aya", "", "2", "1")

    assert len(said["message_ids"]) == 2


def test_the_same_campaign_reaches_nobody_twice(three):
    first, again = bulk(three, "1", "2"), bulk(three, "1", "2", "3")

    assert (len(first["message_ids"]), len(again["message_ids"]), again["had"]) == (2, 1, 2)


def test_refusals_are_kept_and_counted_by_their_reason(shop):
    open_shop(shop, *people(2, consents=[]))

    said = bulk(shop, "1", "2", code=7)

    assert said["refused"] == [{"rule": "consent", "reason": "unknown", "messages": 2}]
    assert len(shop.json("message", "list", "--state", "refused")["messages"]) == 2


def test_who_is_not_there_or_cannot_be_written_to_is_left_out_and_the_others_are_not(three):
    said = bulk(three, "1", "99", code=5)

    assert (said["unknown_lines"], len(said["message_ids"])) == ([2], 1)


def test_a_line_that_is_no_number_stops_it_before_anything_is_done(three):
    (three.folder / "to.txt").write_text("1\n佐藤彩\n", encoding="utf-8")

    result = three.run("message", "draft", "--to", "to.txt", "--template", "birthday", code=2)

    assert "Line 2 of the file is no profile's number" in result.stderr
    assert "佐藤" not in result.output
    assert three.json("message", "list")["messages"] == []


def test_a_plugin_that_fails_is_named_once_with_how_often(shop):
    open_shop(shop, *people(2), more="\n[plugins.minder]\nfails = true\n")
    (shop.folder / "to.txt").write_text("1\n2\n", encoding="utf-8")

    result = shop.run("message", "draft", "--to", "to.txt", "--template", "birthday")

    (warning,) = [each for each in result.stderr.splitlines() if "tokui_compose" in each]
    assert warning.endswith("(for 2)")


def test_the_figures_are_told_in_japanese(three):
    (three.folder / "to.txt").write_text("1\n99\n", encoding="utf-8")
    command = ("message", "draft", "--to", "to.txt", "--template", "birthday", "--lang", "ja")

    shown = three.run(*command, code=5).stdout

    assert "超過" in shown
    assert "そのプロフィールはありません (2 行目)" in shown


def test_a_whole_campaign_is_approved_and_cancelled_by_its_name(three):
    bulk(three, "1", "2", args=("--template", "birthday", "--campaign", "april"))

    approved = three.json("message", "approve", "--campaign", "april", "--as", "森")
    cancelled = three.json("message", "cancel", "--campaign", "april", "--as", "森")

    assert len(approved["message_ids"]) == len(cancelled["message_ids"]) == 2


def test_a_run_of_the_outbox_says_before_how_much_is_over(three):
    bulk(three, "1", "2", "3", args=("--template", "birthday", "--campaign", "april"))
    three.run("message", "approve", "--campaign", "april", "--as", "森")

    warned = three.run("outbox", "run", "--once").stderr

    assert "line: 1 of 3 messages are more than its account may send" in warned
