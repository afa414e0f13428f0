"""Checks of what a connector says about itself: settings, streams, custody, credentials."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretBytes, SecretStr
from tokui.connector import Checkable, Custodian, Pull, Settings
from tokui.errors import AuthError, Stopped
from tokui.model import RECORDS

from tokui_contracts.suite.engine import Store
from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.rig import Rig, sealed

_SECRET = re.compile(r"(^|_)(token|secret|password|passwd|passphrase|key|credentials?)($|_)")


class ShapeChecks(Frame):
    """What a connector says about itself."""

    def test_streams_reads_the_settings_only(self, rig: Rig) -> None:
        """
        `__init__` and `streams()` do no I/O and look at no clock; two calls say the same.

        How to fix: open files and connections in `pull`, at the first page.
        """
        source = rig.source(lent=sealed())
        streams = list(source.streams())
        assert streams, "no streams"
        assert streams == list(source.streams()), "the second call said something else"
        names = [stream.name for stream in streams]
        assert len(names) == len(set(names)), f"two streams of one name: {names}"
        assert set(names) == set(rig.sandbox.truth()), "the sandbox has other streams"

    def test_streams_name_kinds_of_the_model(self, rig: Rig) -> None:
        """
        Every stream declares at least one kind, and only kinds that the model has.

        How to fix: `Stream.kinds` holds classes of `tokui.model`, not parts such as `OrderLine`.
        """
        for stream in rig.streams():
            assert stream.kinds, f"{stream.name}: no kinds"
            strange = [kind.__name__ for kind in stream.kinds if kind not in RECORDS]
            assert not strange, f"{stream.name}: {strange} are not records of the model"

    def test_settings_are_described(self, rig: Rig) -> None:
        """
        Every setting has a description, nested ones too.

        How to fix: `Field(description="…")`: one sentence, with the unit.
        """
        bare = [
            path
            for path, field in _fields(type(rig.connect(lent=sealed()).settings))
            if not field.description
        ]
        assert not bare, f"settings without a description: {bare}"

    def test_secrets_are_typed_as_secrets(self, rig: Rig) -> None:
        """
        A setting whose name says token, secret, password, key or credential is a `SecretStr`.

        How to fix: annotate it `SecretStr`, or rename it if it is no secret (`record_id_columns`); a
        name that must stay goes into the contract's `not_secret`, with the reason.
        """
        plain = [
            path
            for path, field in _fields(type(rig.connect(lent=sealed()).settings))
            if _SECRET.search(path.rpartition(".")[2])
            and not _holds_secret(field.annotation)
            and path not in self.not_secret
        ]
        assert not plain, f"settings that look secret and are not SecretStr: {plain}"

    def test_custody_is_answered(self, rig: Rig) -> None:
        """
        The connector is a `Custodian`, or says in `holds_nothing` why it need not be.

        How to fix: implement `export` and `erase`, or give the reason as a sentence.
        """
        connector = rig.connect(lent=sealed())
        reason = connector.holds_nothing
        assert isinstance(connector, Custodian) or (reason and reason.strip()), (
            "neither a Custodian nor a reason in `holds_nothing`"
        )

    def test_refused_credentials_are_an_auth_error(self, rig: Rig) -> None:
        """
        Every stream raises `AuthError` when the vendor refuses the credentials, before any page.

        How to fix: let the AuthError of `ctx.http` pass; where the vendor says no with status 200,
        raise AuthError yourself.
        """
        wrong = rig.sandbox.wrong_settings()
        for stream in rig.streams():
            source = rig.source(settings=wrong)
            with pytest.raises(AuthError):
                next(iter(source.pull(Pull(stream.name, None, rig.sandbox.now))), None)

    def test_check_reports_refused_credentials(self, rig: Rig) -> None:
        """
        `check()` finds no problem with the right credentials, and reports wrong ones; it never raises.

        How to fix: catch AuthError in `check` and return a `Finding("problem", …, todo=…)`.
        """
        if not isinstance(rig.connect(lent=sealed()), Checkable):
            pytest.skip("not Checkable")
        well = rig.connect().check()
        assert not [found for found in well if found.level == "problem"], (
            f"all is well, yet: {well}"
        )
        wrong = rig.sandbox.wrong_settings()
        problems = [f for f in rig.connect(settings=wrong).check() if f.level == "problem"]
        assert problems, "the credentials are refused, and check() found no problem"
        assert all(found.todo for found in problems), "a problem without a `todo`"

    def test_stop_ends_the_pull(self, rig: Rig) -> None:
        """
        Once the run is asked to stop, `pull` raises `Stopped` before another two pages.

        How to fix: call `ctx.stop.check()` in every loop that makes no call of `ctx.http`, and let
        `Stopped` pass.
        """
        for stream in rig.streams():
            rig.waits.stopped = False
            if rig.run(stream, Store()).pages < 3:
                continue
            reading = iter(rig.source().pull(Pull(stream.name, None, rig.sandbox.now)))
            next(reading)
            rig.waits.stopped = True
            with pytest.raises(Stopped):
                list(zip(reading, range(2), strict=False))
        rig.waits.stopped = False


def _fields(settings: type[BaseModel], at: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in settings.model_fields.items():
        yield at + name, field
        for inner in _classes(field.annotation):
            if issubclass(inner, Settings | BaseModel):
                yield from _fields(inner, f"{at}{name}.")


def _classes(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for part in get_args(annotation):
        yield from _classes(part)


def _holds_secret(annotation: object) -> bool:
    """A secret, or something made of parts that are looked at by themselves."""
    return any(
        issubclass(kind, SecretStr | SecretBytes | BaseModel) for kind in _classes(annotation)
    )
