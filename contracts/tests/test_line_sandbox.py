"""The LINE sandbox answers as LINE does, and is as strict."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from tokui_contracts.line import FAULTS, LineSandbox, followers
from tokui_contracts.line.strict import units
from tokui_contracts.town import Town

HANA, TARO = f"U{'a' * 32}", f"U{'b' * 32}"
KEY = "123e4567-e89b-42d3-a456-426614174000"
HELLO = {"to": HANA, "messages": [{"type": "text", "text": "こんにちは"}]}
PUSH, MULTICAST = "/v2/bot/message/push", "/v2/bot/message/multicast"


@pytest.fixture
def line():
    with LineSandbox() as sandbox:
        sandbox.account.follow(HANA, displayName="はな")
        sandbox.account.follow(TARO, displayName="Taro")
        yield sandbox


def ask(line: LineSandbox, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """Status and JSON; a body makes it a POST."""
    data = None if body is None else json.dumps(body).encode()
    known = {"Authorization": f"Bearer {line.token}", "Content-Type": "application/json"}
    sent = {**known, **{name.replace("_", "-"): value for name, value in headers.items()}}
    request = urllib.request.Request(f"{line.url}{path}", data, sent)
    try:
        with urllib.request.urlopen(request, timeout=1) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_push_is_received_once_under_its_key(line):
    first = ask(line, PUSH, HELLO, X_Line_Retry_Key=KEY)
    again = ask(line, PUSH, HELLO, X_Line_Retry_Key=KEY)

    assert (first[0], again[0]) == (200, 409)
    assert first[1]["sentMessages"][0]["id"] == again[1]["sentMessages"][0]["id"]
    assert [(each.key, each.to) for each in line.received] == [(KEY, (HANA,))]
    assert line.account.inbox(HANA) == HELLO["messages"]


def test_without_a_key_the_same_is_sent_twice(line):
    ask(line, PUSH, HELLO)
    ask(line, PUSH, HELLO)

    assert len(line.received) == 2


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        (PUSH, HELLO, {"Authorization": "Bearer wrong"}, 401),
        (PUSH, HELLO, {"Content-Type": "text/plain"}, 415),
        (PUSH, HELLO, {"X-Line-Retry-Key": "1"}, 400),
        (PUSH, ["?"], {}, 400),
        (PUSH, {**HELLO, "to": "Uhana"}, {}, 400),
        (PUSH, {**HELLO, "to": f"U{'c' * 32}"}, {}, 400),
        (PUSH, {**HELLO, "subject": "a"}, {}, 400),
        (PUSH, {"to": HANA, "messages": []}, {}, 400),
        (PUSH, {"to": HANA, "messages": HELLO["messages"] * 6}, {}, 400),
        (PUSH, {"to": HANA, "messages": [{"type": "text"}]}, {}, 400),
        (PUSH, {"to": HANA, "messages": [{"type": "text", "text": "🎂" * 2501}]}, {}, 400),
        (PUSH, {"to": HANA, "messages": [{"type": "text", "text": "a", "x": 1}]}, {}, 400),
        (MULTICAST, HELLO, {}, 400),
        (MULTICAST, {**HELLO, "to": [HANA, HANA]}, {}, 400),
        (MULTICAST, {**HELLO, "to": [f"U{n:032x}" for n in range(501)]}, {}, 400),
        ("/v2/bot/info", HELLO, {}, 405),
        ("/v2/bot/nothing", None, {}, 404),
        ("/v2/bot/profile/x", None, {}, 400),
        (f"/v2/bot/profile/U{'c' * 32}", None, {}, 404),
        ("/v2/bot/followers/ids?limit=1001", None, {}, 400),
        ("/v2/bot/followers/ids?page=1", None, {}, 400),
    ],
)
def test_what_line_would_refuse_is_refused(line, path, body, headers, status):
    assert ask(line, path, body, **headers)[0] == status
    assert line.received == []


def test_a_refusal_names_the_field(line):
    wrong = {"to": HANA, "messages": [{"type": "image", "originalContentUrl": "http://a"}]}

    _, said = ask(line, PUSH, wrong)

    assert {each["property"] for each in said["details"]} == {
        "messages[0].originalContentUrl",
        "messages[0].previewImageUrl",
    }


def test_the_months_messages_are_counted_and_end(line):
    line.account.limit = 2
    ask(line, MULTICAST, {**HELLO, "to": [HANA, TARO]})

    status, said = ask(line, PUSH, HELLO)

    assert status == 429
    assert "monthly limit" in said["message"]
    assert ask(line, "/v2/bot/message/quota/consumption") == (200, {"totalUsage": 2})


def test_who_blocks_costs_nothing_and_is_not_listed(line):
    line.account.limit = 0
    line.account.blocked.add(HANA)

    assert ask(line, PUSH, HELLO)[0] == 200
    assert ask(line, "/v2/bot/followers/ids")[1] == {"userIds": [TARO]}


def test_followers_come_page_by_page(line):
    _, first = ask(line, "/v2/bot/followers/ids?limit=1")
    _, last = ask(line, f"/v2/bot/followers/ids?limit=1&start={first['next']}")

    assert (first["userIds"], last) == ([HANA], {"userIds": [TARO]})


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_sends_the_message_or_does_not(line, fault):
    line.inject(fault)
    try:
        status, _ = ask(line, PUSH, HELLO, X_Line_Retry_Key=KEY)
    except (OSError, ValueError):
        status = 0

    assert status != 200
    assert len(line.received) == int(fault.endswith("_after"))


def test_faults_come_when_they_are_planned_and_end(line):
    line.inject("rate", after=1, times=2)

    assert [ask(line, PUSH, HELLO)[0] for _ in range(4)] == [200, 429, 429, 200]


def test_a_redelivery_says_so_and_is_the_same_event(line):
    event = line.hooks.followed(HANA)

    body = json.loads(line.hooks.request(event, redelivered=True).body)

    assert body["events"][0]["webhookEventId"] == event["webhookEventId"]
    assert body["events"][0]["deliveryContext"] == {"isRedelivery": True}


def test_events_have_ulids_that_grow(line):
    ids = [line.hooks.said(HANA, "a")["webhookEventId"] for _ in range(50)]

    assert ids == sorted(ids)
    assert all(len(each) == 26 for each in ids)


def test_a_link_token_serves_one_person_once(line):
    _, said = ask(line, f"/v2/bot/user/{HANA}/linkToken", {})
    url = f"https://access.line.me/x?linkToken={said['linkToken']}&nonce={'n' * 22}"

    event = line.tap(url, HANA)

    assert event is not None
    assert event["link"] == {"result": "ok", "nonce": "n" * 22}
    assert line.tap(url, HANA) is None


def test_the_towns_people_follow_under_their_own_ids():
    town = Town(40)

    known = followers(town)

    friends = {each.line_user_id for each in town.people() if each.line_user_id}
    assert set(known) == friends
    assert all(units(profile["displayName"]) > 0 for profile in known.values())
    assert followers(town, 3).keys() <= friends
