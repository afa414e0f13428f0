"""Checks of a channel: each message once, and nothing that must not go out."""

from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar, get_args

import pytest
from pydantic import ValidationError
from tokui.connector import Outcome
from tokui.errors import TokuiError
from tokui.model import Reach

from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.post import PostRig
from tokui_contracts.suite.purity import watched
from tokui_contracts.suite.rigged import IMPATIENT, Rigged
from tokui_contracts.suite.secrets import secrets_of
from tokui_contracts.suite.watch import watching

WEATHER = ("limited", "broken", "reset", "midway", "silent", "refused")


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
