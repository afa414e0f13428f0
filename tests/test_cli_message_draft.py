"""`tokui message draft`: the first way that nothing refuses, and every refusal kept."""

import pytest
from letters import AYA, YES, open_shop, said, sent


@pytest.fixture
def aya(shop):
    return open_shop(shop)


def draft(shop, *args, code=0, who="book:c-1"):
    return shop.json("message", "draft", who, *args, code=code)


def birthday(shop, *args, code=0):
    return draft(shop, "--template", "birthday", *args, code=code)


def test_a_template_becomes_a_draft_on_the_first_channel_that_reaches_the_person(aya):
    made = birthday(aya, "--as", "森")

    assert (made["state"], made["connection"], made["language"]) == ("draft", "line", "ja")
    assert made["text"] == "佐藤様、お誕生日おめでとうございます"
    assert sent(aya) == []


def test_a_tone_and_a_connection_are_chosen(aya):
    assert birthday(aya, "--tone", "casual")["text"] == "彩さん、おめでとう"
    assert birthday(aya, "--on", "mail")["content"]["subject"] == "佐藤様へ"


def test_the_preferred_channels_order_is_the_configurations(shop):
    open_shop(shop, more='[outreach]\nchannels = ["mail", "line"]\n')

    assert birthday(shop)["connection"] == "mail"


def test_a_persons_own_preference_comes_before_the_configurations(shop):
    more = '[outreach.preferred]\n"メール希望" = "mail"\n'

    open_shop(shop, {**AYA, **YES, "tags": ["メール希望"]}, more=more)

    assert birthday(shop)["connection"] == "mail"


def test_without_consent_it_is_refused_and_kept_with_the_reason(shop):
    open_shop(shop, AYA)

    made = birthday(shop, code=7)

    assert made["denied"]["rule"] == "consent"
    assert made["denied"]["reason"] == "unknown"
    kept = shop.json("message", "list", "--state", "refused")["messages"]
    assert [(each["message_id"], each["rule"], each["reason"]) for each in kept] == [
        (made["message_id"], "consent", "unknown")
    ]


def test_a_channel_that_is_refused_gives_way_to_the_next(shop):
    open_shop(shop, {**AYA, "consents": [said("line_user_id", "denied"), said("email")]})

    assert birthday(shop)["connection"] == "mail"


def test_who_has_no_contact_point_is_refused_for_that(shop):
    open_shop(shop, {"id": "c-1", "at": AYA["at"], "name": "佐藤"})

    made = birthday(shop, code=7)

    assert (made["denied"]["rule"], made["denied"]["reason"]) == ("contact", "none")


def test_the_chain_says_what_every_rule_says_in_the_readers_language(aya):
    shown = aya.run("message", "draft", "book:c-1", "--template", "birthday", "--lang", "ja").stdout

    assert "同意" in shown
    assert "tokui message approve 1 --as 名前" in shown


def test_a_dry_run_shows_the_draft_and_keeps_nothing(aya):
    assert birthday(aya, "--dry-run")["message_id"] is None
    assert aya.json("message", "list")["messages"] == []


def test_words_of_ones_own_are_no_template_and_want_consent_unless_they_say_what_for(shop):
    open_shop(shop, AYA)

    assert draft(shop, "--text", "{{ name }}", code=7)["denied"]["rule"] == "consent"
    made = draft(shop, "--text", "{{ name }}", "--purpose", "service")
    assert (made["state"], made["text"]) == ("draft", "{{ name }}")


def test_words_that_a_channel_cannot_send_go_by_the_next_or_are_refused(aya):
    long = "あ" * 101

    assert draft(aya, "--text", long, "--subject", "件名")["connection"] == "mail"
    result = aya.run("message", "draft", "book:c-1", "--text", long, code=3)
    assert "at most 100 characters" in result.stderr
    assert "あ" not in result.stderr


