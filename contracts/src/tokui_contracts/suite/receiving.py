"""Checks of a receiver: nothing is believed unsigned, and the same news read twice says the same."""

import sys
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar, cast

import pytest
from pydantic import JsonValue
from tokui.connector import Note, Receiver, Refetch, Request
from tokui.errors import AuthError, TokuiError
from tokui.model import RECORDS

from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.purity import watched
from tokui_contracts.suite.rigged import Rigged, sealed
from tokui_contracts.suite.secrets import secrets_of
from tokui_contracts.suite.vendor import Vendor
from tokui_contracts.suite.watch import watching


class ReceiverSandbox(Vendor):
    """
    A vendor that tells its news: requests as it would send them, signed.

    Attributes:
        unsigned: Why the vendor's news carries no signature, where that is so.
        public_key: Its signatures are checked with a public key, so that there is no secret whose
            comparison could be timed.
    """

    unsigned: ClassVar[str | None] = None
    public_key: ClassVar[bool] = False

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """With another secret than that of the signatures."""
        self.cannot("its news is not signed")

    @abstractmethod
    def news(self) -> Sequence[Request]:
        """One request for each kind of event that is understood, and one of several events."""

    @abstractmethod
    def signed(self, body: bytes) -> Request:
        """A request with this body, as the vendor would sign it."""

    def strange(self) -> Request:
        """A well-formed event of a kind that nobody knows yet."""
        self.cannot("there is one kind of news")


class NewsRig(Rigged[ReceiverSandbox]):
    """A receiver and its vendor's news."""

    def receiver(self, **how: Any) -> Receiver:
        """A new receiver."""
        return cast("Receiver", self.connect(**how))

    def notes(self) -> list[Note]:
        """All events of the news."""
        return [note for request in self.sandbox.news() for note in self.receiver().verify(request)]

    def unpacked(self, note: Note) -> list[Any]:
        """What is made of an event, with nothing but the event."""
        return list(self.receiver(lent=sealed()).unpack(note))


