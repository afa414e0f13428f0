"""Checks of a channel: each message once, whatever the weather, and nothing that must not go out."""

from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar, get_args

import pytest
from pydantic import ValidationError
from tokui.connector import Outcome, Quota
from tokui.errors import RateLimited, TokuiError
from tokui.model import Reach

from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.post import PostRig
from tokui_contracts.suite.purity import watched
from tokui_contracts.suite.rigged import IMPATIENT, Rigged
from tokui_contracts.suite.secrets import secrets_of
from tokui_contracts.suite.watch import watching

WEATHER = ("limited", "broken", "reset", "midway", "silent", "refused")
RETRY_AFTER_S = 7


class SendingChecks(Frame[PostRig]):
    """One call, one outcome for each address; twice never."""

    rigged: ClassVar[type[Rigged[Any]]] = PostRig

    def test_it_says_what_it_reaches_and_proves(self, rig: PostRig) -> None:
        """
        The class says whom it reaches, what a success proves, and how long its keys last.

        How to fix: set `Content`, `reaches`, `proves`, `key_lifetime` (over an hour, or None where
        the vendor has no keys) and `most_addresses`; `issuer` reads the settings only.
        """
        channel = rig.idle()
        assert channel.reaches in get_args(Reach), "`reaches` is no kind of contact point"
        assert channel.proves in ("accepted", "delivered")
        assert channel.most_addresses >= 1
        assert channel.issuer, "no issuer of its addresses"
        lifetime = channel.key_lifetime
        assert lifetime is None or lifetime > timedelta(hours=1), "keys of no use"

    def test_every_address_gets_it_and_an_outcome(self, rig: PostRig) -> None:
        """
        One call for a parcel; each address gets one message, and has one outcome: accepted.

        How to fix: return `[Outcome(address, "accepted") for address in parcel.addresses]`, in the
        parcel's own words for the addresses.
        """
        parcel = rig.parcel(count=min(3, rig.channel.most_addresses))
        before = rig.sandbox.requests()
        result = rig.send(parcel)
        assert not isinstance(result, TokuiError), f"a fair-weather send raised {result!r}"
        assert [each.address for each in result] == list(parcel.addresses)
        assert rig.states(result) == {"accepted"}
        assert Counter(rig.sandbox.delivered()) == Counter(parcel.addresses)
        if before is not None:
            assert rig.calls() - before == 1, "more than one call"

    def test_a_key_is_sent_once(self, rig: PostRig) -> None:
        """
        The same parcel again has no second effect, and is a success.

        How to fix: send `parcel.key` as the vendor's idempotency key; its "I know that key" means
        accepted.
        """
        _need_keys(rig)
        parcel = rig.parcel()
        results = [rig.send(parcel), rig.send(parcel)]
        assert [rig.states(each) for each in results] == [{"accepted"}] * 2
        assert len(rig.sandbox.delivered()) == 1, "sent twice"

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

    def test_what_must_not_go_out_makes_no_call(self, rig: PostRig) -> None:
        """
        Each illegal content is refused by `Content` or by `objection`, before any call.

        How to fix: limits and forms are validators of `Content`.
        """
        before, channel = rig.sandbox.requests(), rig.idle()
        for what, content in rig.sandbox.illegal().items():
            try:
                ready = channel.Content.model_validate(dict(content))
            except ValidationError:
                continue
            for purpose in ("marketing", rig.sandbox.purpose):
                assert channel.objection(ready, purpose, "ja"), f"{what}: nothing objects"
        assert rig.sandbox.requests() == before

    def test_more_persons_than_one_call_takes_make_no_call(self, rig: PostRig) -> None:
        """
        A parcel of more addresses than `most_addresses` is refused whole.

        How to fix: raise FatalError before the call.
        """
        many = rig.parcel(count=rig.channel.most_addresses + 1)
        before = rig.sandbox.requests()
        assert rig.states(rig.send(many)) == {"FatalError"}
        assert rig.sandbox.requests() == before
        assert not rig.sandbox.delivered()

    def test_preview_and_objection_are_pure(self, rig: PostRig) -> None:
        """
        `preview` and `objection` look at their arguments and the settings only, and repeat themselves.

        How to fix: no clock, no chance, no network there; the context's `sender` may be read.
        """
        channel, parcel = rig.idle(), rig.parcel()
        with watched() as impure:
            seen = [_shown(channel, parcel), _shown(channel, parcel)]
        assert not impure, f"they look at {sorted(set(impure))}"
        assert seen[0] == seen[1]
        assert seen[0][0].strip(), "an empty preview"
        assert seen[0][1] is None, f"the sandbox's own content is objected to: {seen[0][1]}"

    def test_nothing_gets_out_but_the_message(self, rig: PostRig) -> None:
        """
        No address, no words and no secret are in a log, a print, an error, a reason or a repr.

        How to fix: as for a source; a vendor's answer may quote the address it refuses.
        """
        wrong = rig.sandbox.wrong_settings()
        with watching() as watch:
            watch.note("repr of the connector", f"{rig.connect()!r} {rig.connect().settings!r}")
            for kind in (None, *WEATHER):
                _send_in(rig, watch, kind)
            watch.note("refused credentials", repr(rig.send(rig.parcel(), settings=wrong)))
        secrets = [
            *secrets_of(rig.connect().settings),
            *secrets_of(rig.connect(settings=wrong).settings),
        ]
        leaks = watch.leaks([*rig.sandbox.personal(), *secrets])
        assert not leaks, f"let out: {leaks}"


def _need_keys(rig: PostRig) -> None:
    if rig.channel.key_lifetime is None:
        pytest.skip("the vendor knows no keys")


def _shown(channel: Any, parcel: Any) -> tuple[str, str | None]:
    arguments = (parcel.content, parcel.purpose, "ja")
    return channel.preview(*arguments), channel.objection(*arguments)


def _send_in(rig: PostRig, watch: Any, kind: Any) -> None:
    """Send in one weather; keep what errors and reasons say."""
    if kind is None:
        result = rig.send(rig.parcel(1))
    else:
        says = " ".join(rig.sandbox.personal()) if kind == "refused" else ""
        with rig.broken(kind, says=says):
            result = rig.send(rig.parcel(2), limits=IMPATIENT)
    if isinstance(result, TokuiError):
        watch.error(f"an error ({kind})", result)
    else:
        watch.note(f"a reason ({kind})", " ".join(_reasons(result)))


def _reasons(outcomes: Any) -> list[str]:
    return [outcome.reason or "" for outcome in outcomes if isinstance(outcome, Outcome)]
