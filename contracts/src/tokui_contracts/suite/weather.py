"""Checks of a channel in bad weather: answers that are lost or late, and every kind of no."""

from typing import Any, ClassVar

import pytest
from tokui.connector import Quota
from tokui.errors import RateLimited, TokuiError

from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.post import PostRig
from tokui_contracts.suite.rigged import IMPATIENT, Rigged

RETRY_AFTER_S = 7


class WeatherChecks(Frame[PostRig]):
    """Whatever the vendor says, or does not say: never twice, and nothing is taken for what it is not."""

    rigged: ClassVar[type[Rigged[Any]]] = PostRig

    def test_a_lost_answer_is_not_a_refusal(self, rig: PostRig) -> None:
        """
        An answer that breaks off raises `Unanswered`, or is `unknown`: the message may be out.

        With keys, the same parcel then ends as accepted, and was sent once.

        How to fix: let `Unanswered` of `ctx.http` pass; with another library, raise it for
        everything that fails once the message went out.
        """
        parcel = rig.parcel()
        with rig.broken("midway"):
            lost = rig.states(rig.send(parcel))
        assert lost <= {"Unanswered", "unknown"}, f"a lost answer was taken for {lost}"
        if rig.channel.key_lifetime is not None:
            assert rig.states(rig.send(parcel)) == {"accepted"}
        assert len(rig.sandbox.delivered()) == 1

    @pytest.mark.parametrize("kind", ["limited", "broken", "reset"])
    def test_it_never_tries_again_by_itself(self, rig: PostRig, kind: Any) -> None:
        """
        In bad weather there is one call, and no success: the outbox decides when to try again.

        How to fix: `ctx.http.post(…, tries=1)`.
        """
        with rig.broken(kind):
            before = rig.calls()
            states = rig.states(rig.send(rig.parcel()))
            assert rig.calls() - before <= 1, "it tried again by itself"
        assert not states & {"accepted", "refused"}, f"{kind} became {states}"
        assert not rig.sandbox.delivered()

    def test_silence_is_not_a_refusal(self, rig: PostRig) -> None:
        """
        A vendor that does not answer in time may have taken the message.

        How to fix: as for a lost answer.
        """
        with rig.broken("silent"):
            states = rig.states(rig.send(rig.parcel(), limits=IMPATIENT))
        assert states <= {"Unanswered", "unknown", "deferred"}, f"silence became {states}"

    def test_rate_limits_say_when(self, rig: PostRig) -> None:
        """
        A vendor that asks for a pause gets it: `RateLimited` with its seconds, or `deferred`.

        How to fix: let `RateLimited` of `ctx.http` pass.
        """
        with rig.broken("limited", retry_after_s=RETRY_AFTER_S):
            result = rig.send(rig.parcel())
        if isinstance(result, TokuiError):
            assert isinstance(result, RateLimited), f"a pause became {result!r}"
            assert (result.retry_after_s or 0) >= RETRY_AFTER_S - 2, "the vendor said when"
        else:
            assert rig.states(result) == {"deferred"}
        assert not rig.sandbox.delivered()

    def test_a_refusal_is_final(self, rig: PostRig) -> None:
        """
        What the vendor refuses is `refused`, with a reason, or a FatalError.

        How to fix: let `FatalError` of `ctx.http` pass.
        """
        with rig.broken("refused"):
            result = rig.send(rig.parcel())
        assert rig.states(result) <= {"refused", "FatalError"}, f"a refusal became {result!r}"
        if not isinstance(result, TokuiError):
            assert all(outcome.reason for outcome in result), "refused without a reason"
        assert not rig.sandbox.delivered()

    def test_refused_credentials_send_nothing(self, rig: PostRig) -> None:
        """
        Wrong credentials are an `AuthError`.

        How to fix: let the AuthError of `ctx.http` pass; where the vendor says no otherwise, raise it.
        """
        result = rig.send(rig.parcel(), settings=rig.sandbox.wrong_settings())
        assert rig.states(result) == {"AuthError"}
        assert not rig.sandbox.delivered()

    def test_an_allowance_that_is_used_up_is_said(self, rig: PostRig) -> None:
        """
        A spent allowance is `QuotaExceeded`, not a pause of seconds; `quota` shows nothing left.

        How to fix: tell the vendor's two kinds of 429 apart by its answer's body.
        """
        rig.sandbox.exhaust()
        assert rig.states(rig.send(rig.parcel())) == {"QuotaExceeded"}
        quota = rig.connect().quota()
        todo = "give the channel `quota`, or let `exhaust` say `cannot`"
        assert isinstance(quota, Quota), f"no quota is told: {todo}"
        assert quota.left == 0
