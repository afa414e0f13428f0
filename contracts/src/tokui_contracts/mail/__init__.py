"""A mail server on loopback, with what it may do wrong, and the mails that come back of what it took."""

from tokui_contracts.mail.returned import complaint, delivery_report, unsubscribing
from tokui_contracts.mail.sandbox import MailSandbox
from tokui_contracts.mail.taken import MailFault, Received

__all__ = [
    "MailFault",
    "MailSandbox",
    "Received",
    "complaint",
    "delivery_report",
    "unsubscribing",
]
