"""The LINE sandbox as the contract suite wants it: a few followers, changed at will."""

import itertools
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import JsonValue

from tokui_contracts.line.sandbox import LineSandbox
from tokui_contracts.suite import HttpSandbox


class LineVendor(HttpSandbox):
    """An account with two followers to a page."""

    may_lack = ("followers.displayName", "followers.language")
    nobody: ClassVar[str] = f"U{'f' * 32}"

    def settings(self) -> Mapping[str, JsonValue]:
        """As the shop would write them."""
        return {
            "provider": "2000000001",
            "access_token": self._vendor.token,
            "channel_secret": self._vendor.secret,
            "base_url": self.url,
            "page_size": 2,
        }

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """A token that was revoked."""
        return {**self.settings(), "access_token": "line-revoked"}

    def serve(self) -> str:
        """The sandbox on a clock that stands."""
        self._vendor = LineSandbox(now=lambda: self.now)
        self._vendor.__enter__()
        self._edits = itertools.count(1)
        return self._vendor.url

    def close(self) -> None:
        """Stop it."""
        self._vendor.__exit__(None, None, None)

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
