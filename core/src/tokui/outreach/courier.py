"""One connection's part of an outbox run, in a daemon thread of its own."""

import threading
import time
from dataclasses import dataclass
from random import Random

from tokui.errors import PluginError, StoreError, TokuiError
from tokui.failpoint import failpoint
from tokui.model import moment
from tokui.outreach.brake import Brake
from tokui.outreach.calls import Calls, Steady
from tokui.outreach.commit import Candidate, Outgoing
from tokui.outreach.contents import Contents
from tokui.outreach.plan import ChannelConnector, Options, Plan
from tokui.outreach.progress import Progress, Sent
from tokui.outreach.say import Answer, Say
from tokui.outreach.settle import Result, reason_of
from tokui.store.engine import Store
from tokui.store.messages import WAITING

TICK_S, POLL_S, RECOVER_S = 0.25, 1.0, 15.0
AHEAD = 4
"""Turns for which parcels are read together; their permission is asked for when it is their turn."""

STORE_TRIES, STORE_PAUSE_S = 5, 1.0
"""So often a run that is to end tries to write what it knows."""


class Courier(threading.Thread):
    """
    One connection's part of a run.

    Attributes:
        sent: How it goes.
    """

    def __init__(
        self,
        store: Store,
        plan: Plan,
        say: Say,
        options: Options,
        progress: Progress,
        rng: Random,
    ) -> None:
        super().__init__(name=f"send-{plan.connection}", daemon=True)
        self.store = store
        self.plan = plan
        self.say = say
        self.options = options
        self.progress = progress
        self.sent = Sent(plan.connection)
        self._rng = rng
        self._brake = Brake(plan.rate_per_s, rng, patient=not options.once)
        self._until_us = store.now_us() if options.once else None
        self._halted = threading.Event()
        self._results: list[Result] = []
        self._ahead: list[Candidate] = []
        self._recovered_at = -RECOVER_S
        self._failures = 0
        self._moved = True

    def halt(self) -> None:
        """Begin no call any more; those under way are finished."""
        self._halted.set()

    def run(self) -> None:
        """Send; every error ends up in the report."""
        began = time.monotonic()
        try:
            channel = self.plan.open(Steady())
            try:
                self._send(channel)
            finally:
                channel.close()
                channel.ctx.http.close()
        except BaseException as error:  # a plugin's sys.exit() must not pass for success
            self._fail(error)
        finally:
            self._end(time.monotonic() - began)

    def _send(self, channel: ChannelConnector) -> None:
        """One transaction after the other, until nothing is left to do and no call is under way."""
        trip = _Trip(
            Outgoing(
                self.store,
                self.plan.connection,
                channel,
                self.say.denials,
                self._rng,
                self.sent,
                self.options.only,
            ),
            Calls(channel, self.store.now_us),
            Contents(channel),
        )
        while self._goes_on(trip):
            came = trip.calls.finished(TICK_S if trip.calls.under_way else 0)
            self._brake.hear(came)
            self._results += came
            self._step(trip)
        trip.calls.close()

    def _step(self, trip: "_Trip") -> None:
        """Write what came, and let go what may; what is known is not lost for an error."""
        try:
            self._moved = self._commit(trip)
            self._failures = 0
        except StoreError:
            self._failures += 1
            if self._failures >= STORE_TRIES and (self._is_closing or self.options.once):
                raise
            time.sleep(STORE_PAUSE_S)
        except Exception as error:
            if self.sent.error:
                raise
            self._fail(error)

    def _commit(self, trip: "_Trip") -> bool:
        if time.monotonic() - self._recovered_at >= RECOVER_S:
            trip.outgoing.recover()
            self._recovered_at = time.monotonic()
        candidates = self._candidates(trip)
        if not (self._results or candidates):
            return False
        leased = trip.outgoing.commit(self._results, candidates)
        at_us = self.store.now_us()
        if self._results:
            failpoint("outbox.written")
        self._results = []
        if leased:
            failpoint("outbox.leased")
        for each in leased:
            trip.calls.begin(each, trip.contents.parcel(each), at_us)
        self._brake.begun(len(leased))
        self.progress.moved(self.plan.connection, self.sent.counts)
        return True

    def _candidates(self, trip: "_Trip") -> list[Candidate]:
        """Parcels that are due, as many as there is room for, with what the plugins say of them."""
        room = 0 if self._is_closing else self._brake.room(trip.room)
        if room and not self._ahead:
            until_us = self.store.now_us() if self._until_us is None else self._until_us
            self._ahead = trip.outgoing.due(until_us, AHEAD * trip.outgoing.channel.at_once)
        some, self._ahead = self._ahead[:room], self._ahead[room:]
        if not (some and self._is_ready(trip, some)):
            return []
        return [each._replace(answer=self._answer(trip, each)) for each in some]

    def _is_ready(self, trip: "_Trip", candidates: list[Candidate]) -> bool:
        try:
            trip.outgoing.channel.ready()
        except TokuiError as error:
            self._brake.refused(error)
            trip.outgoing.put_off(candidates, reason_of(error))
            return False
        return True

    def _answer(self, trip: "_Trip", candidate: Candidate) -> Answer:
        waiting = [each for each in candidate.members if each.state in WAITING]
        objection = trip.contents.objection(waiting[0]) if waiting else None
        if objection:
            return dict.fromkeys((each.id for each in waiting), objection)
        return self.say.heard(waiting, moment(self.store.now_us()))

    # --- when it ends --------------------------------------------------------------------------

    @property
    def _is_closing(self) -> bool:
        return self._halted.is_set() or self._brake.over or self.sent.error is not None

    def _goes_on(self, trip: "_Trip") -> bool:
        """After each step: is there more to do? Waits where nothing is to be done now."""
        if self._moved or self._results or trip.calls.under_way:
            return True
        wait_s = self._brake.wait_s
        if self._is_closing or (self.options.once and not wait_s):
            return False
        if wait_s > 1:
            self.progress.waiting(self.plan.connection, wait_s, str(self._brake.error or "rate"))
        self._halted.wait(wait_s or POLL_S)
        return True

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, TokuiError):
            what = f"failed ({reason_of(error)})"
            error = PluginError(what, todo="report it to the plugin's author")
        error.who = error.who or self.plan.connection
        self.sent.error = self.sent.error or error

    def _end(self, seconds: float) -> None:
        if self._brake.error:
            self._fail(self._brake.error)
        self.sent.seconds = seconds
        over = "stopped" if self._halted.is_set() else "done"
        self.sent.state = "failed" if self.sent.error else over
        self.progress.ended(self.plan.connection, self.sent.state)


@dataclass(frozen=True, slots=True)
class _Trip:
    """What a connection sends with."""

    outgoing: Outgoing
    calls: Calls
    contents: Contents

    @property
    def room(self) -> int:
        return self.outgoing.channel.at_once - self.calls.under_way
