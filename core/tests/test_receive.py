"""A webhook is believed, understood and written as one."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel
from pydantic_core import from_json, to_json
from tokui.config import read
from tokui.connector import (
    Channel,
    Connector,
    Item,
    Note,
    Outcome,
    Page,
    Parcel,
    Pull,
    Receiver,
    Refetch,
    Request,
    Settings,
    Source,
    Stream,
)
from tokui.errors import AuthError, FatalError, Unavailable
from tokui.model import Customer, Event, Identifier, Reach, Record, Suppression
from tokui.store import profiles, quarantine, suppressions
from tokui.sync.receive import Received, seen_by, take
from tokui_contracts.context import context
from tokui_contracts.scripted import _BY_NAME, item, page, script, told

AT = datetime(2026, 9, 1, tzinfo=UTC)
KNOWN = Stream("people", (Customer,))


class Bell(Connector[Settings], Source, Receiver, Channel):
    """Rings with records in its body, for an account of the provider `P`."""

    Settings = Settings
    Content = BaseModel
    reaches: ClassVar[Reach] = "line_user_id"
    issuer = "P"
    holds_nothing = "it is a test's own"

    def streams(self) -> Sequence[Stream]:
        return [KNOWN]

    def pull(self, ask: Pull) -> Iterable[Page]:
        return ()

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        return [Customer(**item)]

    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        if "gone fishing" in ids:
            raise Unavailable("no answer", who=self.name)
        return [{"external_id": each, "note": "read again"} for each in ids]

    def verify(self, request: Request) -> Sequence[Note]:
        if "x-signed" not in request.headers:
            raise AuthError("the signature is missing", who=self.name)
        return [Note(str(n), "ring", each) for n, each in enumerate(from_json(request.body))]

    def unpack(self, note: Note) -> Iterable[Record | Refetch]:
        for each in note.payload["records"]:
            yield _BY_NAME[each["kind"]].model_validate(each["record"])
        if again := note.payload.get("again"):
            yield Refetch(*again)

    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        return ()


@pytest.fixture
def ring(store, tmp_path):
    (tmp_path / "tokui.toml").write_text('[connections.bell]\nuse = "bell"\n')
    bell = Bell("bell", Settings(), context("bell"))
    seen = seen_by(read(tmp_path / "tokui.toml", {}), bell)

    def ring(*notes: Any, **headers: str) -> Received:
        signed = headers or {"x-signed": "yes"}
        body = to_json(list(notes))
        return take(store, bell, seen, Request("POST", "/", signed, body, AT))

    return ring


def block(user: str = "U1", **more: Any) -> Suppression:
    whole = {"contact": "line_user_id", "reason": "block", "account_only": True, **more}
    return Suppression(external_id="b", value=user, stops="all", occurred_at=AT, **whole)


def follow(user: str = "U1") -> Event:
    return Event(external_id=f"f-{user}", customer=user, type="unfollow", occurred_at=AT)


def test_all_of_a_webhook_is_written(ring, store):
    done = ring(item(follow(), block()), item(follow("U2")))

    assert (done.notes, done.counts.stored) == (2, 3)
    with store.read() as tx:
        assert profiles.place_of(tx, "bell", "U2")
        assert suppressions.in_force(tx, ["line_user_id:P:U1"])


def test_a_webhook_that_nobody_signed_does_nothing(ring, store):
    with pytest.raises(AuthError):
        ring(item(follow()), x="y")

    with store.read() as tx:
        assert profiles.count(tx) == (0, 0)


def test_the_same_webhook_again_changes_nothing(ring):
    ring(item(follow(), block()))

    again = ring(item(follow(), block()))

    assert again.counts.stored == 0


def test_a_note_that_cannot_be_understood_is_set_aside_whole(ring, store):
    broken = item(follow(), block())
    broken["records"][1]["record"]["value"] = "〓"

    done = ring(broken, item(follow("U2")))

    with store.read() as tx:
        [kept] = quarantine.find(tx, "bell")
        assert profiles.place_of(tx, "bell", "U1") is None
        assert profiles.place_of(tx, "bell", "U2")
    assert (kept.stream, done.counts.quarantined) == ("notes", 1)


def test_what_a_note_hints_at_is_read_again(ring, store):
    ring({"records": [], "again": ["people", ["7"]]})

    with store.read() as tx:
        [(_, customer)] = profiles.customers(tx, profiles.place_of(tx, "bell", "7")[1])
    assert customer.note == "read again"


def test_a_hint_at_a_stream_that_is_not_there_ends_it(ring, store):
    with pytest.raises(FatalError, match="nowhere"):
        ring(item(follow()), {"records": [], "again": ["nowhere", ["7"]]})

    with store.read() as tx:
        assert profiles.count(tx) == (0, 0)


def test_what_is_told_is_kept_when_what_is_hinted_at_cannot_be_read(ring, store):
    with pytest.raises(Unavailable):
        ring({**item(block()), "again": ["people", ["gone fishing"]]})

    with store.read() as tx:
        assert suppressions.in_force(tx, ["line_user_id:P:U1"])


def test_a_bounced_relay_address_is_dead_for_whoever_names_it(store, ring):
    relay = "x9@privaterelay.appleid.com"
    known = Customer(external_id="1", identifiers=(Identifier(kind="email", value=relay),))
    told(store, script("shop", page(known)))

    ring(item(block(relay, contact="email", account_only=False, reason="bounce")))

    with store.read() as tx:
        assert suppressions.in_force(tx, [f"email:shop:{relay}"])
