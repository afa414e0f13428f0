"""Checks that nothing gets out: no secret and nothing personal in logs, prints, errors or reprs."""

from collections.abc import Callable, Iterable
from functools import partial

import pytest
from tokui.connector import Checkable, Item, Stream
from tokui.errors import TokuiError

from tokui_contracts.faults import Fault
from tokui_contracts.suite import damage
from tokui_contracts.suite.engine import Run, Store, parse
from tokui_contracts.suite.rig import Rig, SourceFrame
from tokui_contracts.suite.rigged import HASTY, sealed
from tokui_contracts.suite.secrets import secrets_of
from tokui_contracts.suite.watch import Watch, watching


class PrivacyChecks(SourceFrame):
    """Every path that fails is walked, and everything heard on the way is searched."""

    def test_no_secret_gets_out(self, rig: Rig) -> None:
        """
        No secret of the settings is in a log, a print, an error or a repr.

        How to fix: `SecretStr`, unwrapped only in the header of a request; errors show method, host
        and path, never headers or the vendor's answer.
        """
        secrets = [*secrets_of(rig.connect(lent=sealed()).settings)]
        if not secrets:
            pytest.skip("the settings hold no secret")
        wrong = rig.connect(lent=sealed(), settings=rig.sandbox.wrong_settings())
        with watching() as watch:
            _walk(rig, watch)
        leaks = watch.leaks([*secrets, *secrets_of(wrong.settings)])
        assert not leaks, f"a secret was let out: {leaks}"

    def test_nothing_personal_gets_out(self, rig: Rig) -> None:
        """
        No name, address or number of a person is in a log, a print, an error or a repr.

        How to fix: an error of yours says the field and the object's id, never the value, and is
        raised `from None` where the cause quotes its input. (Of errors that are not TokuiErrors the
        core shows the type and the line.)
        """
        personal = rig.sandbox.personal()
        served = repr([rig.items(stream) for stream in rig.streams()])
        held = rig.connect(lent=sealed()).holds_nothing
        assert held or any(text in served for text in personal), (
            "nothing that `personal` quotes is in an item, so this check would be blind"
        )
        with watching() as watch:
            _walk(rig, watch)
            _shift_columns(rig, watch, personal)
        leaks = watch.leaks(personal)
        assert not leaks, f"something personal was let out: {leaks}"


def _walk(rig: Rig, watch: Watch) -> None:
    """A good run, then everything that can go wrong."""
    connector = rig.connect()
    watch.note("repr of the connector", f"{connector!r} {connector}")
    watch.note("repr of the settings", f"{connector.settings!r} {connector.settings}")
    _settings_errors(rig, watch)
    _try(watch, "check", partial(_check, rig))
    for stream in rig.streams():
        _try(watch, f"{stream.name}: a good run", partial(rig.run, stream, Store()))
        _try(watch, f"{stream.name}: fetch", partial(_fetch, rig, stream))
        _try(watch, f"{stream.name}: refused credentials", partial(_refuse, rig, stream))
        for fault in _faults(rig):
            _try(watch, f"{stream.name}: {fault.kind}", partial(_break, rig, stream, fault))
        _damage(rig, watch, stream)


def _try(watch: Watch, where: str, act: Callable[[], Run]) -> None:
    """Do it; keep every error, those of single items too."""
    try:
        run = act()
    except (TokuiError, pytest.skip.Exception) as error:
        watch.error(f"an error ({where})", error)
        return
    for _, bad in run.quarantined:
        watch.refusal(f"an error ({where})", bad)


def _settings_errors(rig: Rig, watch: Watch) -> None:
    settings = type(rig.connect().settings)
    plain = dict(rig.sandbox.settings())
    for broken in ({**plain, damage.UNKNOWN: 1}, *({**plain, name: [[plain]]} for name in plain)):
        try:
            settings.model_validate(broken)
        except ValueError as error:
            watch.error("an error of the settings", error)


def _check(rig: Rig) -> Run:
    connector = rig.connect(settings=rig.sandbox.wrong_settings())
    findings = connector.check() if isinstance(connector, Checkable) else ()
    return Run(quarantined=[({}, TokuiError(repr(findings)))])


def _fetch(rig: Rig, stream: Stream) -> Run:
    run, source = Run(), rig.source()
    for item in source.fetch(stream.name, [*rig.some(stream, 1), rig.sandbox.nobody]):
        parse(source, stream.name, item, run)
    return run


def _refuse(rig: Rig, stream: Stream) -> Run:
    return rig.run(stream, Store(), settings=rig.sandbox.wrong_settings())


def _faults(rig: Rig) -> list[Fault]:
    says = " ".join(rig.sandbox.personal())
    return [
        Fault("refused", says=says),
        *(Fault(kind) for kind in ("limited", "broken", "reset", "truncated", "garbage")),
    ]


def _break(rig: Rig, stream: Stream, fault: Fault) -> Run:
    rig.sandbox.inject(fault, after=1, times=None)
    try:
        return rig.run(stream, Store(), limits=HASTY)
    finally:
        rig.sandbox.heal()


def _damage(rig: Rig, watch: Watch, stream: Stream) -> None:
    for item in rig.items(stream)[:1]:
        for path in damage.paths(item):
            wrong = damage.odd(damage.at(item, path))
            for bad in (damage.without(item, path), damage.replaced(item, path, wrong)):
                _parse(rig, watch, stream, bad)


def _shift_columns(rig: Rig, watch: Watch, personal: Iterable[str]) -> None:
    """A person's name where a number, a date or an id should be."""
    for stream in rig.streams():
        for item in rig.items(stream)[:1]:
            for path in damage.paths(item):
                for text in list(personal)[:1]:
                    _parse(rig, watch, stream, damage.replaced(item, path, text))


def _parse(rig: Rig, watch: Watch, stream: Stream, item: Item) -> None:
    result = rig.parse(stream, item)
    if isinstance(result, Exception):
        watch.refusal(f"an error ({stream.name}: parse)", result)
