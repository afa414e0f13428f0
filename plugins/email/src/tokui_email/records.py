"""From what a mail says to records."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from tokui.errors import SkipItem
from tokui.model import Consent, Delivery, Record, Suppression

from tokui_email.address import folded
from tokui_email.inbound import Heard, heard
from tokui_email.settings import SmtpSettings
from tokui_email.verdict import verdict

KINDS: tuple[type[Record], ...] = (Suppression, Delivery, Consent)

Reason = Literal["bounce", "complaint", "unsubscribe"]

_STATES: Mapping[str, Literal["bounced", "deferred", "delivered"]] = {
    "failed": "bounced",
    "delayed": "deferred",
    "delivered": "delivered",
}


class Mail(BaseModel):
    """
    One mail as an item.

    Attributes:
        id: Its unique name in the folder, or the hash of it where it was handed over.
        received_at: When it was put there.
        mail: Its bytes, as Latin-1.
        earlier: When other messages to the same address failed for a time.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: Annotated[str, Field(min_length=1, max_length=512)]
    received_at: AwareDatetime
    mail: str
    earlier: tuple[AwareDatetime, ...] = ()

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        return self.mail.encode("latin-1")


def records(mail: Mail, settings: SmtpSettings) -> list[Record]:
    """
    All that a mail says. Pure.

    Raises:
        SkipItem: It is a report on a message of ours, and cannot be understood.
    """
    return [
        record for each in heard(mail.raw, settings) for record in _records(each, mail, settings)
    ]


def is_soft(said: Heard) -> bool:
    """Whether a message failed, and the next one to that address may not."""
    return said.about == "failed" and verdict(None, said.status) != "dead"


def customer_id(address: str) -> str:
    """
    Under which id this connection knows somebody by the address alone.

    There is no customer record under it: a mailbox says nothing of who somebody is.
    """
    return f"address:{hashlib.sha256(folded(address).encode()).hexdigest()[:32]}"


def _records(said: Heard, mail: Mail, settings: SmtpSettings) -> Iterator[Record]:
    if said.about == "unclear":
        if said.address:
            raise SkipItem(
                f"{mail.id} is a report on a message of ours that cannot be understood",
                todo="read it, and say what it means",
            )
        return
    if said.about == "complaint" and said.address:
        yield suppression(mail.id, said.address, "complaint", mail.received_at, said.status)
    elif said.about == "unsubscribe" and said.address:
        yield from _unsubscribed(said, said.address, mail)
    elif said.key:
        yield from _delivered(said, said.key, mail, settings)


def _delivered(said: Heard, key: str, mail: Mail, settings: SmtpSettings) -> Iterator[Record]:
    yield Delivery(
        external_id=mail.id,
        parcel=key,
        value=said.address,
        state=_STATES[said.about],
        occurred_at=mail.received_at,
        reason=said.status,
    )
    if said.about != "failed" or not said.address:
        return
    if not is_soft(said):
        yield suppression(mail.id, said.address, "bounce", mail.received_at, said.status)
    elif settings.soft_bounces and len(mail.earlier) + 1 >= settings.soft_bounces:
        detail = f"{len(mail.earlier) + 1} temporary failures in {settings.soft_days} days"
        yield suppression(mail.id, said.address, "bounce", mail.received_at, detail)


def _unsubscribed(said: Heard, address: str, mail: Mail) -> Iterator[Record]:
    """The law lets a person refuse by any mail; only a link of ours proves who refuses."""
    if said.claim:
        yield from refused(mail.id, address, mail.received_at, "unsubscribe_mail")
    else:
        detail = "by mail, without the link"
        yield suppression(mail.id, address, "unsubscribe", mail.received_at, detail)


def refused(external_id: str, address: str, at: datetime, evidence: str) -> Sequence[Record]:
    """
    What a proven refusal gives: marketing stops, and the ledger of consents says why.

    It stops all marketing, of whatever topic the message was: the doubt favours the person.
    """
    who = customer_id(address)
    consent = Consent(
        external_id=f"{who}|email",
        customer=who,
        contact="email",
        value=address,
        purpose="marketing",
        state="revoked",
        occurred_at=at,
        evidence=evidence,
        reference=external_id,
    )
    return suppression(external_id, address, "unsubscribe", at, evidence), consent


def suppression(
    external_id: str, address: str, reason: Reason, at: datetime, detail: str | None
) -> Suppression:
    """A bounce stops everything to an address, a complaint or refusal marketing."""
    return Suppression(
        external_id=external_id,
        contact="email",
        value=address,
        stops="all" if reason == "bounce" else "marketing",
        reason=reason,
        occurred_at=at,
        detail=detail,
    )
