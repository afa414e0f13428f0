"""E-mail over SendGrid's API v3, and what its events tell."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from tokui.connector import (
    Checkable,
    Finding,
    Note,
    Outcome,
    Parcel,
    Receiver,
    Refetch,
    Request,
)
from tokui.errors import AuthError, RetryableError, SkipItem, TokuiError
from tokui.model import Record

from tokui_email.address import route
from tokui_email.api import Api, body
from tokui_email.channel import MailChannel
from tokui_email.checking import marketing
from tokui_email.events import READ, records
from tokui_email.letter import only
from tokui_email.settings import SendGridSettings
from tokui_email.webhook import verifier


class SendGrid(MailChannel[SendGridSettings], Receiver, Checkable):
    """
    Sends by SendGrid.

    It knows no keys: what was not answered is `unknown`, until an event with the parcel's key tells.
    """

    Settings = SendGridSettings
    at_once = 4
    holds_nothing = (
        "addresses stay in SendGrid's activity feed and suppression lists for as long as the account "
        "there says; nothing in them is found by a customer's id"
    )

    @cached_property
    def _api(self) -> Api:
        return Api(self.name, self.settings, self.ctx)

    # --- Channel ---------------------------------------------------------------------------------

    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        """Hand the parcel's one message to SendGrid."""
        address = only(self.name, parcel)
        try:
            to = route(address)
        except ValueError as error:
            return [Outcome(address, "refused", str(error))]
        if to.utf8:
            return [Outcome(address, "refused", "SendGrid takes no addresses in UTF-8")]
        letter = self.letterhead.letter(parcel, address)
        return [self._api.send(address, body(letter, to, parcel.key, self.settings))]

    # --- Receiver --------------------------------------------------------------------------------

    def verify(self, request: Request) -> Sequence[Note]:
        """
        The events of a Signed Event Webhook.

        Raises:
            AuthError: The signature is missing or wrong, or no verification key is set.
            SkipItem: It is signed, and no list of events.
        """
        key = self.settings.webhook_verifier
        if key is None or not verifier(key)(request):
            raise AuthError(
                "an event webhook came without a right signature",
                who=self.name,
                todo="set webhook_verifier to the verification key that SendGrid shows",
            )
        try:
            told = json.loads(request.body)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, list):
            raise SkipItem("a signed event webhook holds no list of events", who=self.name)
        return list(_notes(told))

    def unpack(self, note: Note) -> Iterable[Record | Refetch]:
        """What an event says of a message or an address."""
        return records(note.topic, note.payload)

    # --- Checkable -------------------------------------------------------------------------------

    def check(self) -> Sequence[Finding]:
        """Look at the API key, the event webhook, and what marketing needs."""
        return (*self._webhook(), *marketing(self.name, self.settings, self.ctx))

    def _webhook(self) -> Iterator[Finding]:
        try:
            told = self._api.get("user/webhooks/event/settings")
            signed = self._api.get("user/webhooks/event/settings/signed")
        except (AuthError, RetryableError) as error:
            yield Finding("problem", error.what, error.todo or "run again later")
            return
        except TokuiError as error:
            yield Finding("warning", error.what, "see whether the event webhook is set up")
            return
        yield Finding("ok", "SendGrid accepts the API key")
        if not (isinstance(told, dict) and told.get("enabled") is True):
            what = "SendGrid tells nothing of bounces and complaints: its event webhook is off"
            yield Finding("warning", what, "switch it on under Mail Settings at SendGrid")
        theirs = signed.get("public_key") if isinstance(signed, dict) else None
        if not self.settings.webhook_verifier or theirs != self.settings.webhook_verifier:
            what = "webhook_verifier is not the verification key that SendGrid signs with"
            yield Finding("warning", what, "copy it from SendGrid's Event Webhook settings")


def _notes(told: Iterable[object]) -> Iterator[Note]:
    """One for each event that has an id, with what is read of it; told twice at once, it is one."""
    seen: set[str] = set()
    for each in told:
        if not isinstance(each, dict):
            continue
        event_id, topic = each.get("sg_event_id"), each.get("event")
        if isinstance(event_id, str) and isinstance(topic, str) and event_id not in seen:
            seen.add(event_id)
            yield Note(event_id, topic, {name: each[name] for name in READ if name in each})