class ReceivingChecks(Frame[NewsRig]):
    """Signatures over raw bytes; then pure mapping."""

    rigged: ClassVar[type[Rigged[Any]]] = NewsRig

    def test_good_news_is_believed(self, rig: NewsRig) -> None:
        """
        Each event of a signed request is one note, under the vendor's own id.

        How to fix: `event_id` is the vendor's id of the event, not of the request; it must not
        change when the event is delivered again.
        """
        for request in rig.sandbox.news():
            notes = rig.receiver().verify(request)
            ids = [note.event_id for note in notes]
            assert ids, "no event in a request of the vendor's"
            assert len(ids) == len(set(ids)), "two events of one id"
            assert [each.event_id for each in rig.receiver().verify(request)] == ids

    def test_an_event_becomes_records_of_the_model(self, rig: NewsRig) -> None:
        """
        `unpack` gives records of the model, or objects to read again; something for each request.

        How to fix: an event that says nothing may give nothing, but the sandbox's news should not
        be of such events only.
        """
        for note in rig.notes():
            for each in rig.unpacked(note):
                assert isinstance(each, Refetch) or type(each) in RECORDS, f"{type(each)}"
        assert any(rig.unpacked(note) for note in rig.notes())

    def test_a_changed_body_is_refused(self, rig: NewsRig) -> None:
        """
        One byte more, less or other, and it is an `AuthError`.

        How to fix: sign the raw bytes, never the parsed body.
        """
        _need_signature(rig)
        for request in rig.sandbox.news():
            body = request.body
            for damaged in (body[:-1], body + b" ", bytes([body[0] ^ 1]) + body[1:], b""):
                with pytest.raises(AuthError):
                    rig.receiver().verify(replace(request, body=damaged))

    def test_a_missing_or_wrong_signature_is_refused(self, rig: NewsRig) -> None:
        """
        Without its headers, with odd ones, or of another key: `AuthError`, never another error.

        How to fix: headers are a stranger's: absent, empty, not base64, not ASCII.
        """
        _need_signature(rig)
        request = rig.sandbox.news()[0]
        names = request.headers
        odd: list[Mapping[str, str]] = [{}, *(dict.fromkeys(names, x) for x in ("", "é=\x00"))]
        for headers in odd:
            with pytest.raises(AuthError):
                rig.receiver().verify(replace(request, headers=headers))
        with pytest.raises(AuthError):
            rig.receiver(settings=rig.sandbox.wrong_settings()).verify(request)

    def test_signatures_are_compared_in_constant_time(self, rig: NewsRig) -> None:
        """
        The signature is compared by `hmac.compare_digest`.

        How to fix: never `==` on a signature.
        """
        _need_signature(rig)
        if rig.sandbox.public_key:
            pytest.skip("a public key tells nothing by its time")
        with _comparing() as compared:
            rig.receiver().verify(rig.sandbox.news()[0])
        assert compared, "compare_digest was not called"

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff\xfe", b'{"events": 1}'])
    def test_signed_nonsense_is_an_error_that_can_be_told(self, rig: NewsRig, body: bytes) -> None:
        """
        A signed body that makes no sense gives no notes, or a TokuiError; it breaks nothing.

        How to fix: validate what comes out of the JSON before you look into it.
        """
        request = rig.sandbox.signed(body)
        try:
            rig.receiver().verify(request)
        except TokuiError:
            return

    def test_an_unknown_event_is_no_error(self, rig: NewsRig) -> None:
        """
        Vendors invent events: one that nobody knows is a note, and unpacks without an error.

        How to fix: `unpack` ends quietly, or keeps it as an `Event` of a type of your own.
        """
        for note in rig.receiver().verify(rig.sandbox.strange()):
            rig.unpacked(note)

    def test_unpack_is_pure(self, rig: NewsRig) -> None:
        """
        The same note gives the same records, in any order of notes, without clock, chance or network.

        How to fix: times come from the event; nothing is remembered between notes.
        """
        notes = rig.notes()
        with watched() as impure:
            one_way = [rig.unpacked(note) for note in notes]
            other_way = [rig.unpacked(note) for note in reversed(notes)]
        assert not impure, f"unpack looks at {sorted(set(impure))}"
        assert one_way == other_way[::-1]

    def test_nothing_personal_gets_out(self, rig: NewsRig) -> None:
        """
        No name, id or secret is in a log, a print or an error.

        How to fix: an error says what is wrong with the request, never what is in it.
        """
        personal, secrets = rig.sandbox.personal(), [*secrets_of(rig.connect().settings)]
        told = b" ".join(request.body for request in rig.sandbox.news()).decode(errors="replace")
        quoted = any(text in told for text in personal)
        assert quoted, "`personal` quotes nothing of the news: give at least the ids in it"
        with watching() as watch:
            for request in [*rig.sandbox.news(), *_damaged(rig.sandbox)]:
                try:
                    for note in rig.receiver().verify(request):
                        watch.note("repr of a receiver", repr(rig.receiver()))
                        rig.unpacked(note)
                except TokuiError as error:
                    watch.error("an error of verify", error)
        leaks = watch.leaks([*personal, *secrets])
        assert not leaks, f"let out: {leaks}"


def _need_signature(rig: NewsRig) -> None:
    if rig.sandbox.unsigned:
        pytest.skip(rig.sandbox.unsigned)


def _damaged(sandbox: ReceiverSandbox) -> Iterator[Request]:
    for request in sandbox.news():
        yield replace(request, body=request.body[:-1])
        yield replace(request, headers={})
        yield sandbox.signed(request.body[: len(request.body) // 2])


@contextmanager
def _comparing() -> Iterator[list[str]]:
    """Calls of `compare_digest` inside."""
    found: list[str] = []

    def look(_: Any, event: str, arg: Any) -> None:
        if event == "c_call" and arg.__name__ in ("compare_digest", "_compare_digest"):
            found.append(arg.__name__)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(before)
