"""The mail sandboxes take what a program that is not ours sends, and do wrong what they are told to."""

import http.client
import json
import smtplib
import ssl
from datetime import UTC, datetime

import pytest
from tokui_contracts.mail import (
    MailFault,
    MailSandbox,
    SendGridSandbox,
    complaint,
    delivery_report,
    unsubscribing,
)
from tokui_contracts.mail.sandbox import PASSWORD, USERNAME
from tokui_contracts.mail.sendgrid import API_KEY

MAIL = (
    b"Subject: hello\r\nList-Unsubscribe: <mailto:u@shop.example?subject=unsubscribe%20t>\r\n\r\nhi"
)


@pytest.fixture
def mail():
    with MailSandbox() as mail:
        yield mail


def send(mail, login=False):
    with smtplib.SMTP(mail.host, mail.port, timeout=5) as client:
        client.starttls(context=ssl.create_default_context(cafile=str(mail.authority)))
        if login:
            client.login(USERNAME, PASSWORD)
        client.sendmail("shop@shop.example", ["h@example.jp"], MAIL)


def test_it_keeps_what_it_takes(mail):
    send(mail)

    (received,) = mail.received
    assert (received.sender, received.recipients) == ("shop@shop.example", ("h@example.jp",))
    assert received.message["Subject"] == "hello"
    assert received.text.strip() == "hi"


def test_it_takes_nothing_without_tls(mail):
    with (
        smtplib.SMTP(mail.host, mail.port, timeout=5) as client,
        pytest.raises(smtplib.SMTPResponseException, match="STARTTLS"),
    ):
        client.sendmail("shop@shop.example", ["h@example.jp"], MAIL)

    assert mail.received == []


def test_it_takes_nothing_without_the_login():
    with MailSandbox(login=True) as mail:
        with pytest.raises(smtplib.SMTPResponseException):
            send(mail)
        send(mail, login=True)

    assert len(mail.received) == 1


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        (MailFault("answer", "rcpt", "550 5.1.1 nobody"), 0),
        (MailFault("answer", "data", "451 4.3.0 later"), 0),
        (MailFault("drop", "mail"), 0),
        (MailFault("drop", "body"), 0),
        (MailFault("drop", "data"), 1),
        (MailFault("silent", "data", seconds=0.1), 1),
    ],
)
def test_what_it_does_wrong_it_does_once(mail, fault, taken):
    mail.inject(fault, after=1)
    send(mail)
    with pytest.raises((smtplib.SMTPException, OSError)):
        send(mail)
    send(mail)

    assert (len(mail.received), mail.begun) == (2 + taken, 3)


def test_what_comes_back_goes_where_it_belongs(mail):
    send(mail)
    (received,) = mail.received

    assert b"To: shop@shop.example\r\n" in delivery_report(received)
    assert b"Feedback-Type: abuse" in complaint(received)
    assert b"To: u@shop.example\r\nSubject: unsubscribe t\r\n" in unsubscribing(received)


def post(url, key=API_KEY):
    person = {"to": [{"email": "h@example.jp"}], "custom_args": {"parcel": "k"}}
    client = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    headers = {"Authorization": f"Bearer {key}"}
    client.request("POST", "/v3/mail/send", json.dumps({"personalizations": [person]}), headers)
    status = client.getresponse().status
    client.close()
    return status


def test_sendgrid_takes_mail_while_there_are_credits():
    with SendGridSandbox() as sendgrid:
        sendgrid.credits = 1
        statuses = [post(sendgrid.url, "SG.other"), post(sendgrid.url), post(sendgrid.url)]

    assert statuses == [401, 202, 401]
    assert len(sendgrid.received) == 1


def test_sendgrids_events_bear_what_the_message_bore():
    with SendGridSandbox() as sendgrid:
        post(sendgrid.url)
        request = sendgrid.webhook(
            [sendgrid.event(1, "delivered")], datetime(2026, 1, 1, tzinfo=UTC)
        )

    (event,) = json.loads(request.body)
    assert (event["email"], event["parcel"], event["event"]) == ("h@example.jp", "k", "delivered")
    assert "x-twilio-email-event-webhook-signature" in request.headers
