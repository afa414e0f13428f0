"""The outbox's transactions: what came of the last calls, and the permission for the next ones."""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import NamedTuple

from tokui.connector import Channel, Outcome
from tokui.model import Suppression, moment
from tokui.outreach.judge import Judge
from tokui.outreach.page import Page
from tokui.outreach.progress import Sent
from tokui.outreach.say import Answer, Denials
from tokui.outreach.settle import Leased, Result, Settled, interrupted, settle
from tokui.outreach.withdraw import unreachable
from tokui.store import parcels, suppressions
from tokui.store.engine import Store, Transaction
from tokui.store.messages import WAITING, Message, State
from tokui.store.parcels import Box

log = logging.getLogger(__name__)

PACKED = 2_000
"""Messages that one transaction puts into parcels."""

LATE: tuple[State, ...] = (*WAITING, "unknown")
"""States of messages whose answer came after it was given up."""


class Candidate(NamedTuple):
    """
    A parcel that is due.

    Attributes:
        members: All its messages.
        answer: What the hooks and the channel say of them.
    """

    box: Box
    members: Sequence[Message]
    answer: Answer = MappingProxyType({})


@dataclass(slots=True)
class Outgoing:
    """
    The store as one connection's sending sees it.

    Attributes:
        connection: Its name.
        channel: What sends.
        denials: The core's own rules.
        rng: For keys and jitter.
        sent: What became of messages, so far.
        only: Ids of the messages to send; None means all that are due.
    """

    store: Store
    connection: str
    channel: Channel
    denials: Denials
    rng: Random
    sent: Sent
    only: Collection[int] | None = None

    def recover(self) -> None:
        """Take up what a process that died had in its hands."""
        with self.store.read() as tx:
            if not parcels.stray(tx, self.connection):
                return
        page = Page()
        with self.store.write() as tx:
            left = parcels.stray(tx, self.connection)
            found = parcels.members(tx, [box.id for box in left])
            for box in left:
                members = [each for each in found[box.id] if each.state == "sending"]
                page.take(interrupted(box, members, self.channel, tx.now_us))
            page.write(tx)
        self._count(page)

    def due(self, until_us: int, most: int) -> list[Candidate]:
        """Parcels that are due, with their messages; those without a parcel get one before."""
        with self.store.read() as tx:
            has_loose = bool(parcels.loose(tx, self.connection, until_us, 1, self.only))
            found = [] if has_loose else self._due(tx, until_us, most)
        if has_loose:
            with self.store.write() as tx:
                some = parcels.loose(tx, self.connection, until_us, PACKED, self.only)
                parcels.enqueue(tx, some, self.channel.most_addresses, self.rng)
                found = self._due(tx, until_us, most)
        return found

    def _due(self, tx: Transaction, until_us: int, most: int) -> list[Candidate]:
        boxes = parcels.due(tx, self.connection, until_us, most, self.only)
        found = parcels.members(tx, [box.id for box in boxes])
        return [Candidate(box, found[box.id]) for box in boxes]

    def commit(self, results: Sequence[Result], candidates: Sequence[Candidate]) -> list[Leased]:
        """
        Write what came of calls, and lease the candidates that may still go out.

        Durable. What it returns has the permission of this transaction: call at once, or not at all.
        """
        came, next_ones = Page(), Page()
        with self.store.write() as tx:
            self._settle(tx, came, results)
            leased = list(self._lease(tx, next_ones, candidates)) if candidates else []
            next_ones.write(tx)
        self._count(came)
        self._count(next_ones)
        return leased

    def put_off(self, candidates: Sequence[Candidate], reason: str) -> None:
        """Keep why these wait: no call can be made."""
        page = Page()
        with self.store.write() as tx:
            for each in _ready(tx, candidates):
                page.wait(each.members, reason)
            page.write(tx)
        self._count(page)

    # --- what came of calls --------------------------------------------------------------------

    def _settle(self, tx: Transaction, page: Page, results: Sequence[Result]) -> None:
        now = parcels.now(tx, [result.leased.box.id for result in results])
        dead: list[tuple[Message, Outcome]] = []
        for result in results:
            (box, states), settled = now[result.leased.box.id], self._settled(tx, result)
            is_late = box.state != "leased"
            says_nothing = any(
                each.sent_at is None or each.state in WAITING for each in settled.turns.values()
            )
            if box.token != result.leased.box.token or (is_late and says_nothing):
                log.warning("an answer came after its parcel was given up")
                continue
            open_ones = LATE if is_late else ("sending",)
            mine = {n: turn for n, turn in settled.turns.items() if states.get(n) in open_ones}
            page.take(settled._replace(turns=mine), step=result.begun)
            by_address = {each.address: each for each in result.leased.members}
            dead += [(m, each) for each in settled.dead if (m := by_address.get(each.address))]
        page.write(tx)
        if dead:
            self._suppress(tx, dead)

    def _settled(self, tx: Transaction, result: Result) -> Settled:
        return settle(result, self.channel, tx.now_us, self.rng)

    def _suppress(self, tx: Transaction, dead: Sequence[tuple[Message, Outcome]]) -> None:
        """Addresses that do not exist are written to no more."""
        here_only = self.channel.issuer != "*"
        said = [
            (
                message.point,
                Suppression(
                    external_id=f"message:{message.id}",
                    contact=self.channel.reaches,
                    value=message.address,
                    stops="all",
                    account_only=here_only,
                    reason="bounce",
                    occurred_at=moment(tx.now_us),
                    detail=outcome.reason,
                ),
            )
            for message, outcome in dead
        ]
        suppressions.append(tx, self.connection, said)
        unreachable(tx, {point for point, _ in said})

    # --- permission ----------------------------------------------------------------------------

    def _lease(
        self, tx: Transaction, page: Page, candidates: Sequence[Candidate]
    ) -> Iterator[Leased]:
        ready = list(_ready(tx, candidates))
        open_ones = [
            each
            for one in ready
            for each in one.members
            if each.state in WAITING and each.id not in one.answer
        ]
        now = moment(tx.now_us)
        core = self.denials(tx, open_ones, now)
        judge = Judge(self.channel.key_lifetime, self.rng)
        for box, members, answer in ready:
            judged = judge.judge(box, members, {**core, **answer}, now)
            page.judge(judged, members, now)
            if judged.go:
                yield Leased(box, judged.box, judged.go)

    def _count(self, page: Page) -> None:
        """After the commit."""
        states = [each.state for each in page.turns.values()]
        self.sent.counts.update(states)
        self.sent.put_off += sum(state in WAITING for state in states)
        self.sent.count_denied((*page.denied.values(), *page.held_on.values()))


def _ready(tx: Transaction, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those that wait as they did, with their messages as they are now."""
    now = parcels.now(tx, [each.box.id for each in candidates])
    for each in candidates:
        box, states = now[each.box.id]
        if box == each.box and box.state == "waiting":
            members = [m._replace(state=states[m.id]) for m in each.members if m.id in states]
            yield each._replace(members=members)
