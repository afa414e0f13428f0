"""The LINE sandbox as the contract suite wants it: to be read, to be sent to, and telling its news."""

import itertools
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from pydantic import JsonValue
from tokui.connector import Request

from tokui_contracts.line.account import BOT, SECRET, TOKEN
from tokui_contracts.line.sandbox import LineSandbox
from tokui_contracts.line.webhooks import Webhooks
from tokui_contracts.suite import HttpChannelSandbox, HttpSandbox, ReceiverSandbox
from tokui_contracts.suite.vendor import HttpServed

SEVERAL = 501
"""Followers: one more than a multicast takes."""


def settings(url: str) -> dict[str, JsonValue]:
    """A connection's table."""
    return {
        "provider": "2000000001",
        "access_token": TOKEN,
        "channel_secret": SECRET,
        "base_url": url,
        "page_size": 2,
    }


class _Served(HttpServed):
    def settings(self) -> Mapping[str, JsonValue]:
        """As the shop would write them."""
        return settings(self.url)

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """A token that was revoked."""
        return {**self.settings(), "access_token": "line-revoked"}

    def serve(self) -> str:
        """The sandbox on a clock that stands."""
        self._vendor = LineSandbox(now=lambda: self.now)
        self._vendor.__enter__()
        return self._vendor.url

    def close(self) -> None:
        """Stop it."""
        self._vendor.__exit__(None, None, None)


class LineVendor(_Served, HttpSandbox):
    """An account with two followers to a page."""

    may_lack = ("followers.displayName", "followers.language")
    nobody: ClassVar[str] = f"U{'f' * 32}"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._edits = itertools.count(1)

    def fill(self, count: int) -> None:
        """Two of them share a name, and one has no language."""
        for number in range(count):
            profile = {"displayName": f"狩野カナリ{max(number, 1)}", "language": "ja"}
            if number == count - 1:
                del profile["language"]
            self._vendor.account.follow(f"U{number:032x}", **profile)

    def truth(self) -> Mapping[str, Collection[str]]:
        """Ids as served."""
        return {"followers": self._vendor.account.friends()}

    def touch(self, stream: str, ids: Collection[str], at: datetime) -> None:
        """Another name; LINE says of no change when it was."""
        edit = next(self._edits)
        for user in ids:
            profile = self._vendor.account.profiles[user]
            self._vendor.account.profiles[user] = {**profile, "displayName": f"狩野カナリ{edit}"}

    def remove(self, stream: str, external_id: str) -> None:
        """Block the account."""
        self._vendor.account.blocked.add(external_id)

    def spoil(self, stream: str, external_id: str) -> bool:
        """A list where the name was."""
        self._vendor.account.profiles[external_id] = {"displayName": ["?"]}
        return True

    def personal(self) -> Sequence[str]:
        """What names begin with."""
        return ["狩野カナリ"]


class LinePost(_Served, HttpChannelSandbox):
    """An account that is followed by more than a multicast takes."""

    def prepare(self) -> None:
        """Let them follow."""
        for user in self.addresses(SEVERAL):
            self._vendor.account.follow(user, displayName="狩野カナリ")

    def addresses(self, count: int) -> Sequence[str]:
        """User ids."""
        return [f"U{'5ca1ab1e' * 3}{number:08x}" for number in range(count)]

    def content(self) -> Mapping[str, JsonValue]:
        """A birthday message."""
        return {"text": "お誕生日おめでとうございます"}

    def illegal(self) -> Mapping[str, Mapping[str, JsonValue]]:
        """Too long, empty, too many, or of a form that LINE does not know."""
        text: JsonValue = {"type": "text", "text": "あ"}
        image: JsonValue = {
            "type": "image",
            "originalContentUrl": "http://a",
            "previewImageUrl": "http://a",
        }
        return {
            "too long": {"text": "🎂" * 2501},
            "empty": {"text": " "},
            "nothing": {},
            "six messages": {"messages": [text] * 6},
            "not on https": {"messages": [image]},
            "odd": {"messages": [{"type": "fax", "text": "a"}]},
            "no buttons": {
                "messages": [
                    {
                        "type": "template",
                        "altText": "a",
                        "template": {"type": "buttons", "text": "a", "actions": []},
                    }
                ]
            },
            "no container": {"messages": [{"type": "flex", "altText": "a", "contents": {}}]},
        }

    def delivered(self) -> Sequence[str]:
        """Everybody of every call that was accepted."""
        return [user for each in self._vendor.received for user in each.to]

    def exhaust(self) -> None:
        """Use up the month's messages."""
        self._vendor.account.limit = self._vendor.account.used

    def personal(self) -> Sequence[str]:
        """User ids, and the words of the message."""
        return ["5ca1ab1e", "お誕生日", "狩野カナリ"]


class LineNews(ReceiverSandbox):
    """What LINE tells of one person."""

    user: ClassVar[str] = f"U{'5ca1ab1e' * 4}"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._hooks = Webhooks(BOT, SECRET, lambda: self.now)
        user, of = self.user, self._hooks.event
        events = [
            self._hooks.followed(user),
            self._hooks.said(user, "狩野カナリです"),
            of("unsend", user, unsend={"messageId": "1"}),
            of("postback", user, postback={"data": "a=1"}),
            of("accountLink", user, link={"result": "ok", "nonce": "bm9uY2U"}),
            of("delivery", user, delivery={"data": "123e4567-e89b-42d3-a456-426614174000"}),
            self._hooks.blocked(user),
        ]
        self._news = [self._hooks.request(each) for each in events]
        self._news.append(self._hooks.request(*events, redelivered=True))

    def settings(self) -> Mapping[str, JsonValue]:
        """As the shop would write them."""
        return settings("http://127.0.0.1:9")

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """Another secret."""
        return {**self.settings(), "channel_secret": "f" * 32}

    def news(self) -> Sequence[Request]:
        """One of each, and all."""
        return self._news

    def strange(self) -> Request:
        """An event that LINE has not thought of yet."""
        return self._hooks.request(self._hooks.event("teleport", self.user, to={"x": 1}))

    def signed(self, body: bytes) -> Request:
        """By the channel secret."""
        return self._hooks.signed(body)

    def personal(self) -> Sequence[str]:
        """The user id, and what was said."""
        return ["5ca1ab1e", "狩野カナリ"]
