"""Mails that come back: reports (RFC 3464), complaints (RFC 5965), and requests to unsubscribe."""

from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, urlsplit

from tokui_contracts.mail.taken import Received


def delivery_report(
    received: Received, status: str = "5.1.1", action: str = "failed", recipient: str | None = None
) -> bytes:
    """A server's report on a message; `recipient` if it names another than it was sent to."""
    named = recipient or received.recipients[0]
    fields = (
        "Reporting-MTA: dns; mx.far.example\n\n"
        f"Final-Recipient: rfc822; {named}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {status[0]}50 {status} <{named}> said so\n"
    )
    said = "This is the mail system. A message could not be delivered.\n"
    return _report(received, "delivery-status", said, fields)


def complaint(received: Received, *, redacted: bool = False) -> bytes:
    """A provider's word that the person called the message spam; some hide who it was."""
    whom = "" if redacted else f"Original-Rcpt-To: <{received.recipients[0]}>\n"
    fields = f"Feedback-Type: abuse\nUser-Agent: Far/1.0\nVersion: 1\n{whom}"
    return _report(received, "feedback-report", "This is an abuse report.\n", fields, redacted)


def unsubscribing(received: Received, sender: str | None = None) -> bytes:
    """What a person's program sends when the `mailto:` link of the message is followed."""
    links = str(received.message["List-Unsubscribe"])
    mailto = urlsplit(links[links.index("mailto:") :].partition(">")[0])
    message = EmailMessage(SMTP)
    message["From"] = sender or received.recipients[0]
    message["To"] = mailto.path
    message["Subject"] = parse_qs(mailto.query)["subject"][0]
    message.set_content("")
    return message.as_bytes()


def _report(received: Received, kind: str, said: str, fields: str, redacted: bool = False) -> bytes:
    head = received.content.partition(b"\r\n\r\n")[0].decode().splitlines()
    kept = "\n".join(line for line in head if not (redacted and line.startswith("To:")))
    text = _REPORT.format(to=received.sender, kind=kind, said=said, fields=fields, head=kept)
    return text.replace("\n", "\r\n").encode()


_REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@mx.far.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="=_returned"

--=_returned
Content-Type: text/plain; charset=us-ascii

{said}
--=_returned
Content-Type: message/{kind}

{fields}
--=_returned
Content-Type: text/rfc822-headers

{head}

--=_returned--
"""