def test_a_word_that_is_not_known_is_named_with_template_and_line(shop):
    open_shop(shop, {**AYA, **YES, "given": None})

    result = shop.run(
        "message", "draft", "book:c-1", "--template", "birthday", "--tone", "casual", code=3
    )

    assert "birthday.toml:8:1: `given` is not known of this person" in result.stderr
    assert "佐藤" not in result.output


def test_quiet_hours_keep_the_draft_and_say_until_when(shop):
    open_shop(shop, more='\n[plugins.minder]\nforbids = "at noon"\nuntil = 2099-01-01T00:00:00Z\n')

    made = birthday(shop)

    assert made["state"] == "draft"
    assert made["denied"] | {"says": ""} == {
        "rule": "hook:minder",
        "reason": "at noon",
        "until": "2099-01-01T00:00:00+00:00",
        "held": False,
        "says": "",
    }


def test_a_plugin_refuses_a_draft(shop):
    open_shop(shop, more='\n[plugins.minder]\nforbids = "they wait for a parcel"\n')

    assert birthday(shop, code=7)["denied"]["reason"] == "they wait for a parcel"


def test_a_plugin_that_fails_holds_the_draft_and_leaves_its_words(shop):
    open_shop(shop, more="\n[plugins.minder]\nfails = true\n")

    result = shop.run("message", "draft", "book:c-1", "--template", "birthday", "--json")

    assert '"held": true' in result.stdout
    assert "warning: minder (tokui-notebook 1.2)" in result.stderr
    assert "secret" not in result.output


def test_a_plugin_improves_the_words(shop):
    open_shop(shop, more='\n[plugins.minder]\nadds = "🎂"\n')

    assert birthday(shop)["text"].endswith("🎂")


def test_words_of_a_plugin_that_the_channel_cannot_send_are_left(shop):
    open_shop(shop, more=f'\n[plugins.minder]\nadds = "{"あ" * 100}"\n')

    assert birthday(shop)["text"] == "佐藤様、お誕生日おめでとうございます"


def test_a_channels_own_objection_lets_the_next_one_send(shop):
    open_shop(shop)
    shop.configure(
        (shop.folder / "tokui.toml")
        .read_text("utf-8")
        .replace('file = "line.jsonl"', 'file = "line.jsonl"\nobjects_to = "おめでとう"')
    )

    assert birthday(shop)["connection"] == "mail"


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (("--template", "birthday", "--text", "a"), "Say --template NAME, or --text"),
        ((), "Say --template NAME, or --text"),
        (("--template", "birthday", "--purpose", "transactional"), "--purpose is the template's"),
        (("--text", "a", "--tone", "casual"), "--tone is of templates only"),
    ],
)
def test_options_that_do_not_go_together_are_refused(aya, args, what):
    assert what in aya.run("message", "draft", "book:c-1", *args, code=2).stderr


def test_a_connection_that_cannot_send_is_a_mistake(aya):
    result = aya.run("message", "draft", "book:c-1", "--text", "a", "--on", "book", code=3)

    assert "no connection `book` that can send" in result.stderr


def test_a_refusal_is_kept_even_where_the_words_cannot_be_made(shop):
    open_shop(shop, {key: AYA[key] for key in ("id", "at", "name", "email")})

    made = birthday(shop, code=7)

    assert (made["denied"]["reason"], made["text"]) == ("unknown", "")
    assert shop.run("message", "preview", str(made["message_id"])).stdout == "{}\n"


def test_the_reason_of_a_refusal_is_that_of_an_address_which_is_theirs(shop):
    away = '[connections.till.identity]\nidentifiers = { email = "blocked" }\n'
    till = '[connections.till]\nuse = "notebook"\nfile = "till.json"\n'
    newer = {**AYA, "at": "2026-11-02T00:00:00+00:00", "email": "aya@till.example.com"}
    shop.write([newer], "till.json")
    open_shop(shop, AYA, more=till + away)

    made = draft(shop, "--text", "やあ", "--subject", "ね", "--on", "mail", code=7)

    assert made["denied"]["rule"] == "consent"
