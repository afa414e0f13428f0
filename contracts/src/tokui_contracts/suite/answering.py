"""Checks of a ledger in bad weather: a lost answer is no answer, and nothing personal gets out."""

from typing import Any, ClassVar

import pytest
from tokui.connector import Posted
from tokui.errors import AuthError, RetryableError, TokuiError

from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.purse import Answer, PurseRig
from tokui_contracts.suite.rigged import IMPATIENT, Rigged
from tokui_contracts.suite.secrets import secrets_of
from tokui_contracts.suite.watch import watching

WEATHER = ("limited", "broken", "reset", "midway", "silent", "refused")
MOST_CALLS = 12
"""Calls that one transfer may take."""


class AnsweringChecks(Frame[PurseRig]):
    """Whoever asks again with the same key finds out what became of a transfer."""

    rigged: ClassVar[type[Rigged[Any]]] = PurseRig

    def test_a_lost_answer_is_found_out_by_asking_again(self, rig: PurseRig) -> None:
        """
        Whichever call's answer is lost: an error that may be retried, and then one effect.

        How to fix: let `Unanswered` of `ctx.http` pass; `tries=1` for what has no idempotency key.
        """
        there = 0
        for number in range(MOST_CALLS):
            ask, before = rig.earn(f"e{number}", 10), rig.calls()
            with rig.broken("midway", after=number, times=1):
                answer = rig.post(ask)
                used = rig.calls() - before
            assert isinstance(answer, Posted | RetryableError), f"a lost answer became {answer!r}"
            rig.posted(ask)
            there += 10
            assert rig.net() == there, "a lost answer moved points twice, or never"
            if used <= number:
                return
        raise AssertionError(f"more than {MOST_CALLS} calls for one transfer")

    @pytest.mark.parametrize("kind", ["limited", "broken", "reset", "silent"])
    def test_bad_weather_is_no_answer(self, rig: PurseRig, kind: Any) -> None:
        """
        No answer is an error that may be retried, never a success and never a refusal.

        How to fix: let the RetryableError of `ctx.http` pass.
        """
        rig.posted(rig.earn("e", 100))
        ask = rig.redeem("r", 30)
        with rig.broken(kind):
            answer = rig.post(ask, limits=IMPATIENT)
        assert isinstance(answer, RetryableError), f"{kind} became {answer!r}"
        rig.posted(ask)
        assert rig.net() == 70

    def test_refused_credentials_move_nothing(self, rig: PurseRig) -> None:
        """
        Wrong credentials are an `AuthError`.

        How to fix: let the AuthError of `ctx.http` pass.
        """
        wrong = rig.sandbox.wrong_settings()
        assert isinstance(rig.post(rig.earn("e"), settings=wrong), AuthError)
        assert rig.net() == 0

    def test_nothing_gets_out_but_the_transfer(self, rig: PurseRig) -> None:
        """
        No member number and no secret are in a log, a print, an error or a repr.

        How to fix: as for a source; a service's answer may quote the member it refuses.
        """
        wrong = rig.sandbox.wrong_settings()
        with watching() as watch:
            watch.note("repr of the connector", f"{rig.connect()!r} {rig.connect().settings!r}")
            _say(watch, "enough", rig.post(rig.earn("e")))
            _say(watch, "not enough", rig.post(rig.redeem("r", 1000)))
            _say(watch, "refused credentials", rig.post(rig.earn("e2"), settings=wrong))
            for kind in _weather(rig):
                with rig.broken(kind):
                    _say(watch, kind, rig.post(rig.earn(f"e {kind}"), limits=IMPATIENT))
        secrets = [
            *secrets_of(rig.connect().settings),
            *secrets_of(rig.connect(settings=wrong).settings),
        ]
        leaks = watch.leaks([*rig.sandbox.personal(), *secrets])
        assert not leaks, f"let out: {leaks}"


def _weather(rig: PurseRig) -> tuple[Any, ...]:
    """What the sandbox can break; nothing, where nothing stands in between."""
    return () if rig.sandbox.requests() is None else WEATHER


def _say(watch: Any, when: str, answer: Answer) -> None:
    if isinstance(answer, TokuiError):
        watch.error(f"an error ({when})", answer)
    else:
        watch.note(f"an answer ({when})", f"{answer!r}")
