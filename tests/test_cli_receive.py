"""`tokui receive`: a webhook handed over on stdin."""

import base64
import hmac
import json
import sqlite3
from hashlib import sha256

import pytest
from click.testing import CliRunner

SECRET = "channel-secret"
USER = "U" + "0a" * 16
LINE = """
[connections.line]
use = "line"
provider = "P"
channel_secret = {env = "LINE_SECRET"}
"""


@pytest.fixture
def line(shop, monkeypatch):
    monkeypatch.setenv("LINE_SECRET", SECRET)
    monkeypatch.setenv("LINE_TOKEN", "token")
    shop.configure(LINE + 'access_token = {env = "LINE_TOKEN"}\n')
    return shop


def event(kind, number):
    return {
        "type": kind,
        "mode": "active",
        "timestamp": 1_790_000_000_000 + number,
        "webhookEventId": f"01HN{number:022}",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": USER},
    }


def hand_over(shop, *events, secret=SECRET):
    from tokui.cli.root import tokui

    body = json.dumps({"destination": "U0", "events": list(events)}).encode()
    signature = base64.b64encode(hmac.new(secret.encode(), body, sha256).digest()).decode()
    (shop.folder / "headers").write_text(f"X-Line-Signature: {signature}\n")
    args = ["receive", "line", "--headers", "headers", "--json"]
    return CliRunner().invoke(tokui, args, input=body, prog_name="tokui")


def test_a_block_is_a_suppression_of_that_account(line):
    done = hand_over(line, event("unfollow", 1))

    [held] = line.json("suppression", "list")["suppressions"]
    assert (done.exit_code, json.loads(done.stdout)["events"]) == (0, 1)
    assert (held["reason"], held["connection"], held["account_only"]) == ("block", "line", True)
    assert held["point"] == f"line_user_id:line:P:{USER}"


def test_who_wrote_to_the_shop_is_found(line):
    message = {"id": "325708", "type": "text", "text": "こんにちは"}
    hand_over(line, {**event("message", 1), "message": message})

    [found] = line.json("customer", "find", USER)["profiles"]
    assert [each["raw"] for each in found["identifiers"]] == [USER]


def test_a_wrong_signature_is_refused(line):
    refused = hand_over(line, event("unfollow", 1), secret="another")

    assert refused.exit_code == 4
    assert line.json("suppression", "list")["suppressions"] == []


def test_a_note_that_was_set_aside_is_tried_again(line):
    aside = hand_over(line, {**event("unfollow", 1), "timestamp": "noon"})
    [kept] = line.json("quarantine", "list")["items"]
    again = line.json("quarantine", "replay", "line", code=5)["connections"][0]
    with sqlite3.connect(line.folder / "tokui.sqlite3") as ledger:  # what a newer plugin would read
        ledger.execute("UPDATE quarantine SET item = replace(item, '\"noon\"', '1790000000000')")
    done = line.json("quarantine", "replay", "line")["connections"][0]

    assert (aside.exit_code, kept["stream"]) == (5, "notes")
    assert (again["refused"], done["understood"]) == (1, 1)
    assert line.json("suppression", "list")["suppressions"]
