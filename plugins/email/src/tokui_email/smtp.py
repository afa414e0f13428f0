"""E-mail over SMTP, and what comes back of it."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from email.headerregistry import Address
from functools import cached_property

from pydantic import JsonValue
from tokui.connector import (
    Checkable,
    Custodian,
    Finding,
    Item,
    Note,
    Outcome,
    Page,
    Parcel,
    Pull,
    Receipt,
    Receiver,
    Refetch,
    Request,
    Source,
    Stream,
)
from tokui.errors import AuthError, PolicyRefusal
from tokui.model import Record

from tokui_email.address import route
from tokui_email.channel import MailChannel
from tokui_email.checking import smtp_findings
from tokui_email.exchange import Exchange
from tokui_email.inbound import heard
from tokui_email.letter import only
from tokui_email.maildir import LONGEST_MAIL, Maildir
from tokui_email.message import written
from tokui_email.outcomes import outcome
from tokui_email.records import KINDS, Mail, customer_id, records
from tokui_email.settings import SmtpSettings
from tokui_email.signing import signed
from tokui_email.stamp import envelope_sender, stamp

BOUNCES = Stream("bounces", KINDS)
SIGNATURE = "x-tokui-signature"


class Smtp(MailChannel[SmtpSettings], Source, Receiver, Custodian, Checkable):
    """
    Sends by a mail server, and reads what comes back in a maildir.

    SMTP knows no keys: what was interrupted is `unknown`. Each message has one address, for its
    links to unsubscribe are that person's own.
    """

    Settings = SmtpSettings
    at_once = 2  # connections; many servers allow a client no more than a few

    @cached_property
    def _exchange(self) -> Exchange:
        return Exchange(self.name, self.settings, self.ctx.stop)

    def close(self) -> None:
        """Hang up. What is not closed hangs up when it is forgotten."""
        self._exchange.close()

    # --- Channel ---------------------------------------------------------------------------------

    def ready(self) -> None:
        """Have a connection."""
        with self._exchange.session():
            pass

    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        """Hand the parcel's one message to the server."""
        address = only(self.name, parcel)
        try:
            to = route(address)
            sender, mail = self.mail(parcel, address)
        except ValueError as error:
            return [Outcome(address, "refused", str(error))]
        with self._exchange.session() as session:
            reply = session.deliver(sender, to, mail)
        return [outcome(self.name, address, reply)]

    def mail(self, parcel: Parcel, address: str) -> tuple[str, bytes]:
        """
        The envelope's sender and the bytes of one message, signed where that is configured.

        Raises:
            ValueError: The address is none.
        """
        settings = self.settings
        mark = stamp(settings.secret, parcel.key, address)
        letter = self.letterhead.letter(parcel, address)
        sender = Address(letter.from_name or "", addr_spec=settings.from_address)
        message_id = f"{mark}@{settings.domain}"
        mail = written(letter, sender, settings.reply_to, message_id, self.ctx.now())
        if settings.dkim:
            mail = signed(mail, settings.dkim, settings.domain)
        bounces = settings.bounce_address
        return envelope_sender(bounces, mark) if bounces else settings.from_address, mail

    # --- Source ----------------------------------------------------------------------------------

    @property
    def _maildir(self) -> Maildir | None:
        folder = self.settings.maildir
        return Maildir(folder, self.settings, self.ctx) if folder else None

    def streams(self) -> Sequence[Stream]:
        """`bounces`, where a maildir is configured."""
        return (BOUNCES,) if self.settings.maildir else ()

    def pull(self, ask: Pull) -> Iterator[Page]:
        """Mails that arrived."""
        return self._maildir.pages(ask) if self._maildir else iter(())

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        """What a mail says of a message or an address; nothing, where it is neither."""
        return records(Mail.model_validate(item), self.settings)

    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        """Mails that are still there."""
        return self._maildir.fetch(frozenset(ids)) if self._maildir else ()

    # --- Receiver --------------------------------------------------------------------------------

    def verify(self, request: Request) -> Sequence[Note]:
        """
        One raw mail, signed with the secret by whoever hands it over: HMAC-SHA256, in hexadecimal.

        Temporary failures are counted in the maildir only.
        """
        secret = self.settings.inbound_secret
        key = secret.get_secret_value().encode() if secret else b""
        expected = hmac.new(key, request.body, hashlib.sha256).hexdigest().encode()
        shown = request.headers.get(SIGNATURE, "").encode()
        if not (hmac.compare_digest(shown, expected) and secret):
            raise AuthError(
                "a mail was handed over without a right signature",
                who=self.name,
                todo=f"set inbound_secret, and sign the mail with it in the header {SIGNATURE}",
            )
        name = hashlib.sha256(request.body).hexdigest()
        mail = Mail(
            id=name,
            received_at=request.received_at,
            mail=request.body[:LONGEST_MAIL].decode("latin-1"),
        )
        return [Note(name, "mail", mail.model_dump(mode="json"))]

    def unpack(self, note: Note) -> Iterable[Record | Refetch]:
        """As `parse`."""
        return records(Mail.model_validate(note.payload), self.settings)

    # --- Custodian -------------------------------------------------------------------------------

    def export(self, external_ids: Sequence[str]) -> Mapping[str, JsonValue]:
        """Mails in the maildir that speak of these addresses."""
        return {"bounces": [dict(item) for item in self._about(frozenset(external_ids))]}

    def erase(self, external_ids: Sequence[str]) -> Receipt:
        """
        Attest that no mail speaks of them any more. The folder is the mail server's: it is not changed.

        Raises:
            PolicyRefusal: Mails still do; it names the files.
        """
        names = [str(item["id"]) for item in self._about(frozenset(external_ids))]
        if names:
            raise PolicyRefusal(
                f"the maildir still holds {len(names)} mails: {', '.join(names[:20])}",
                who=self.name,
                todo="delete these files",
            )
        return Receipt({}, self.ctx.now())

    def _about(self, ids: frozenset[str]) -> Iterator[Item]:
        if not self._maildir:
            return
        everything = [each.name for each in self._maildir.listed()]
        for item in self._maildir.fetch(frozenset(everything)):
            said = heard(Mail.model_validate(item).raw, self.settings)
            if any(each.address and customer_id(each.address) in ids for each in said):
                yield item

    # --- Checkable -------------------------------------------------------------------------------

    def check(self) -> Sequence[Finding]:
        """Say hello to the server; look at what marketing and bounces need."""
        return tuple(smtp_findings(self.name, self.settings, self.ctx, self._exchange))
