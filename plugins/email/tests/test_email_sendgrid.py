"""SendGrid: what is sent to it, what its answers mean, and what its events say."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tokui.connector import Parcel, Request
from tokui.errors import (
    AuthError,
    FatalError,
    QuotaExceeded,
    RateLimited,
    SkipItem,
    Unanswered,
    Unavailable,
)
from tokui.model import Consent, Delivery, Sender, Suppression
from tokui_contracts.context import context
from tokui_contracts.faults import Fault, FaultProxy
from tokui_contracts.mail import SendGridSandbox
from tokui_contracts.mail.sendgrid import API_KEY
from tokui_email.content import EmailContent
from tokui_email.events import READ, records
from tokui_email.sendgrid import SendGrid
from tokui_email.settings import SendGridSettings
from tokui_email.webhook import SIGNATURE, TIMESTAMP, verifier

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

KEY = "6f1c1b9a-0000-4000-8000-123456789abc"
NOW = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
WORDS = EmailContent(subject="件名", text="本文")
SENDER = Sender(name="福屋", postal_address="銀座1-1", complaints="03-1234-5678")
MARKETING = {
    "unsubscribe_address": "stop@shop.example",
    "unsubscribe_url": "https://shop.example/u",
    "signing_key": "a-secret-of-the-house-that-is-long-enough",
}


@pytest.fixture
def service():
    with SendGridSandbox() as service:
        yield service


@pytest.fixture
def proxy(service):
    with FaultProxy(service.url) as proxy:
        yield proxy


@pytest.fixture
def mail(service, proxy):
    built = []

    def build(**settings):
        known = {"from_address": "shop@shop.example", "api_key": API_KEY, "base_url": proxy.url}
        lent = replace(context("sendgrid"), sender={"ja": SENDER})
        built.append(SendGrid("sendgrid", SendGridSettings(**known | settings), lent))
        return built[-1]

    yield build
    for each in built:
        each.ctx.http.close()


def parcel(address="hanako@example.jp", purpose="service"):
    return Parcel(KEY, WORDS, (address,), purpose)


def test_a_message_is_sent_under_its_key(mail, service):
    (outcome,) = mail().send(parcel())

    (call,) = service.received
    assert (outcome.state, outcome.provider_id) == ("accepted", "message-1")
    assert call["personalizations"] == [
        {"to": [{"email": "hanako@example.jp"}], "custom_args": {"tokui_parcel": KEY}}
    ]
    assert call["from"] == {"email": "shop@shop.example", "name": "福屋"}
    assert call["content"] == [{"type": "text/plain", "value": "本文"}]


def test_marketing_carries_the_notice_and_the_headers_of_a_list(mail, service):
    mail(**MARKETING).send(parcel(purpose="marketing"))

    (call,) = service.received
    headers = call["personalizations"][0]["headers"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<https://shop.example/u?token=")
    assert "配信者：福屋" in call["content"][0]["value"]


@pytest.mark.parametrize("tracking", [False, True])
def test_nobody_is_watched_unless_the_shop_says_so(mail, service, tracking):
    mail(tracking=tracking).send(parcel())

    told = service.received[0]["tracking_settings"]
    assert told["open_tracking"] == {"enable": tracking}
    assert told["click_tracking"] == {"enable": tracking, "enable_text": False}
    assert told["subscription_tracking"] == {"enable": False}


@pytest.mark.parametrize("address", ["太郎@example.jp", "nobody"])
def test_what_it_does_not_take_is_refused_without_a_call(mail, proxy, address):
    (outcome,) = mail().send(parcel(address))

    assert outcome.state == "refused"
    assert proxy.requests == 0


def refusal(status, field=None, message="no"):
    return Fault(
        "edited",
        edit=lambda _: {"errors": [{"message": message, "field": field}]},
        status=status,
    )


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, FatalError),
        (401, AuthError),
        (403, AuthError),
        (413, FatalError),
        (429, RateLimited),
        (500, Unanswered),
        (502, Unanswered),
        (503, Unavailable),
        (504, Unanswered),
    ],
)
def test_each_status_has_its_meaning(mail, proxy, service, status, error):
    proxy.inject(Fault("broken", status=status))

    with pytest.raises(error) as caught:
        mail().send(parcel())

    assert type(caught.value) is error
    assert proxy.requests == 1


def test_a_limit_that_says_when_it_ends(mail, proxy):
    proxy.inject(Fault("limited", retry_after_s=40))

    with pytest.raises(RateLimited) as caught:
        mail().send(parcel())

    assert caught.value.retry_after_s == 40


def test_credits_that_are_used_up(mail, service):
    service.credits = 0

    with pytest.raises(QuotaExceeded, match="credits"):
        mail().send(parcel())


def test_an_address_that_sendgrid_finds_none_is_refused(mail, service, monkeypatch):
    monkeypatch.setattr("tokui_email.sendgrid.body", _without_at)

    (outcome,) = mail().send(parcel())

    assert (outcome.state, outcome.suppress) == ("refused", False)


def _without_at(letter, to, key, settings):
    return {"personalizations": [{"to": [{"email": "nobody"}]}]}


def events(service, mail, *kinds, **more):
    """What the events of these kinds say, through the signed webhook."""
    mail(webhook_verifier=service.verification_key).send(parcel())
    told = [service.event(number, kind, **more) for number, kind in enumerate(kinds)]
    receiver = mail(webhook_verifier=service.verification_key)
    notes = receiver.verify(service.webhook(told, NOW))
    return [record for note in notes for record in receiver.unpack(note)]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("delivered", "delivered"),
        ("deferred", "deferred"),
        ("open", "opened"),
        ("click", "clicked"),
    ],
)
def test_what_became_of_a_message(service, mail, kind, state):
    (delivery,) = events(service, mail, kind)

    assert (delivery.state, delivery.parcel, delivery.value) == (state, KEY, "hanako@example.jp")


def test_a_dead_mailbox_gets_nothing_more(service, mail):
    said = "550 5.1.1 <hanako@example.jp> unknown"
    delivery, suppression = events(service, mail, "bounce", type="bounce", reason=said)

    assert (delivery.state, delivery.reason) == ("bounced", "5.1.1")
    assert (suppression.stops, suppression.reason) == ("all", "bounce")


def test_a_mailbox_that_was_closed_for_a_time_may_get_more(service, mail):
    (delivery,) = events(service, mail, "bounce", type="blocked")

    assert delivery.state == "bounced"


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        ("Bounced Address", "bounce"),
        ("Spam Reporting Address", "complaint"),
        ("Unsubscribed Address", "unsubscribe"),
    ],
)
def test_what_sendgrid_knew_already(service, mail, why, reason):
    delivery, suppression = events(service, mail, "dropped", reason=why)

    assert (delivery.state, suppression.reason) == ("bounced", reason)


def test_a_complaint_stops_marketing(service, mail):
    (suppression,) = events(service, mail, "spamreport")

    assert (suppression.stops, suppression.reason) == ("marketing", "complaint")


@pytest.mark.parametrize("kind", ["unsubscribe", "group_unsubscribe"])
def test_a_refusal_stops_marketing_and_is_on_record(service, mail, kind):
    said = {type(each): each for each in events(service, mail, kind)}

    assert said[Suppression].stops == "marketing"
    assert (said[Consent].state, said[Consent].value) == ("revoked", "hanako@example.jp")


def test_coming_back_lifts_the_stop_and_is_no_yes(service, mail):
    (suppression,) = events(service, mail, "group_resubscribe")

    assert suppression.lifted


def test_a_machine_that_opens_a_mail_is_nobody(service, mail):
    assert events(service, mail, "open", sg_machine_open=True) == []


def test_an_event_told_twice_is_one(service, mail):
    assert len(events(service, mail, "delivered", "delivered", sg_event_id="same")) == 1


def test_a_message_of_another_program_may_still_stop_an_address(service, mail):
    (suppression,) = events(service, mail, "bounce", tokui_parcel=None)

    assert isinstance(suppression, Suppression)


def test_no_network_address_is_kept(service, mail):
    mail().send(parcel())
    receiver = mail(webhook_verifier=service.verification_key)

    (note,) = receiver.verify(service.webhook([service.event(1, "open")], NOW))

    assert set(note.payload) <= READ
    assert "192.0.2.1" not in str(note)


def test_a_signature_of_sendgrids_own_is_believed():
    told = json.loads((Path(__file__).parent / "fixtures/sendgrid-signed.json").read_text())
    headers = {SIGNATURE: told["signature"], TIMESTAMP: told["timestamp"]}
    request = Request("POST", "/", headers, told["payload"].encode(), NOW)

    assert verifier(told["public_key"])(request)
    assert not verifier(told["public_key"])(replace(request, body=request.body + b" "))


def test_without_a_key_nothing_is_believed(service, mail):
    with pytest.raises(AuthError, match="signature"):
        mail().verify(service.signed(b"[]", NOW))


def test_signed_nonsense_is_said(service, mail):
    receiver = mail(webhook_verifier=service.verification_key)

    with pytest.raises(SkipItem, match="no list of events"):
        receiver.verify(service.signed(b"[" * 100_000, NOW))


fields = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.integers())


@CALM
@given(
    st.sampled_from(["bounce", "dropped", "open", "unsubscribe", "delivered", "new"]),
    st.dictionaries(st.sampled_from(sorted(READ)), fields),
)
def test_an_event_of_any_form_is_records_or_refused(event, told):
    try:
        said = records(event, told)
    except ValidationError:
        return

    assert all(isinstance(each, Delivery | Suppression | Consent) for each in said)


def test_check_finds_what_is_missing(mail, service):
    well = mail(webhook_verifier=service.verification_key, **MARKETING).check()
    bare = mail().check()
    wrong = mail(api_key="SG.revoked").check()

    assert {each.level for each in well} == {"ok"}
    assert [each.level for each in bare].count("warning") == 2
    assert any(each.level == "problem" and each.todo for each in wrong)
