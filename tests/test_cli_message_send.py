"""`tokui message send`: what goes out, what does not and why, and what the card says of it."""

import pytest
from letters import AT, AYA, SHOP, YES, open_shop, said, sent


def drafted(shop, *args, **more):
    """A shop with one draft to Aya."""
    open_shop(shop, **more)
    shop.run("message", "draft", "book:c-1", "--template", "birthday", "--as", "森", *args)
    return shop


def send(shop, *args, code=0):
    (message,) = shop.json("message", "send", "1", *args, code=code)["messages"]
    return message


def set_of(shop, connection, line):
    """One more setting of a connection."""
    text = (shop.folder / "tokui.toml").read_text("utf-8")
    shop.configure(
        text.replace(f'file = "{connection}.jsonl"', f'file = "{connection}.jsonl"\n{line}')
    )


def test_what_somebody_approves_is_sent_once(shop):
    message = send(drafted(shop), "--as", "林")

    assert (message["state"], message["approved_by"]) == ("sent", "staff:林")
    assert [each["text"] for each in sent(shop)] == ["佐藤様、お誕生日おめでとうございます"]
    shop.run("message", "send", "1", "--as", "林", code=2)
    assert len(sent(shop)) == 1


def test_an_e_mail_goes_to_the_address_as_written(shop):
    send(drafted(shop, "--on", "mail"), "--as", "林")

    (letter,) = sent(shop, "mail")
    assert (letter["to"], letter["subject"]) == ("Aya.Sato@example.com", "佐藤様へ")


def test_a_draft_that_nobody_approved_is_not_sent(shop):
    result = drafted(shop).run("message", "send", "1", code=7)

    assert "message 1: nobody has approved it yet" in result.stderr
    assert sent(shop) == []


def test_the_configuration_approves_a_purpose(shop):
    more = '\n[outreach]\napprove = ["marketing"]\n'

    assert send(drafted(shop, more=more))["approved_by"] == "rule"


def test_a_consent_that_was_taken_back_since_is_refused_with_the_reason(shop):
    drafted(shop)
    shop.write(
        [{**AYA, "at": AT.replace("01T", "02T"), "consents": [said("line_user_id", "revoked")]}]
    )
    shop.run("sync")

    message = send(shop, "--as", "林", code=7)

    assert (message["state"], message["rule"], message["reason"]) == (
        "refused",
        "consent",
        "revoked",
    )
    assert message["says"] == "They took back their consent for this contact point."
    assert sent(shop) == []


def test_in_quiet_hours_it_waits_until_they_are_over(shop):
    drafted(shop)
    shop.configure(
        SHOP.replace('start = "00:00"', 'start = "00:01"').replace('end = "00:00"', 'end = "00:00"')
    )

    message = send(shop, "--as", "林", code=7)

    assert (message["state"], message["rule"]) == ("deferred", "quiet")
    assert sent(shop) == []
    shop.configure(SHOP)
    assert send(shop)["state"] == "sent"


def test_when_it_is_due_is_said_in_the_shop_s_time(shop):
    drafted(shop)
    shop.configure(
        SHOP.replace('start = "00:00"', 'start = "00:01"').replace('end = "00:00"', 'end = "00:00"')
    )

    done = shop.run("message", "send", "1", "--as", "林", "--lang", "en", code=7)

    assert " 00:00)" in done.stdout


def test_the_cap_counts_every_channel(shop):
    drafted(shop)
    for connection in ("mail", "line"):
        shop.run("message", "draft", "book:c-1", "--template", "birthday", "--on", connection)

    states = [
        each["state"]
        for each in shop.json("message", "send", "1", "2", "3", "--as", "林", code=7)["messages"]
    ]

    assert sorted(states) == ["refused", "sent", "sent"]
    assert len(sent(shop)) + len(sent(shop, "mail")) == 2


def test_a_plugin_that_fails_holds_it_and_its_repair_lets_it_go(shop):
    drafted(shop)
    shop.configure(SHOP + "\n[plugins.minder]\nfails = true\n")

    message = send(shop, "--as", "林", code=7)

    assert (message["state"], message["rule"]) == ("deferred", "hook:minder")
    assert sent(shop) == []
    shop.configure(SHOP)
    assert send(shop)["state"] == "sent"


