"""The core's own rules: what each refuses, what it lets pass, and which of several is told."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokui.config import CapSettings, OutreachSettings, QuietSettings
from tokui.model import Consent, Customer, Gone, Identifier, Suppression, microseconds
from tokui.outreach.allow import denied, strictest
from tokui.store import messages, profiles, suppressions, turns
from tokui.store.messages import Denied, New
from tokui.store.tables import MessageRow
from tokui_contracts.scripted import page, script, told

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
BEFORE = NOW - timedelta(days=30)
POINT = "email:*:aya@example.com"
AWAKE = QuietSettings(start=time(0), end=time(0))
RULES = OutreachSettings(quiet=AWAKE)
AYA = Customer(
    external_id="1",
    identifiers=(
        Identifier(kind="email", value="aya@example.com"),
        Identifier(kind="phone", value="090-1357-2468"),
    ),
)
YES = Consent(
    external_id="1:email",
    customer="1",
    contact="email",
    state="granted",
    occurred_at=BEFORE,
    evidence="form",
)


def no(purpose):
    return YES.model_copy(
        update={"state": "denied", "purpose": purpose, "external_id": f"1:{purpose}"}
    )


@pytest.fixture
def aya(store):
    told(store, script("shop", page(AYA, YES)))
    return store


def drafts(tx, count=1, **fields):
    customer_id, _ = profiles.place_of(tx, "shop", "1")
    said = {"connection": "mail", "point": POINT, "purpose": "marketing"} | fields
    new = New(customer_id, address="aya@example.com", content="{}", author="staff:森", **said)
    return messages.these(tx, turns.draft(tx, [new] * count))


def asked(store, rules=RULES, *, sending=False, now=NOW, **fields):
    """Rule and reason against one message; None lets it pass."""
    with store.write() as tx:
        (message,) = drafts(tx, **fields)
        said = denied(tx, rules, [message], now, sending=sending).get(message.id)
    return said and (said.rule, said.reason)


def suppress(store, **fields):
    said = {
        "external_id": "s",
        "contact": "email",
        "value": "aya@example.com",
        "stops": "all",
        "reason": "bounce",
        "occurred_at": BEFORE,
    }
    with store.write() as tx:
        suppressions.append(tx, "mail", [(POINT, Suppression.model_validate(said | fields))])


def sent(tx, days_ago, **fields):
    """Messages that went out so many days before now."""
    made = drafts(tx, len(days_ago), **fields)
    at = [microseconds(NOW - timedelta(days=days)) for days in days_ago]
    rows = [("sent", us, each.id) for us, each in zip(at, made, strict=True)]
    tx.update(MessageRow, ("state", "sent_at"), rows)


def test_with_consent_and_a_contact_point_it_may_go_out(aya):
    assert asked(aya) is None


def test_what_is_no_contact_point_of_theirs_any_more_is_refused(aya):
    told(aya, script("shop", page(AYA, YES), page(Gone(external_id="1", kind="customer"))))

    assert asked(aya) == ("contact", "gone")


def test_who_has_none_is_refused_for_that(aya):
    assert asked(aya, point="email:*:") == ("contact", "none")


@pytest.mark.parametrize(
    ("purpose", "point", "refused"),
    [
        ("marketing", "phone:*:+819013572468", ("consent", "unknown")),
        ("service", "phone:*:+819013572468", None),
        ("transactional", "phone:*:+819013572468", None),
    ],
)
def test_marketing_alone_needs_a_yes_and_a_yes_is_of_one_contact_point(
    aya, purpose, point, refused
):
    assert asked(aya, purpose=purpose, point=point) == refused


@pytest.mark.parametrize(
    ("purpose", "refused"), [("service", ("consent", "denied")), ("transactional", None)]
)
def test_a_no_to_service_is_heard_and_what_is_owed_is_sent(store, purpose, refused):
    told(store, script("shop", page(AYA, YES, no(purpose))))

    assert asked(store, purpose=purpose) == refused


@pytest.mark.parametrize(
    ("stops", "purpose", "refused"),
    [
        ("all", "transactional", ("suppression", "bounce")),
        ("marketing", "transactional", None),
        ("marketing", "marketing", ("suppression", "bounce")),
    ],
)
def test_nothing_passes_a_suppression_of_all_that_is_sent(aya, stops, purpose, refused):
    suppress(aya, stops=stops)

    assert asked(aya, purpose=purpose) == refused


def test_a_block_of_one_account_stops_that_account_only(aya):
    suppress(aya, account_only=True, reason="block")

    assert asked(aya) == ("suppression", "block")
    assert asked(aya, connection="other") is None


def test_approval_is_asked_for_when_it_is_sent_unless_the_configuration_gives_it(aya):
    ruled = RULES.model_copy(update={"approve": ("marketing",)})

    assert asked(aya, sending=True) == ("approval", "missing")
    assert asked(aya, sending=False) is None
    assert asked(aya, ruled, sending=True) is None


@pytest.mark.parametrize(
    ("purpose", "refused"),
    [("marketing", ("quiet", "hours")), ("service", None), ("transactional", None)],
)
def test_quiet_hours_are_of_marketing_only(aya, purpose, refused):
    night = OutreachSettings()

    assert asked(aya, night, now=NOW + timedelta(hours=10), purpose=purpose) == refused


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    ago=st.lists(st.integers(0, 20), max_size=6),
    others=st.lists(st.integers(0, 20), max_size=4),
    cap=st.builds(CapSettings, messages=st.integers(0, 4), days=st.integers(1, 15)),
)
def test_the_cap_counts_what_went_out_lately_of_one_purpose_by_all_channels(aya, ago, others, cap):
    rules = OutreachSettings.model_validate({"quiet": AWAKE, "cap": {"marketing": cap}})

    with aya.write(dry_run=True) as tx:
        sent(tx, ago, connection="line")
        sent(tx, others, purpose="service")
        (message,) = drafts(tx)
        said = denied(tx, rules, [message], NOW, sending=False)

    lately = sum(days <= cap.days for days in ago)
    expected = {message.id: Denied("cap", "reached")} if lately >= cap.messages else {}
    assert said == expected


@pytest.mark.parametrize("count", [1, 2, 5])
def test_those_that_may_go_out_count_for_those_after_them(aya, count):
    with aya.write(dry_run=True) as tx:
        made = drafts(tx, count)
        said = denied(tx, RULES, made, NOW, sending=False)

    assert [*said] == [each.id for each in made[2:]]


def test_a_message_does_not_count_against_itself(aya):
    once = OutreachSettings.model_validate({"quiet": AWAKE, "cap": {"marketing": {"messages": 1}}})

    with aya.write(dry_run=True) as tx:
        sent(tx, [0])
        made = messages.find(tx)
        said = denied(tx, once, made, NOW, sending=False)

    assert said == {}


refusals = st.tuples(st.sampled_from("abc"), st.text("xyz", max_size=2)).map(
    lambda said: Denied(*said)
)
waits = st.datetimes(timezones=st.just(UTC)).map(lambda until: Denied("w", "w", until))
held = st.just(Denied("h", "h", held=True))


@given(st.lists(refusals | waits | held | st.none(), max_size=8))
def test_the_strictest_wins(said):
    told_of = strictest(said)
    every = [each for each in said if each]
    refused = [each for each in every if not (each.until or each.held)]

    if refused:
        assert told_of == refused[0]
    elif any(each.held for each in every):
        assert told_of.held
    else:
        latest = max((each.until for each in every), default=None)
        assert (told_of and told_of.until) == latest
