"""Reading one connection: its streams, one after the other."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tokui.connector import Stop, Stream
from tokui.errors import (
    AuthError,
    LockedError,
    RetryableError,
    Stopped,
    StoreError,
    TokuiError,
)
from tokui.identity.rules import Trust
from tokui.identity.weigh import DEFAULT, Policy
from tokui.sync.batch import SourceConnector
from tokui.sync.commit import AskMatch, Ledger, RulesOf
from tokui.sync.follow import Hear
from tokui.sync.mirror import MirrorPlan
from tokui.sync.stream import StreamRun
from tokui.sync.thread import ConnectionThread, Shared, opened

log = logging.getLogger(__name__)

LASTING = (AuthError, RetryableError, StoreError, LockedError)
"""What the connection's other streams would meet as well."""


@dataclass(frozen=True, slots=True)
class Plan:
    """
    One connection to read.

    Attributes:
        connection: Its name.
        open: Constructs the connector; called in the connection's thread.
        streams: Only these, in this order; None means all, as the connector lists them.
        rules: What its identifiers are worth; None takes the streams' word.
        takes_back: It can be told what people said elsewhere.
    """

    connection: str
    open: Callable[[Stop], SourceConnector]
    streams: Sequence[str] | None = None
    rules: RulesOf | None = None
    takes_back: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """
    Whom a run asks and tells.

    Attributes:
        trust: Whose word counts in the golden view.
        ask_match: Puts a pair of customers to the hooks; None when no plugin has an opinion.
        followers: Plugin → its `tokui_changed`.
        policy: How much evidence links customers.
        mirrors: Who else keeps points, and is asked for them once everything is read.
    """

    trust: Trust = field(default_factory=Trust)
    ask_match: AskMatch | None = None
    followers: Mapping[str, Hear] = field(default_factory=dict)
    policy: Policy = DEFAULT
    mirrors: Sequence[MirrorPlan] = ()


class Worker(ConnectionThread):
    """Reads a connection's streams."""

    part = "*"
    silence = "no page"

    def __init__(self, plan: Plan, company: Company, shared: Shared) -> None:
        super().__init__("sync", plan.connection, shared)
        self.plan = plan
        self.company = company
        self._stream: StreamRun | None = None

    def work(self) -> None:
        """Read the streams, one after the other."""
        if not self.options.dry_run:
            self.enter()
        with opened(self.plan.open, self.stop) as connector:
            ledger = self._ledger()
            for stream in _chosen(connector.streams(), self.plan.streams):
                one = StreamRun(connector, stream, ledger, self.options, self.stop, self.progress)
                self._stream = one
                if not self._read(stream.name, one):
                    return

    def rescue(self) -> None:
        """Save what the thread had read; where that fails, it is read again."""
        try:
            if self._stream:
                self._stream.gathered.rescue()
        except TokuiError:
            log.warning("could not save the last pages of a connection that hangs")

    def _ledger(self) -> Ledger:
        return Ledger(
            self.store,
            self.connection,
            self.lease,
            self.run_id,
            self.company.ask_match,
            self.plan.rules,
            self.company.policy,
            self.report.streams,
        )

    def _read(self, name: str, stream: StreamRun) -> bool:
        """Read one stream; False when it failed of what can only fail for the others as well."""
        self.stop.check()
        self.stop.moved()
        try:
            stream.run()
        except Stopped:
            self.progress.ended(self.connection, name, "stopped")
            raise
        except Exception as error:
            self.progress.ended(self.connection, name, "failed")
            self.fail(error, name)
            return not isinstance(error, LASTING)
        self.progress.ended(self.connection, name, "done")
        return True


def _chosen(offered: Sequence[Stream], wanted: Sequence[str] | None) -> Sequence[Stream]:
    if wanted is None:
        return offered
    known = {stream.name: stream for stream in offered}
    return [known[name] for name in dict.fromkeys(wanted) if name in known]