def test_a_plugin_that_cannot_be_loaded_holds_it_too(shop):
    drafted(shop)
    shop.configure(SHOP + "\n[plugins.minder]\nbreaks = true\n")

    message = send(shop, "--as", "林", code=7)

    assert (message["state"], message["rule"]) == ("deferred", "hook:minder")


def test_a_dry_run_asks_everybody_and_calls_nobody(shop):
    said = drafted(shop).json("message", "send", "1", "--as", "林", "--dry-run")

    assert {each["rule"] for each in said["messages"][0]["answers"]} >= {"consent", "approval"}
    assert sent(shop) == []
    assert shop.json("message", "show", "1")["state"] == "draft"


@pytest.mark.parametrize(
    ("trouble", "state", "code"),
    [
        ("refuse", "refused", 7),
        ("quota", "queued", 6),
        ("rate", "deferred", 6),
        ("down", "deferred", 6),
        ("token", "queued", 4),
    ],
)
def test_what_the_provider_does_not_take_is_told_with_an_exit_code(shop, trouble, state, code):
    set_of(drafted(shop), "line", f'trouble = "{trouble}"')

    message = send(shop, "--as", "林", code=code)

    assert (message["state"], message["rule"]) == (state, "provider")
    assert sent(shop) == []


def test_without_a_key_a_lost_answer_is_unknown_and_is_sent_again_only_by_a_person(shop):
    set_of(drafted(shop, "--on", "mail"), "mail", 'trouble = "lost"')

    assert send(shop, "--as", "林", code=5)["state"] == "unknown"
    assert shop.json("message", "list", "--state", "unknown")["messages"] != []
    shop.configure(SHOP)
    shop.run("message", "send", "1", code=2)
    shop.run("message", "retry", "1", "--as", "林", code=2)  # nobody can be asked here
    shop.run("message", "retry", "1", "--as", "林", "--yes")
    assert send(shop)["state"] == "sent"


def test_a_whole_campaign_is_sent(shop):
    open_shop(shop)
    (shop.folder / "to.txt").write_text("1\n", encoding="utf-8")
    bulk = ("--to", "to.txt", "--template", "birthday", "--campaign", "april")
    shop.run("message", "draft", *bulk)

    shop.run("message", "send", "--campaign", "april", "--as", "林")

    assert len(sent(shop)) == 1


def test_the_card_tells_in_time_order_what_was_said_and_sent(shop):
    drafted(shop)
    shop.run("message", "send", "1", "--as", "林")
    shop.run(
        "message",
        "draft",
        "book:c-1",
        "--text",
        "a",
        "--topic",
        "sale",
        "--on",
        "mail",
        "--subject",
        "b",
    )
    shop.run("message", "cancel", "2", "--as", "林", "--reason", "a mistake")

    card = shop.json("customer", "show", "c-1")["card"]

    told = [(each["what"], each["state"]) for each in card["contacts"]]
    assert told == [
        ("message", "cancelled"),
        ("message", "sent"),
        ("consent", "granted"),
        ("consent", "granted"),
    ]
    assert [each["at"] for each in card["contacts"]] == sorted(
        (each["at"] for each in card["contacts"]), reverse=True
    )


def test_the_card_says_it_in_both_languages_and_never_more_than_a_channel_proves(shop):
    open_shop(shop, {**AYA, "consents": [said("email", "denied")]})
    shop.run("message", "draft", "book:c-1", "--template", "birthday", code=7)
    open_shop(shop, {**AYA, **YES, "at": AT.replace("01T", "03T")})
    shop.run("message", "draft", "book:c-1", "--template", "birthday", "--on", "line")
    shop.run("message", "send", "2", "--as", "林")

    english = shop.run("customer", "show", "c-1").stdout
    japanese = shop.run("customer", "show", "c-1", "--lang", "ja").stdout

    assert "accepted by line" in english
    assert "No consent is on" in english
    assert "line が受付済み" in japanese
    assert "この連絡先への配信" in japanese
