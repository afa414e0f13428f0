"""Checks of what a source says about itself: its streams, and whether its credentials hold."""

import pytest
from tokui.connector import Checkable, Pull
from tokui.errors import AuthError, Stopped
from tokui.model import RECORDS

from tokui_contracts.suite.engine import Store
from tokui_contracts.suite.rig import Rig, SourceFrame
from tokui_contracts.suite.rigged import sealed


class ShapeChecks(SourceFrame):
    """What a source says about itself."""

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
