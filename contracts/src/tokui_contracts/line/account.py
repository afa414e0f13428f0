"""The state of one official account: who follows it, what it sent, what it may still send."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

TOKEN = "line-channel-access-token"  # noqa: S105 - opens nothing
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105
BOT = "Ub0000000000000000000000000000000"
KEY_LIFETIME = timedelta(hours=24)
LINK_LIFETIME = timedelta(minutes=10)
USER = re.compile(r"U[0-9a-f]{32}")

Profile = Mapping[str, Any]


class Received(NamedTuple):
    """
    One call that was accepted.

    Attributes:
        key: The retry key.
        to: Every person of it, those who block the account included.
        messages: The message objects.
        silent: Without a sound.
        id: Of the first message.
        at: On the sandbox's clock.
    """

    key: str | None
    to: tuple[str, ...]
    messages: Sequence[Mapping[str, Any]]
    silent: bool
    id: str
    at: datetime


class Accepted(NamedTuple):
    """What is remembered of a retry key."""

    request: str
    at: datetime
    message: str


@dataclass
class Account:
    """
    One account. Not locked: the sandbox does that.

    Attributes:
        now: The sandbox's clock.
        profiles: Of the followers, by user id; an empty one is not shown.
        blocked: Followers who block the account.
        limit: Messages of the month; None for no limit.
        used: So many of them are spent.
        verified: May list its followers.
        endpoint: Where webhooks go to; None where nothing is set.
        received: What was sent, each call once.
    """

    now: Callable[[], datetime]
    profiles: dict[str, Profile] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    limit: int | None = None
    used: int = 0
    verified: bool = True
    endpoint: str | None = "https://shop.example.jp/line"
    active: bool = True
    received: list[Received] = field(default_factory=list)
    keys: dict[str, Accepted] = field(default_factory=dict)
    links: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def follow(self, user: str, **profile: Any) -> str:
        """Let somebody follow the account, or unblock it."""
        if not USER.fullmatch(user):
            raise ValueError("a LINE user id is U and 32 hex digits")
        self.profiles[user] = profile
        self.blocked.discard(user)
        return user

    def friends(self) -> list[str]:
        """All who follow and do not block."""
        return sorted(self.profiles.keys() - self.blocked)

    def page(self, start: str | None, limit: int) -> dict[str, Any]:
        """Ids after a token; ValueError for one that was not given out."""
        after = urlsafe_b64decode(start).decode() if start else ""
        rest = [user for user in self.friends() if user > after]
        page: dict[str, Any] = {"userIds": rest[:limit]}
        if len(rest) > limit:
            page["next"] = urlsafe_b64encode(rest[limit - 1].encode()).decode()
        return page

    def known(self, key: str | None) -> Accepted | None:
        """Whether a call with this retry key was accepted already."""
        found = self.keys.get(key or "")
        return found if found and self.now() - found.at < KEY_LIFETIME else None

    def affords(self, to: Sequence[str]) -> bool:
        """Whether this month's messages suffice; who blocks the account costs nothing."""
        return self.limit is None or self.used + len(self._reached(to)) <= self.limit

    def accept(
        self, key: str | None, to: Sequence[str], body: Mapping[str, Any], request: str
    ) -> str:
        """Send, and remember the key; the message's id."""
        number, now = f"{461_000_000_000_000_000 + len(self.received)}", self.now()
        silent = bool(body.get("notificationDisabled"))
        self.received.append(Received(key, tuple(to), body["messages"], silent, number, now))
        self.used += len(self._reached(to))
        if key:
            self.keys[key] = Accepted(request, now, number)
        return number

    def inbox(self, user: str) -> list[Mapping[str, Any]]:
        """What a person received; they see nothing that was sent while they blocked the account."""
        return [one for each in self.received if user in each.to for one in each.messages]

    def link_token(self, user: str) -> str:
        """For one link within ten minutes."""
        token = uuid4().hex
        self.links[token] = (user, self.now())
        return token

    def linked(self, token: str) -> str | None:
        """Whose token it is, once."""
        user, at = self.links.pop(token, ("", self.now()))
        return user if user and self.now() - at <= LINK_LIFETIME else None

    def _reached(self, to: Sequence[str]) -> set[str]:
        return set(to) & self.profiles.keys() - self.blocked
