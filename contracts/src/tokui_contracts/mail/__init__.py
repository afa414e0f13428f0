"""Mail servers on loopback, SMTP and SendGrid, what they may do wrong, and what comes back later."""

from tokui_contracts.mail.returned import complaint, delivery_report, unsubscribing
from tokui_contracts.mail.sandbox import MailSandbox
from tokui_contracts.mail.sendgrid import SendGridSandbox
from tokui_contracts.mail.taken import MailFault, Received

__all__ = [
    "MailFault",
    "MailSandbox",
    "Received",
    "SendGridSandbox",
    "complaint",
    "delivery_report",
    "unsubscribing",
]
