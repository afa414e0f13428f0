"""The outbox's transactions: what came of the last calls, and the permission for the next ones."""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import NamedTuple

from tokui.connector import Channel
from tokui.model import moment
from tokui.outreach.judge import Judge
from tokui.outreach.page import OncePerPerson, Page
from tokui.outreach.say import Answer, Denials, strictest
from tokui.outreach.settle import Leased, Result, Settled, interrupted, settle
from tokui.store import parcels, turns
from tokui.store.engine import Store, Transaction
from tokui.store.messages import WAITING, Message, State
from tokui.store.parcels import Box
from tokui.store.tables import SuppressionRow

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
        only: Ids of the messages to send; None means all that are due.
        counts: Messages by what became of them, so far.
        denied: Messages that were not to go out, by rule and reason.
    """

    store: Store
    connection: str
    channel: Channel
    denials: Denials
    rng: Random
    only: Collection[int] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    denied: Counter[tuple[str, str]] = field(default_factory=Counter)

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
        if self._has_loose(until_us):
            self._pack(until_us)
        with self.store.read() as tx:
            boxes = parcels.due(tx, self.connection, until_us, most, self.only)
            found = parcels.members(tx, [box.id for box in boxes])
        return [Candidate(box, found[box.id]) for box in boxes]

    def _has_loose(self, until_us: int) -> bool:
        with self.store.read() as tx:
            return bool(parcels.loose(tx, self.connection, until_us, 1, self.only))

    def _pack(self, until_us: int) -> None:
        with self.store.write() as tx:
            found = parcels.loose(tx, self.connection, until_us, PACKED, self.only)
            parcels.enqueue(tx, found, self.channel.most_addresses, self.rng)

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

    # --- what came of calls --------------------------------------------------------------------

    def _settle(self, tx: Transaction, page: Page, results: Sequence[Result]) -> None:
        ids = [result.leased.box.id for result in results]
        boxes, states = parcels.these(tx, ids), parcels.states(tx, ids)
        dead: dict[str, str | None] = {}
        for result in results:
            box, settled = boxes[result.leased.box.id], self._settled(tx, result)
            is_late = box.state != "leased"
            says_nothing = any(each.sent_at is None for each in settled.turns.values())
            if box.token != result.leased.box.token or (is_late and says_nothing):
                log.warning("an answer came after its parcel was given up")
                continue
            open_ones = LATE if is_late else ("sending",)
            mine = {n: turn for n, turn in settled.turns.items() if states.get(n) in open_ones}
            page.take(settled._replace(turns=mine), step=result.begun)
            points = {each.address: each.point for each in result.leased.members}
            dead |= {points[each.address]: each.reason for each in settled.dead}
        page.write(tx)
        self._suppress(tx, dead)

    def _settled(self, tx: Transaction, result: Result) -> Settled:
        return settle(result, self.channel, tx.now_us, self.rng)

    def _suppress(self, tx: Transaction, dead: Mapping[str, str | None]) -> None:
        """Addresses that do not exist are written to no more."""
        if not dead:
            return
        here_only = self.channel.issuer != "*"
        tx.upsert(
            SuppressionRow,
            [
                (
                    point,
                    self.connection,
                    "all",
                    "bounce",
                    tx.now_us,
                    False,
                    here_only,
                    why,
                    tx.now_us,
                )
                for point, why in dead.items()
            ],
        )
        only = self.connection if here_only else None
        turns.withdraw(tx, list(dead), "suppression", "bounce", connection=only)

    # --- permission ----------------------------------------------------------------------------

    def _lease(
        self, tx: Transaction, page: Page, candidates: Sequence[Candidate]
    ) -> Iterator[Leased]:
        ready = list(_ready(tx, candidates))
        waiting = [each for one in ready for each in one.members if each.state in WAITING]
        now, once = moment(tx.now_us), OncePerPerson(tx, waiting)
        core = self.denials(tx, waiting, now)
        judge = Judge(self.channel.key_lifetime, self.rng)
        for box, members, answer in ready:
            denials = strictest(core, answer)
            aside = once.already(each for each in members if each.id not in denials)
            if aside and box.doubtful:
                continue
            judged = judge.judge(box, members, {**denials, **aside}, now)
            once.goes(judged.go)
            page.judge(judged, now)
            if judged.go:
                yield Leased(box, judged.box, judged.go)

    def _count(self, page: Page) -> None:
        """After the commit."""
        self.counts.update(each.state for each in page.turns.values())
        for said in page.denied.values():
            self.counts["deferred" if said.until or said.held else "refused"] += 1
            self.denied[said.rule, said.reason] += 1


def _ready(tx: Transaction, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those that still wait, as they are now."""
    ids = [each.box.id for each in candidates]
    boxes, found = parcels.these(tx, ids), parcels.members(tx, ids)
    for each in candidates:
        box = boxes[each.box.id]
        if box.state == "waiting" and box.token == each.box.token:
            yield Candidate(box, found[box.id], each.answer)
