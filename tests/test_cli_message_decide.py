"""Approve, cancel, list, show, preview: what people decide on messages, and what they see of them."""

import pytest
from letters import open_shop


@pytest.fixture
def drafted(shop):
    open_shop(shop)
    shop.run("message", "draft", "book:c-1", "--template", "birthday", "--as", "森")
    return shop


def state(shop):
    (message,) = shop.json("message", "list")["messages"]
    return message["state"]


def test_a_named_person_approves(drafted):
    drafted.run("message", "approve", "1", "--as", "林")

    shown = drafted.json("message", "show", "1")
    assert (shown["state"], shown["approved_by"]) == ("queued", "staff:林")
    assert [(each["state"], each["actor"]) for each in shown["steps"]] == [
        ("draft", "staff:森"),
        ("approved", "staff:林"),
    ]


def test_nobody_approves_without_a_name(drafted):
    drafted.run("message", "approve", "1", code=2)
    drafted.run("message", "approve", "1", "--as", " ", code=2)

    assert state(drafted) == "draft"


def test_a_dry_run_decides_nothing(drafted):
    for command in ("approve", "cancel"):
        said = drafted.json("message", command, "1", "--as", "林", "--dry-run")
        assert said["message_ids"] == [1]

    assert state(drafted) == "draft"


def test_what_waits_is_taken_back_with_a_reason(drafted):
    drafted.run("message", "approve", "1", "--as", "林")
    drafted.run("message", "cancel", "1", "--as", "林", "--reason", "a mistake")

    shown = drafted.json("message", "show", "1")
    assert (shown["state"], shown["says"]) == ("cancelled", "Staff: a mistake")


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (("approve", "7"), "there is no message 7"),
        (("retry", "1"), "message 1 is draft; this is for what is failed or unknown"),
        (("approve",), "Name messages by their numbers, or a campaign"),
        (("approve", "1", "--campaign", "x"), "Name messages by their numbers, or a campaign"),
    ],
)
def test_what_cannot_be_decided_is_said_and_nothing_is_done(drafted, args, what):
    assert what in drafted.run("message", *args, "--as", "林", code=2).stderr
    assert state(drafted) == "draft"


def test_the_preview_is_what_the_person_reads(drafted):
    shown = drafted.run("message", "preview", "1").stdout

    assert shown == "佐藤様、お誕生日おめでとうございます\n"


def test_messages_are_listed_by_state_person_and_connection(drafted):
    def listed(*args):
        return len(drafted.json("message", "list", *args)["messages"])

    assert (listed("--state", "draft"), listed("--state", "sent")) == (1, 0)
    assert (listed("--profile", "book:c-1"), listed("--connection", "mail")) == (1, 0)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("list",), ("下書き", "プロフィール")),
        (("show", "1"), ("下書き", "宛先")),
        (("approve", "1", "--as", "林"), ("承認しました: 1 件 (1)",)),
        (("cancel", "1", "--as", "林", "--dry-run"), ("取り消しました: 1 件 (1) (確認のみ",)),
        (("send", "1", "--as", "林", "--dry-run"), ("メッセージ 1", "回数の上限")),
    ],
)
def test_staff_read_it_in_japanese(drafted, args, words):
    shown = drafted.run("message", *args, "--lang", "ja").stdout

    assert [each for each in words if each not in shown] == []
