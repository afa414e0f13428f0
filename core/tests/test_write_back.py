"""What people said elsewhere is told to the systems that keep it as well."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tokui.connector import Ack, Destination, Preference
from tokui.errors import RateLimited, Unavailable
from tokui.model import Consent, Customer, Identifier
from tokui.outreach.declare import say
from tokui.store import cursors, profiles
from tokui.sync.worker import Plan
from tokui_contracts.context import context
from tokui_contracts.scripted import EVERYTHING, Scripted, in_order, page, script, told

DAY = datetime(2026, 9, 1, tzinfo=UTC)
MAIL = "Megu@Example.jp"


class Listening(Scripted, Destination):
    """A scripted source that is told what people want."""

    heard: list[Preference]
    refuses: str | None = None
    trouble: Exception | None = None

    @property
    def takes(self) -> Sequence[Any]:
        return ("email",)

    def push(self, preferences: Sequence[Preference]) -> Sequence[Ack]:
        if self.trouble:
            raise self.trouble
        self.heard.extend(preferences)
        return [Ack(self.refuses is None, self.refuses) for _ in preferences]


@pytest.fixture
def shop():
    """`shop(*pages)`: a plan of the connection `shop`, which listens; and what it was told."""
    heard: list[Preference] = []

    def plan(*pages: Any, **how: Any) -> Plan:
        def open_(stop):
            made = Listening("shop", context("shop", stop=stop), [(EVERYTHING, in_order(pages))])
            made.heard = heard
            vars(made).update(how)
            return made

        return Plan("shop", open_, takes_back=True)

    plan.heard = heard
    return plan


def person(key: str, *addresses: str, version: int | None = None) -> Customer:
    known = tuple(Identifier(kind="email", value=each, verified=True) for each in addresses)
    return Customer(external_id=key, source_version=version, identifiers=known)


def said(key: str, state: Any, days: int | None = 0, **more: Any) -> Consent:
    at = None if days is None else DAY + timedelta(days=days)
    whole = {"contact": "email", "evidence": "form", "occurred_at": at, **more}
    return Consent(external_id=key, customer=key, state=state, **whole)


MEGU = person("1", MAIL)
TWIN = person("9", MAIL.lower())


def states(shop) -> list[tuple[str, str, str]]:
    return [(each.customer, each.value, each.state) for each in shop.heard]


def test_a_no_said_elsewhere_is_told(store, shop):
    told(store, shop(page(MEGU, said("1", "granted"))))
    told(store, script("till", page(TWIN, said("9", "denied", 1))))
    report = told(store, shop([page()]))

    assert states(shop) == [("1", MAIL, "denied")]
    assert shop.heard[0].occurred_at == DAY + timedelta(days=1)
    assert report.connections[0].pushed.written == 1


def test_it_is_told_once(store, shop):
    told(store, script("till", page(TWIN, said("9", "denied"))))
    for _ in range(3):
        told(store, shop(page(MEGU), page(person("2"))))
    told(store, script("till", [], page(person("9", MAIL.lower(), version=2))))
    told(store, shop(page(MEGU), page(person("2"))))

    assert len(shop.heard) == 1


def test_its_own_word_is_not_told_back(store, shop):
    told(store, shop(page(MEGU, said("1", "revoked"))))

    assert shop.heard == []


def test_what_staff_wrote_on_its_own_customer_is_told(store, shop):
    told(store, shop(page(MEGU, said("1", "granted"))))
    with store.write() as tx:
        whose = profiles.place_of(tx, "shop", "1")[1]
        say(tx, whose, said("1", "denied", 1, contact="any"), "staff:Aoki")
    told(store, shop(page(MEGU, said("1", "granted"))))

    assert states(shop) == [("1", MAIL, "denied")]


def test_a_guest_has_no_account_to_be_told(store, shop):
    told(store, script("till", page(TWIN, said("9", "denied"))))
    told(store, shop(page(MEGU.model_copy(update={"guest": True}))))

    assert shop.heard == []


def test_what_it_knows_already_is_not_told(store, shop):
    told(store, script("till", page(TWIN, said("9", "denied", 1))))
    told(store, shop(page(MEGU, said("1", "revoked"))))

    assert shop.heard == []


def test_a_proven_yes_said_elsewhere_is_told(store, shop):
    told(store, script("till", page(TWIN, said("9", "granted"))))
    told(store, shop(page(MEGU, said("1", "unknown", None))))

    assert states(shop) == [("1", MAIL, "granted")]
    assert shop.heard[0].evidence == "form"


@pytest.mark.parametrize("evidence", [None, "import"])
def test_a_yes_without_proof_is_not_told(store, shop, evidence):
    told(store, script("till", page(TWIN, said("9", "granted", evidence=evidence))))
    told(store, shop(page(MEGU)))

    assert shop.heard == []


def test_nowhere_is_told_for_each_address(store, shop):
    told(store, script("till", page(TWIN, said("9", "denied", contact="any"))))
    told(store, shop(page(person("1", MAIL, "second@example.jp"))))

    assert sorted(each.value for each in shop.heard) == [MAIL, "second@example.jp"]


def test_a_no_beats_what_the_system_itself_dates_later(store, shop):
    told(store, script("till", page(TWIN, said("9", "denied"))))
    told(store, shop(page(MEGU, said("1", "granted", 5, evidence=None))))

    assert shop.heard[0].occurred_at == DAY + timedelta(days=5, seconds=1)


def test_what_is_refused_is_on_record_and_tried_again_when_something_changes(store, shop):
    told(store, script("till", page(TWIN, said("9", "denied"))))
    report = told(store, shop(page(MEGU), refuses="has no address"))
    again = told(store, shop(page(MEGU), page(person("1", MAIL, version=2))))

    assert dict(report.connections[0].pushed.refused) == {"has no address": 1}
    assert again.connections[0].pushed.written == 1


@pytest.mark.parametrize("trouble", [RateLimited("slow down"), RuntimeError("bug")])
def test_what_broke_off_goes_on_the_next_time(store, shop, trouble):
    told(store, script("till", page(TWIN, said("9", "denied"))))
    report = told(store, shop(page(MEGU), trouble=trouble))
    again = told(store, shop(page(MEGU)))

    assert list(report.connections[0].errors) == ["write-back"]
    assert report.exit_code == 5
    assert again.connections[0].pushed.written == 1


def test_a_connection_that_was_not_read_is_told_nothing(store, shop):
    def fail(ask, ctx):
        raise Unavailable("down")
        yield

    told(store, script("till", page(TWIN, said("9", "denied"))))
    plan = shop(page(MEGU))
    told(store, Plan("shop", lambda stop: _with(plan.open(stop), fail), takes_back=True))

    assert shop.heard == []


def _with(made: Listening, tell: Any) -> Listening:
    made.tells = [(EVERYTHING, tell)]
    return made


def test_a_sync_without_changes_writes_nothing_back_nor_down(store, shop):
    told(store, shop(page(MEGU)))
    with store.read() as tx:
        before = cursors.every(tx, "push:shop")
    told(store, shop(page(MEGU)))

    with store.read() as tx:
        assert cursors.every(tx, "push:shop") == before
