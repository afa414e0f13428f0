"""What comes back of a message, and what it proves."""

import contextlib
import hmac
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokui.connector import Request
from tokui.errors import AuthError, SkipItem
from tokui.model import Consent, Delivery, Suppression
from tokui_contracts.mail import complaint, delivery_report, unsubscribing
from tokui_email.inbound import heard
from tokui_email.records import Mail, records
from tokui_email.settings import SmtpSettings
from tokui_email.smtp import SIGNATURE

AT = datetime(2026, 10, 2, tzinfo=UTC)
EARLIER = (datetime(2026, 9, 20, tzinfo=UTC), datetime(2026, 9, 25, tzinfo=UTC))
SETTINGS = SmtpSettings(
    host="mail.shop.example",
    from_address="shop@shop.example",
    bounce_address="bounce@shop.example",
    unsubscribe_address="unsubscribe@shop.example",
    signing_key="a-secret-of-the-house-that-is-long-enough",
)

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FOREIGN = Path(__file__).parent / "fixtures"


@pytest.fixture
def received(smtp, server, parcel):
    smtp(unsubscribe_url="https://shop.example/u").send(parcel(purpose="marketing"))
    return server.received[0]


def said(mail, earlier=()):
    item = Mail(id="1.host", received_at=AT, mail=mail.decode("latin-1"), earlier=earlier)
    return {type(each): each for each in records(item, SETTINGS)}


def test_a_dead_mailbox_gets_nothing_more(received):
    records = said(delivery_report(received, "5.1.1"))

    assert records[Delivery].state == "bounced"
    assert records[Delivery].parcel == "6f1c1b9a-0000-4000-8000-123456789abc"
    assert records[Suppression].value == "hanako@example.jp"
    assert (records[Suppression].stops, records[Suppression].reason) == ("all", "bounce")
    assert records[Suppression].occurred_at == AT


@pytest.mark.parametrize("status", ["4.2.2", "5.2.2", "5.7.1"])
def test_one_failure_for_a_time_stops_nothing(received, status):
    assert set(said(delivery_report(received, status))) == {Delivery}


def test_the_third_in_a_month_does(received):
    assert Suppression not in said(delivery_report(received, "4.2.2"), EARLIER[:1])

    suppression = said(delivery_report(received, "4.2.2"), EARLIER)[Suppression]
    assert suppression.detail == "3 temporary failures in 30 days"


@pytest.mark.parametrize(("action", "state"), [("delayed", "deferred"), ("delivered", "delivered")])
def test_what_is_no_failure(received, action, state):
    records = said(delivery_report(received, "4.4.1", action), EARLIER)

    assert records[Delivery].state == state
    assert Suppression not in records


def test_a_report_on_somebody_else_proves_nothing(received):
    head = received.content.replace(b"To: hanako@", b"To: victim@")
    head = b"\r\n".join(
        line for line in head.split(b"\r\n") if b"token" not in line and b"mailto" not in line
    )
    forged = type(received)(received.sender, ("victim@example.jp",), head)

    records = said(delivery_report(forged))

    assert set(records) == {Delivery}
    assert records[Delivery].value is None


def test_a_report_without_our_mark_says_nothing(received):
    stranger = type(received)("bounce@shop.example", received.recipients, b"To: a@b.example\r\n")

    assert said(delivery_report(stranger)) == {}


def test_a_mark_of_another_house_suppresses_nobody(received):
    fake = received.sender.replace(received.sender.partition(".")[2][:3], "aaa")
    forged = type(received)(fake, received.recipients, b"Subject: x\r\n\r\n")

    assert Suppression not in said(delivery_report(forged))


def test_a_bounce_to_the_plain_address_is_known_by_its_message_id(received):
    plain = type(received)("shop@shop.example", received.recipients, received.content)

    assert said(delivery_report(plain))[Suppression].value == "hanako@example.jp"


def test_a_bounce_of_a_forwarded_address_stops_the_one_that_was_written_to(received):
    report = delivery_report(received, recipient="hanako@new.example")

    assert said(report)[Suppression].value == "hanako@example.jp"


@pytest.mark.parametrize("redacted", [False, True])
def test_a_complaint_stops_marketing(received, redacted):
    (suppression,) = said(complaint(received, redacted=redacted)).values()

    assert suppression.value == "hanako@example.jp"
    assert (suppression.stops, suppression.reason) == ("marketing", "complaint")


def test_a_word_that_it_is_no_spam_is_no_complaint(received):
    assert said(complaint(received).replace(b"abuse\r\n", b"not-spam\r\n")) == {}


@pytest.mark.parametrize("sender", [None, "another@example.jp"])
def test_a_followed_link_stops_marketing_and_is_on_record(received, sender):
    records = said(unsubscribing(received, sender))

    assert records[Suppression].value == "hanako@example.jp"
    assert (records[Suppression].stops, records[Suppression].reason) == ("marketing", "unsubscribe")
    consent = records[Consent]
    assert (consent.value, consent.state) == ("hanako@example.jp", "revoked")
    assert (consent.purpose, consent.topic, consent.evidence) == (
        "marketing",
        None,
        "unsubscribe_mail",
    )
    assert "hanako" not in consent.customer


def test_a_reply_that_keeps_the_token_counts(received):
    mail = unsubscribing(received).replace(b"Subject: unsubscribe", b"Subject: Re: unsubscribe")

    assert Consent in said(mail)


@pytest.mark.parametrize("wish", ["unsubscribe", "配信停止希望", "Please STOP"])
def test_a_wish_without_the_link_is_heeded_but_proves_nobodys_consent(wish):
    mail = f"From: h@example.jp\nTo: unsubscribe@shop.example\nSubject: {wish}\n\n".encode()

    (suppression,) = said(mail).values()

    assert (suppression.value, suppression.stops) == ("h@example.jp", "marketing")


