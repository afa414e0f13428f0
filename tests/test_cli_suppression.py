"""`tokui suppression`: what stops messages, listed and lifted."""

from datetime import UTC, datetime

import pytest
from tokui.identity.rules import Rules
from tokui.model import Suppression
from tokui.outreach.record import keep_suppressions
from tokui.store.engine import Store
from tokui.store.feed import Changes

AYA = {
    "id": "c-1",
    "at": "2026-11-01T00:00:00+00:00",
    "name": "佐藤彩",
    "email": "Aya.Sato@example.com",
    "phone": "090-1357-2468",
}


def suppress(shop, value, connection="mail", **more):
    store = Store.open(f"sqlite:///{shop.folder}/tokui.sqlite3")
    whole = {"contact": "email", "stops": "all", "reason": "bounce", **more}
    at = datetime(2026, 11, 2, tzinfo=UTC)
    said = Suppression(external_id="s", value=value, occurred_at=at, **whole)
    with store.write() as tx:
        changes = Changes()
        keep_suppressions(tx, Rules(connection), [said], changes)
        changes.write(tx)
    store.close()


@pytest.fixture
def bounced(shop):
    shop.write([AYA])
    shop.run("sync")
    suppress(shop, AYA["email"])
    suppress(shop, AYA["email"], stops="marketing", reason="complaint")
    suppress(shop, "somebody@example.org")
    return shop


def reasons(shop, *who):
    return sorted(each["reason"] for each in shop.json("suppression", "list", *who)["suppressions"])


def test_what_is_in_force_is_listed(bounced):
    assert reasons(bounced) == ["bounce", "bounce", "complaint"]
    assert reasons(bounced, "book:c-1") == ["bounce", "complaint"]
    assert "不達" in bounced.run("suppression", "list", "book:c-1", "--lang", "ja").stdout


def test_a_suppression_is_lifted_by_a_named_person(bounced):
    args = ("suppression", "lift", "book:c-1", "--reason", "bounce", "--as", "Aoki")

    assert bounced.json(*args, "--dry-run")["dry_run"]
    assert reasons(bounced, "book:c-1") == ["bounce", "complaint"]
    bounced.run(*args)

    assert reasons(bounced, "book:c-1") == ["complaint"]


def test_an_old_bounce_that_is_told_again_undoes_no_lift(bounced):
    lift = ("suppression", "lift", "book:c-1", "--reason", "bounce", "--as", "Aoki")
    bounced.run(*lift)
    suppress(bounced, AYA["email"])

    assert reasons(bounced, "book:c-1") == ["complaint"]
    assert bounced.run(*lift, code=2)


def test_a_person_s_own_no_is_lifted_only_after_a_newer_yes_of_theirs(bounced):
    lift = ("suppression", "lift", "book:c-1", "--reason", "complaint", "--as", "Aoki")
    yes = ("--contact", "email", "--state", "granted", "--evidence", "form", "--as", "Aoki")

    assert "consent set" in bounced.run(*lift, code=7).stderr
    bounced.run("consent", "set", "book:c-1", *yes)
    bounced.run(*lift)

    assert reasons(bounced, "book:c-1") == ["bounce"]


def test_what_stops_a_message_stands_beside_the_consent(bounced):
    [mail, phone] = bounced.json("consent", "show", "book:c-1")["ways"]

    assert [each["reason"] for each in mail["suppressed"]] == ["bounce", "complaint"]
    assert phone["suppressed"] == []


def test_that_nothing_is_stopped_is_said_in_staff_s_language(shop):
    assert "送信停止の連絡先はありません" in shop.run("suppression", "list", "--lang", "ja").stdout
