"""What a receiver must keep: every check catches one that was broken on purpose."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json, to_json
from tokui.connector import Note, Refetch, Request
from tokui.errors import AuthError
from tokui.model import Event, PersonName, Record
from tokui_contracts.example import Postcards, PostNews
from tokui_contracts.example.postcards import SIGNATURE
from tokui_contracts.suite.proof import Mutants
from tokui_contracts.suite.receiving import ReceivingChecks

MUTANTS = Mutants[Postcards](ReceivingChecks, PostNews)


@MUTANTS.caught_by("test_good_news_is_believed")
class NumbersTheRequest(Postcards):
    def verify(self, request: Request) -> Sequence[Note]:
        return [replace(note, event_id="1") for note in super().verify(request)]


@MUTANTS.caught_by("test_an_event_becomes_records_of_the_model")
class GivesPartsOfRecords(Postcards):
    def unpack(self, note: Note) -> Iterable[Any]:
        yield PersonName(display="somebody")


@MUTANTS.caught_by("test_a_changed_body_is_refused")
class SignsWhatItParsed(Postcards):
    def verify(self, request: Request) -> Sequence[Note]:
        try:
            tidy = to_json(from_json(request.body))
        except ValueError:
            tidy = request.body
        secret = self.settings.webhook_secret.get_secret_value().encode()
        signature = hmac.new(secret, tidy, sha256).hexdigest()
        return super().verify(replace(request, body=tidy, headers={SIGNATURE: signature}))


@MUTANTS.caught_by("test_a_missing_or_wrong_signature_is_refused")
class TrustsASilentStranger(Postcards):
    def verify(self, request: Request) -> Sequence[Note]:
        if SIGNATURE not in request.headers:
            return []
        return super().verify(request)


@MUTANTS.caught_by("test_signatures_are_compared_in_constant_time")
class ComparesByEquality(Postcards):
    def verify(self, request: Request) -> Sequence[Note]:
        secret = self.settings.webhook_secret.get_secret_value().encode()
        if request.headers.get(SIGNATURE) != hmac.new(secret, request.body, sha256).hexdigest():
            raise AuthError("wrong", who=self.name)
        return []


@MUTANTS.caught_by("test_signed_nonsense_is_an_error_that_can_be_told")
class ReadsWhatIsNotThere(Postcards):
    def _events(self, body: bytes) -> Sequence[Mapping[str, Any]]:
        try:
            return list(from_json(body)["events"])
        except ValueError:
            raise AssertionError("not JSON") from None


@MUTANTS.caught_by("test_an_unknown_event_is_no_error")
class KnowsTwoKindsOnly(Postcards):
    def unpack(self, note: Note) -> Iterable[Record | Refetch]:
        if note.topic not in ("delivered", "moved"):
            raise AssertionError("unheard of")
        return super().unpack(note)


@MUTANTS.caught_by("test_unpack_is_pure")
class DatesByTheClock(Postcards):
    def unpack(self, note: Note) -> Iterable[Record | Refetch]:
        yield Event(
            external_id=note.event_id, customer="c1", type="post", occurred_at=self.ctx.now()
        )


@MUTANTS.caught_by("test_nothing_personal_gets_out")
class LogsTheNews(Postcards):
    def unpack(self, note: Note) -> Iterable[Record | Refetch]:
        self.ctx.log.info("told %s", note.payload)
        return super().unpack(note)


@pytest.mark.parametrize(("check", "mutant"), [*MUTANTS])
def test_the_check_catches_the_mutant(check: str, mutant: type[Postcards], tmp_path: Path) -> None:
    assert MUTANTS.fails(check, mutant, tmp_path)


@pytest.mark.parametrize("check", MUTANTS.checks)
def test_every_check_has_a_mutant(check: str) -> None:
    assert check in dict(MUTANTS)