def test_other_mail_says_nothing():
    assert said(b"From: a@b.example\nTo: unsubscribe@shop.example\nSubject: Hello\n\nBuy!") == {}
    assert said(b"From: a@b.example\nTo: shop@shop.example\nSubject: unsubscribe\n\n") == {}


def test_an_answer_of_a_machine_is_no_bounce(received):
    away = f"From: hanako@example.jp\nTo: {received.sender}\nSubject: Out of office\n\nAway.\n"

    assert said(away.encode()) == {}


def test_a_bounce_in_words_of_its_own(received):
    qmail = (
        f"From: MAILER-DAEMON@far.example\nTo: {received.sender}\nSubject: failure notice\n\n"
        "Hi. This is the qmail-send program at far.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<hanako@example.jp>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n"
    )

    records = said(qmail.encode())

    assert records[Delivery].state == "bounced"
    assert records[Suppression].detail == "5.1.1"


@pytest.mark.parametrize(
    ("file", "state", "status", "dead"),
    [
        ("exchange", "bounced", "5.1.10", True),
        ("exim", "bounced", "5.0.0", False),
        ("gmail", "bounced", "5.1.1", True),
        ("postfix", "bounced", "5.1.1", True),
        ("postfix-delayed", "deferred", "4.4.1", False),
        ("postfix-full", "bounced", "5.2.2", False),
        ("postfix-utf8", "bounced", "5.1.1", True),
    ],
)
def test_bounces_as_servers_write_them(received, file, state, status, dead):
    text = (FOREIGN / f"bounce-{file}.eml").read_text("utf-8")
    mark = received.sender.partition("+")[2].partition("@")[0]

    records = said(text.replace("MARK", mark).encode())

    assert (records[Delivery].state, records[Delivery].reason) == (state, status)
    assert records[Delivery].value == "hanako@example.jp"
    assert (Suppression in records) == dead


def test_a_report_of_ours_that_says_nothing_is_set_aside(received):
    empty = delivery_report(received).replace(b"Final-Recipient", b"X-A")
    empty = empty.replace(b"Action", b"X-B")

    with pytest.raises(SkipItem, match="cannot be understood") as caught:
        said(empty)

    assert "hanako" not in str(caught.value)


@CALM
@given(st.binary(max_size=500))
def test_hostile_bytes_say_nothing(mail):
    assert said(mail) == {}


HEADS = ["From", "To", "Subject", "Content-Type", "MIME-Version", "Message-ID", "Action", "Status"]
VALUES = [
    "multipart/report; boundary=x",
    "multipart/report; boundary=",
    "message/delivery-status",
    "message/feedback-report",
    "message/rfc822",
    'text/plain; charset="nonsense"',
    "=?utf-8?q?=FF?=",
    "=?nonsense?b?x?=",
    "failed",
    "5.1.1",
    "bounce+6f1c1b9a-0000-4000-8000-123456789abc.aaaaaaaaaa@shop.example",
    "unsubscribe@shop.example",
    "\udcff",
]


@CALM
@given(
    st.lists(
        st.one_of(
            st.builds("{}: {}".format, st.sampled_from(HEADS), st.sampled_from(VALUES)),
            st.sampled_from(["", "--x", "--x--", "rfc822;a@b.example", "Action: failed"]),
        ),
        max_size=40,
    )
)
def test_mail_that_is_half_a_report_says_nothing_and_breaks_nothing(lines):
    mail = "\r\n".join(lines).encode("utf-8", "surrogateescape")

    for each in heard(mail, SETTINGS):
        assert each.address is None


@CALM
@given(st.data())
def test_a_report_that_was_damaged_breaks_nothing(data):
    mail = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 20))):
        place = data.draw(st.integers(0, len(mail) - 1))
        mail[place] = data.draw(st.integers(0, 255))

    with contextlib.suppress(SkipItem):
        said(bytes(mail))


SAMPLE = (
    b"To: bounce+6f1c1b9a-0000-4000-8000-123456789abc.aaaaaaaaaa@shop.example\r\n"
    b'Content-Type: multipart/report; boundary="x"\r\n\r\n'
    b"--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\n"
    b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    b"--x\r\nContent-Type: message/rfc822\r\n\r\nTo: a@b.example\r\n\r\nhello\r\n--x--\r\n"
)


def test_a_mail_in_a_mail_in_a_mail_comes_to_an_end():
    nested = b"Content-Type: message/rfc822\n\n" * 8000 + b"To: a@b.example\n\n"

    assert said(nested) == {}


def handed(body, secret="a-secret-of-the-pipe"):
    headers = {SIGNATURE: hmac.new(secret.encode(), body, "sha256").hexdigest()}
    return Request("POST", "/", headers, body, AT)


def test_a_single_mail_may_be_handed_over(smtp, received):
    mail = smtp(inbound_secret="a-secret-of-the-pipe")

    (note,) = mail.verify(handed(delivery_report(received)))

    kinds = {type(each) for each in mail.unpack(note)}
    assert kinds == {Delivery, Suppression}
    assert mail.verify(handed(delivery_report(received)))[0].event_id == note.event_id


@pytest.mark.parametrize("configured", ["a-secret-of-the-pipe", None])
def test_a_mail_from_anybody_is_not_taken(smtp, received, configured):
    mail = smtp(inbound_secret=configured)

    with pytest.raises(AuthError):
        mail.verify(handed(delivery_report(received), "a-guess"))
