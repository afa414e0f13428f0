"""From webhook events to records. Pure; what a group or a room says is nobody's and left out."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from tokui.connector import Item, Refetch
from tokui.errors import SkipItem
from tokui.model import Delivery, Event, Gone, Record, Suppression, moment

from tokui_line.linking import Seal
from tokui_line.mapping.people import KIND, whose

FOLLOWERS = "followers"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,59}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Happening(NamedTuple):
    """
    One event of one person.

    Attributes:
        id: LINE's own, a ULID: the same when the event is delivered again.
        at: When it happened, in UTC.
        payload: As it came.
    """

    id: str
    user: str
    at: datetime
    payload: Item

    def event(self, type_: str, *, key: str | None = None, **more: Any) -> Event:
        """The event as a fact about the person."""
        return Event(
            external_id=key or self.id,
            customer=self.user,
            type=type_,
            occurred_at=self.at,
            **more,
        )

    def block(self, *, lifted: bool) -> Suppression:
        """This account may not write to the person, or may again."""
        return Suppression(
            external_id=self.id,
            contact=KIND,
            value=self.user,
            stops="all",
            account_only=True,
            reason="block",
            occurred_at=self.at,
            lifted=lifted,
        )


class Events:
    """Maps events of one channel."""

    def __init__(self, issuer: str, seal: Seal | None) -> None:
        self._issuer = issuer
        self._seal = seal
        self._by_type: Mapping[str, Callable[[Happening], Iterator[Record | Refetch]]] = {
            "follow": self._follow,
            "unfollow": self._unfollow,
            "message": self._message,
            "unsend": self._unsend,
            "postback": self._postback,
            "accountLink": self._account_link,
        }

    def unpack(self, payload: Item) -> Iterator[Record | Refetch]:
        """
        Records of one event, and what is to be read again.

        Raises:
            SkipItem: It is no event.
        """
        type_ = payload.get("type")
        if not isinstance(type_, str):
            raise SkipItem("LINE sent something that is not an event")
        if type_ == "delivery":
            yield from _delivered(payload)
        elif user := _user(payload):
            happening = Happening(payload["webhookEventId"], user, _at(payload), payload)
            if type_ in self._by_type:
                yield from self._by_type[type_](happening)
            elif _NAME.fullmatch(type_):
                yield whose(user, self._issuer)
                yield happening.event(f"line.{_HUMP.sub('_', type_).lower()}")

    def _follow(self, it: Happening) -> Iterator[Record | Refetch]:
        """No consent to anything: whoever follows wants to see the account, no more is said."""
        yield whose(it.user, self._issuer)
        yield it.event("follow", data={"unblocked": bool(it.payload["follow"]["isUnblocked"])})
        yield it.block(lifted=True)
        yield Refetch(FOLLOWERS, (it.user,))

    def _unfollow(self, it: Happening) -> Iterator[Record]:
        yield it.event("unfollow")
        yield it.block(lifted=False)

    def _message(self, it: Happening) -> Iterator[Record]:
        message = it.payload["message"]
        kind, text = message["type"], message["text"] if message["type"] == "text" else None
        yield whose(it.user, self._issuer)
        yield it.event("chat", key=_spoken(message["id"]), text=text, data={"kind": kind})

    def _unsend(self, it: Happening) -> Iterator[Record]:
        """The person took it back, so nobody reads it any more."""
        spoken = _spoken(it.payload["unsend"]["messageId"])
        yield Gone(external_id=spoken, kind=Event.kind_name, source_version=it.at)

    def _postback(self, it: Happening) -> Iterator[Record]:
        said = it.payload["postback"]
        data = {"data": said["data"], **({"params": said["params"]} if "params" in said else {})}
        yield whose(it.user, self._issuer)
        yield it.event("postback", data=data)

    def _account_link(self, it: Happening) -> Iterator[Record]:
        link = it.payload["link"]
        done = link["result"] == "ok"
        account = self._seal.open_nonce(link["nonce"], it.user, it.at) if self._seal else None
        linked = (account,) if done and account else ()
        yield whose(it.user, self._issuer, *linked)
        yield it.event("account_link", data={"result": link["result"], "known": bool(linked)})


def _user(payload: Item) -> str | None:
    """The person it is about; None for groups, rooms, and persons who do not show themselves."""
    source = payload.get("source")
    if not isinstance(source, dict) or source["type"] != "user":
        return None
    user = source.get("userId")
    return None if user is None else str(user)


def _at(payload: Item) -> datetime:
    return moment(0) + timedelta(milliseconds=payload["timestamp"])


def _spoken(message_id: str) -> str:
    return f"message:{message_id}"


def _delivered(payload: Item) -> Iterator[Record]:
    """Of a notification message with our key as its tag; others bring a hash of a phone number."""
    tag = payload["delivery"]["data"]
    if not _is_key(tag):
        return
    yield Delivery(
        external_id=payload["webhookEventId"],
        parcel=tag,
        state="delivered",
        occurred_at=_at(payload),
    )


def _is_key(tag: str) -> bool:
    try:
        return str(UUID(tag)) == tag
    except ValueError:
        return False
