"""The connector `line`: followers, webhooks and messages of a LINE official account."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from pydantic import BaseModel
from tokui.connector import (
    Channel,
    Checkable,
    Connector,
    Context,
    Finding,
    Item,
    Note,
    Outcome,
    Page,
    Parcel,
    Pull,
    Quota,
    Receiver,
    Refetch,
    Request,
    Source,
    Stream,
)
from tokui.errors import ConfigError, FatalError
from tokui.model import Customer, Identifier, Purpose, Record

from tokui_line import check, limits, linking, webhook
from tokui_line.answers import next_month
from tokui_line.client import Client
from tokui_line.content import LineContent, preview
from tokui_line.mapping.events import FOLLOWERS, Events
from tokui_line.mapping.people import follower, rule
from tokui_line.settings import LineSettings

_USER = re.compile(r"U[0-9a-f]{32}")


class Line(Connector[LineSettings], Source, Receiver, Channel, Checkable):
    """One Messaging API channel."""

    Settings = LineSettings
    holds_nothing = (
        "a LINE account is the person's own, and LINE's API has no call that erases something of it;"
        " chats are deleted in LINE Official Account Manager"
    )

    Content: ClassVar[type[BaseModel]] = LineContent
    reaches = "line_user_id"
    proves = "accepted"
    key_lifetime = limits.KEY_LIFETIME
    most_addresses = limits.MOST_ADDRESSES
    at_once = limits.AT_ONCE

    def __init__(self, name: str, settings: LineSettings, ctx: Context) -> None:
        super().__init__(name, settings, ctx)
        self._client = Client(name, settings, ctx)
        secret = settings.channel_secret
        self._seal = None if secret is None else linking.Seal(secret)
        self._events = Events(settings.issuer, self._seal)

    # --- Source ------------------------------------------------------------------------------------

    def streams(self) -> Sequence[Stream]:
        """All who follow; whoever blocks the account is no longer among them."""
        identifiers = (rule(self.issuer),)
        return [Stream(FOLLOWERS, (Customer,), incremental=False, identifiers=identifiers)]

    def pull(self, ask: Pull) -> Iterator[Page]:
        """
        Read all followers, with their profiles.

        Raises:
            AuthError: The token is refused, or LINE lets only verified and premium accounts ask.
        """
        start: str | None = None
        while True:
            listed = self._client.followers(start, self.settings.page_size)
            yield Page([self._profile(user) for user in _ids(listed, self.name)], {})
            start = listed.get("next")
            if not start:
                return

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        """One customer."""
        yield follower(item, self.issuer)

    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        """Profiles; who blocks the account, or hides the profile, is not returned."""
        for user in ids:
            if profile := self._client.profile(user):
                yield profile

    def _profile(self, user: str) -> Item:
        """What the person shows; the id alone is enough to write to."""
        shown = self._client.profile(user) if self.settings.profiles else None
        return shown or {"userId": user}

    # --- Receiver ----------------------------------------------------------------------------------

    def verify(self, request: Request) -> Sequence[Note]:
        """Check the signature; the events by time."""
        return webhook.notes(request, self.settings.channel_secret, self.name)

    def unpack(self, note: Note) -> Iterable[Record | Refetch]:
        """Follows and blocks, chats, postbacks, linked accounts; any other event by its name."""
        return self._events.unpack(note.payload)

    # --- Channel -----------------------------------------------------------------------------------

    @property
    def issuer(self) -> str:
        """User ids are the same in all channels of a provider, and of no use in those of another."""
        return self.settings.issuer

    def ready(self) -> None:
        """Have a token that lasts."""
        self._client.ready()

    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        """
        Push to one, multicast to many.

        LINE refuses a whole call for one malformed id, so that such are left out; the rest of a
        parcel is the same at each try. LINE does not say whom of them it reached.
        """
        if len(parcel.addresses) > limits.MOST_ADDRESSES:
            raise FatalError("more persons than a multicast takes", who=self.name)
        content = parcel.content
        assert isinstance(content, LineContent)  # noqa: S101 - the core validated it as such
        valid = dict.fromkeys(each for each in parcel.addresses if _USER.fullmatch(each))
        sent = self._sent(parcel.key, content, tuple(valid), one=len(parcel.addresses) == 1)
        return [
            Outcome(each, "accepted", provider_id=sent)
            if each in valid
            else Outcome(each, "refused", "not a LINE user id", suppress=True)
            for each in parcel.addresses
        ]

    def _sent(self, key: str, content: LineContent, to: Sequence[str], *, one: bool) -> str | None:
        if not to:
            return None
        if one:
            return self._client.push(key, to[0], content.objects, silent=content.silent)
        return self._client.multicast(key, to, content.objects, silent=content.silent)

    def quota(self) -> Quota:
        """This month's messages, counted from midnight in Japan; each person of a multicast is one."""
        allowed, spent = self._client.quota(), self._client.consumption()
        try:
            limit = int(allowed["value"]) if allowed["type"] == "limited" else None
            used = int(spent["totalUsage"])
        except (KeyError, TypeError, ValueError):
            raise FatalError(
                "LINE does not say how many messages are left", who=self.name
            ) from None
        return Quota(limit, used, next_month(self.ctx.now()))

    def preview(self, content: BaseModel, purpose: Purpose, language: str) -> str:
        """Every text and label."""
        assert isinstance(content, LineContent)  # noqa: S101 - the core validated it as such
        return preview(content, language)

    # --- linking accounts --------------------------------------------------------------------------

    def invite(self, user: str, page: str) -> str:
        """
        The address of the shop's login page, to send to a person who shall link their account.

        Args:
            user: Their LINE user id.
            page: The shop's login page; it receives `linkToken` and `state`.
        """
        state = self._own_seal().state(user, self.ctx.rng.randbytes(linking.SALT))
        return linking.login_page(page, self._client.link_token(user), state)

    def redirect(self, link_token: str, state: str, account: Identifier) -> str:
        """Where the login page sends the browser on to, once it knows the shop's account."""
        return linking.redirect(self._own_seal(), link_token, state, account, self.ctx)

    def _own_seal(self) -> linking.Seal:
        if self._seal is None:
            raise ConfigError(
                "accounts cannot be linked without the channel secret",
                who=self.name,
                todo=f"set channel_secret under [connections.{self.name}]",
            )
        return self._seal

    # --- Checkable ---------------------------------------------------------------------------------

    def check(self) -> Sequence[Finding]:
        """Token, messages left, webhook, followers and clock."""
        try:
            account = self._client.bot()
            found = [
                Finding("ok", f"LINE accepts the token of {account.get('basicId')}"),
                *check.findings(self._client, self.settings, self.quota()),
            ]
        except check.TROUBLE as error:
            return [Finding("problem", error.what, error.todo or "try again later")]
        return (*found, *check.clock(self.ctx.now(), self.ctx.http.server_time()))


def _ids(listed: Item, who: str) -> Sequence[str]:
    users = listed.get("userIds")
    if not isinstance(users, list) or not all(isinstance(user, str) for user in users):
        raise FatalError("LINE's answer holds no list of followers", who=who)
    return users
