"""LINE from end to end: followers are read, messages go out once, and a block ends it."""

import pytest
from tokui.config import read
from tokui.hub import Hub
from tokui.store.engine import Store
from tokui.sync.receive import receive
from tokui_contracts.line import LineSandbox, followers
from tokui_contracts.town import Town

CONFIG = """
[store]
url = "sqlite:///tokui.sqlite3"

[connections.line]
use = "line"
provider = "2000000001"
access_token = {{ env = "LINE_TOKEN" }}
channel_secret = {{ env = "LINE_SECRET" }}
base_url = "{url}"
http = {{ allow_private = true }}
"""
CARD = """
purpose = "service"

[[line_user_id.ja.messages]]
type = "flex"
altText = "{{ name }}様へ"

[line_user_id.ja.messages.contents]
type = "bubble"
body = { type = "box", layout = "vertical", contents = [{ type = "text", text = "{{ name }}様" }] }
"""
PEOPLE = followers(Town(30), 5)


@pytest.fixture
def line(shop, monkeypatch):
    """An account whose followers the shop has read."""
    with LineSandbox(PEOPLE) as sandbox:
        monkeypatch.setenv("LINE_TOKEN", sandbox.token)
        monkeypatch.setenv("LINE_SECRET", sandbox.secret)
        shop.configure(CONFIG.format(url=sandbox.url))
        (shop.folder / "templates").mkdir()
        (shop.folder / "templates/card.toml").write_text(CARD, "utf-8")
        shop.run("sync")
        yield sandbox


def draft_to_all(shop):
    """Drafts of the same words to everybody, approved."""
    (shop.folder / "to.txt").write_text("\n".join(str(n) for n in range(1, 6)))
    words = ("--text", "本日はありがとうございました", "--purpose", "service")
    shop.run("message", "draft", "--to", "to.txt", *words)
    drafts = shop.json("message", "list", "--state", "draft")["messages"]
    numbers = [str(each["message_id"]) for each in drafts]
    shop.run("message", "approve", *numbers, "--as", "森")
    return numbers


def hear(shop, request):
    """Take a webhook, as the shop's server does."""
    store = Store.open("sqlite:///tokui.sqlite3")
    try:
        receive(store, Hub.load(read(shop.folder / "tokui.toml")), "line", request)
    finally:
        store.close()


def test_a_flex_message_calls_the_person_by_name(shop, line):
    user, profile = next(iter(PEOPLE.items()))

    shop.run("message", "draft", f"line:{user}", "--template", "card", "--lang", "ja")
    (message,) = shop.json("message", "send", "1", "--as", "森")["messages"]

    (sent,) = line.account.inbox(user)
    assert sent["altText"] == f"{profile['displayName']}様へ"
    assert sent["contents"]["body"]["contents"][0]["text"] == f"{profile['displayName']}様"
    assert message["state"] == "sent"


def test_what_the_month_has_no_room_for_waits_and_goes_out_as_one_call(shop, line):
    line.account.limit = 4
    numbers = draft_to_all(shop)
    waiting = shop.json("message", "send", *numbers, code=6)["messages"]
    assert {each["state"] for each in waiting} == {"queued"}
    assert line.received == []

    line.account.limit = 5
    shop.run("message", "send", *numbers)

    (call,) = line.received
    assert sorted(call.to) == sorted(PEOPLE)


def test_who_blocks_the_account_gets_nothing_that_waits_for_them(shop, line):
    user = next(iter(PEOPLE))
    numbers = draft_to_all(shop)

    hear(shop, line.hooks.request(line.hooks.blocked(user)))

    (cancelled,) = shop.json("message", "list", "--state", "cancelled")["messages"]
    assert (cancelled["address"], cancelled["rule"]) == (user, "suppression")
    shop.run("message", "send", *(n for n in numbers if n != str(cancelled["message_id"])))
    (call,) = line.received
    assert sorted(call.to) == sorted(PEOPLE.keys() - {user})
