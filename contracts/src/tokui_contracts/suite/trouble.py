"""Checks of bad weather: every answer that a vendor gives on a bad day, injected on the way."""

from contextlib import suppress

import pytest
from tokui.errors import FatalError
from tokui.http import HttpSettings

from tokui_contracts.faults import Fault
from tokui_contracts.suite.engine import Store
from tokui_contracts.suite.rig import Rig, SourceFrame
from tokui_contracts.suite.rigged import HASTY, IMPATIENT

RETRY_AFTER_S = 7
MOST_REQUESTS = 300


class TroubleChecks(SourceFrame):
    """
    A run in bad weather gets everything, or ends with an error that keeps the cursor.

    Either way nothing is lost: the next run goes on from there.
    """

    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param(Fault("limited", RETRY_AFTER_S), id="seconds"),
            pytest.param(Fault("limited", RETRY_AFTER_S, as_date=True), id="date"),
            pytest.param(Fault("limited"), id="unsaid"),
        ],
    )
    def test_rate_limits_are_obeyed(self, rig: Rig, fault: Fault) -> None:
        """
        After a 429 the run waits as long as it was told, and loses nothing.

        How to fix: let `ctx.http` do it. A vendor that says it in the body: `ctx.stop.wait(seconds,
        "why")`, or raise RateLimited.
        """
        for stream in rig.streams():
            rig.waits.waits.clear()
            rig.sandbox.inject(fault, after=1)
            finished = rig.attempt(stream, Store())
            rig.sandbox.heal()
            waited_s = sum(seconds for seconds, _ in rig.waits.waits)
            enough = waited_s >= (fault.retry_after_s or 0) - 2
            assert enough or not finished, f"{stream.name}: waited {waited_s:g} s only"
        if fault.retry_after_s is None:
            _endure(rig, fault)

    def test_server_errors(self, rig: Rig) -> None:
        """
        After a 503 the run goes on, or ends with RetryableError and its cursor.

        How to fix: let the errors of `ctx.http` pass; a status in `allow` is yours to judge.
        """
        _endure(rig, Fault("broken"))

    def test_silence(self, rig: Rig) -> None:
        """
        A server that does not answer ends in RetryableError once the time is up.

        How to fix: do not catch it; no `timeout_s` of more than a minute.
        """
        _endure(rig, Fault("silent"), IMPATIENT)

    def test_broken_connections(self, rig: Rig) -> None:
        """
        A connection that breaks is tried again, or ends in RetryableError.

        How to fix: let the errors of `ctx.http` pass.
        """
        _endure(rig, Fault("reset"))

    def test_truncated_answers(self, rig: Rig) -> None:
        """
        Half an answer is no answer: nothing of it counts, and it is not the end of the stream.

        How to fix: parse whole answers only; let the errors of `ctx.http` pass.
        """
        _endure(rig, Fault("truncated"))

    def test_garbage_answers(self, rig: Rig) -> None:
        """
        A maintenance page with status 200 is not an empty list.

        How to fix: `response.json()` raises Unavailable; read `body["items"]`, not `body.get(…, [])`.
        """
        _endure(rig, Fault("garbage"))

    def test_a_repeated_page_ends(self, rig: Rig) -> None:
        """
        A vendor that gives the same page again and again does not hold the run for ever.

        How to fix: yield what came (the core stops when a page comes again and again), or stop when the next
        page's token is the one that was asked for. Count nothing into the cursor.
        """
        for stream in rig.streams():
            store = Store()
            rig.sandbox.inject(Fault("repeat"), after=1, times=MOST_REQUESTS)
            before = rig.sandbox.requests() or 0
            with suppress(FatalError):
                rig.run(stream, store, limits=HASTY)
            rig.sandbox.heal()
            cost = (rig.sandbox.requests() or 0) - before
            assert cost < MOST_REQUESTS, f"{stream.name}: {cost} requests, and no end"


def _endure(rig: Rig, fault: Fault, limits: HttpSettings = HASTY) -> None:
    """Once at the first request, and for ever from the second on, on every stream."""
    for stream in rig.streams():
        for after, times in ((0, 1), (1, None)):
            store = Store()
            rig.sandbox.inject(fault, after=after, times=times)
            finished = rig.attempt(stream, store, limits=limits)
            lost = rig.missing(stream, store)
            assert not (finished and lost), f"{stream.name}: ended well, without {sorted(lost)}"
            rig.sandbox.heal()
            rig.run(stream, store)
            lost = rig.missing(stream, store)
            assert not lost, f"{stream.name}: the next run lost {sorted(lost)}"
